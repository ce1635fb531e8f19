// SPDX-License-Identifier: GPL-2.0
/*
 * procfuzz SEED ROUNDS: writes texts of all sizes to /proc/l2packet_counter, many of
 * them similar to "reset", reads any size at any offset, and writes to the module's
 * parameters. The result of each operation is known in advance. Prints a line on the
 * operations. Exits with status 0 when all results were as expected.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define PROC		"/proc/l2packet_counter"
#define PARAMETERS	"/sys/module/l2packet_counter/parameters/"

static uint64_t state;
static unsigned long resets, refused, reads, parameters;

static uint32_t below(uint32_t bound)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return bound ? (state >> 11) % bound : 0;
}

static void die(const char *what, const void *text, size_t size, long got, int error)
{
	const unsigned char *at = text;
	size_t i;

	printf("procfuzz: %s: %ld (%s); %zu bytes:", what, got,
	       got < 0 ? strerror(error) : "no error", size);
	for (i = 0; at && i < size && i < 64; i++)
		printf(" %02x", at[i]);
	printf("\n");
	exit(1);
}

static int file(const char *path, int flags)
{
	int fd = open(path, flags);

	if (fd < 0) {
		fprintf(stderr, "procfuzz: %s: %s\n", path, strerror(errno));
		exit(2);
	}
	return fd;
}

static size_t text_make(char *text)
{
	static const char *const words[] = {
		"reset", "reset\n", "Reset", "reset ", " reset", "reset\n\n", "reset\r",
		"resetreset", "rese", "reset\0", "tteser", "1", "0", "", "\n", "%s%n",
	};
	size_t size, i;

	switch (below(4)) {
	case 0:
		size = below(below(2) ? 16 : 8192);
		for (i = 0; i < size; i++)
			text[i] = below(256);
		return size;
	case 1:
		/* Replace one byte of "reset", and remove or add some. */
		memcpy(text, "reset\n\0", 7);
		text[below(7)] = below(256);
		return 4 + below(4);
	case 2:
		i = below(sizeof(words) / sizeof(*words));
		strcpy(text, words[i]);
		return strlen(words[i]) + !below(8);
	default:
		size = below(8192);
		memset(text, 0, size);
		memcpy(text, "reset\n", 6);
		return size;
	}
}

static bool is_reset(const char *text, size_t size)
{
	return (size == 5 && !memcmp(text, "reset", 5)) ||
	       (size == 6 && !memcmp(text, "reset\n", 6));
}

static void do_write(int fd)
{
	static char text[8192 + 16];
	size_t size = text_make(text);
	struct iovec halves[2];
	ssize_t n, want = 0;

	switch (below(4)) {
	case 0:
		/* pwrite() fails at any offset. */
		n = pwrite(fd, text, size, below(100));
		if (n >= 0 || errno != ESPIPE)
			die("pwrite", text, size, n, errno);
		refused++;
		return;
	case 1:
		/* The kernel handles the two pieces as two writes. */
		halves[0] = (struct iovec){ text, size / 2 };
		halves[1] = (struct iovec){ text + size / 2, size - size / 2 };
		n = writev(fd, halves, 2);
		if (!halves[0].iov_len || is_reset(text, size / 2)) {
			want = size / 2;
			if (is_reset(text + want, size - want))
				want = size;
		}
		break;
	default:
		n = write(fd, text, size);
		want = is_reset(text, size) ? size : 0;
	}
	if (want ? n != want : n > 0 || (n < 0 && errno != EINVAL) || (!n && size))
		die(want ? "a reset failed" : "a write other than reset succeeded",
		    text, size, n, errno);
	if (want)
		resets++;
	else
		refused++;
}

static void do_bad_pointer(int fd)
{
	/* An address in the kernel: x86's direct map. */
	const unsigned long kernel = sizeof(long) == 8 ? 0xffff888000000000ULL :
							 0xc0000000;
	void *volatile nowhere = (void *)(below(2) ? 16 : kernel);
	ssize_t n = write(fd, nowhere, below(9));

	if (n > 0 || (n < 0 && errno != EFAULT && errno != EINVAL))
		die("a write from an invalid address", NULL, 0, n, errno);
	n = read(fd, nowhere, 1 + below(5000));
	/* At the end of the file nothing is copied, so the read returns 0. */
	if (n > 0 || (n < 0 && errno != EFAULT))
		die("a read to an invalid address", NULL, 0, n, errno);
	refused++;
}

/* Read the file in pieces; check the header, the rows, and their sum. */
static void do_read(int fd)
{
	static char text[1 << 18];
	unsigned long long total, sum = 0, count;
	size_t size = 0;
	ssize_t n;
	char *at;

	if (!below(4)) {
		/* At any offset: the read returns at most the requested size. */
		size = below(5000);
		n = pread(fd, text, size, below(2) ? below(10000) :
			  (off_t)below(1U << 31) << below(31));
		if (n > (ssize_t)size || (n < 0 && errno != EINVAL))
			die("a read at an offset", NULL, 0, n, errno);
		return;
	}
	if (lseek(fd, 0, SEEK_SET))
		die("lseek", NULL, 0, -1, errno);
	while ((n = read(fd, text + size, 1 + below(below(2) ? 20 : 6000))) > 0)
		if ((size += n) > sizeof(text) - 6001)
			die("the file has no end", NULL, 0, size, 0);
	if (n < 0)
		die("a read", NULL, 0, n, errno);
	text[size] = 0;
	/* Check the first port only. */
	if (sscanf(text, "Interface: %*s\nTotal packets: %llu\n", &total) != 1 ||
	    !(at = strstr(text, "------------ ------------\n")))
		die("no valid header", text, size, 0, 0);
	for (at = strchr(at, '\n') + 1; sscanf(at, "%*17[0-9a-f:()untracked] %llu", &count) == 1;
	     at = strchr(at, '\n') + 1)
		sum += count;
	if (sum != total)
		die("the total is not the sum of the rows", text, size, sum - total, 0);
	reads++;
}

/* Write to a parameter, which must accept only numbers within its limits. */
static void do_parameter(void)
{
	static const struct {
		const char *path;
		unsigned long least, most;
	} all[] = {
		{ PARAMETERS "reset_interval", 0, 31536000 },
		{ PARAMETERS "max_stations", 1, 16777216 },
		{ PARAMETERS "station_timeout", 0, 31536000 },
	};
	unsigned int which = below(3);
	char text[64] = {}, after[64] = {};
	unsigned long value = 0;
	size_t size, i;
	ssize_t n;
	bool right;
	int fd;

	right = below(2);
	if (right) {
		/* Close to the maximum, so that no interval ends during the test. */
		value = all[which].most - below(1000);
		size = sprintf(text, below(2) ? "%lu\n" : "%lu", value);
	} else if (below(2)) {
		value = all[which].most + 1 + below(1000);
		if (all[which].least && below(2))
			value = all[which].least - 1;
		size = sprintf(text, "%lu", value);
	} else {
		size = 1 + below(60);
		for (i = 0; i < size; i++)
			text[i] = "0xX-+ 9\nabz:"[below(12)];
		text[0] = '-';	/* not a valid number */
	}
	fd = file(all[which].path, O_RDWR);
	n = write(fd, text, size);
	if (right ? n != (ssize_t)size : n >= 0 || errno != EINVAL)
		die(all[which].path, text, size, n, errno);
	if (right && (pread(fd, after, sizeof(after) - 1, 0) <= 0 ||
		      strtoul(after, NULL, 10) != value))
		die("the parameter differs from the written value", after, size, value, 0);
	close(fd);
	parameters++;
}

int main(int argc, char **argv)
{
	unsigned long round, rounds;
	int fd;

	if (argc < 3) {
		fprintf(stderr, "usage: procfuzz SEED ROUNDS\n");
		return 2;
	}
	state = 0x9e3779b97f4a7c15ULL * (strtoul(argv[1], NULL, 0) + 1) | 1;
	rounds = strtoul(argv[2], NULL, 0);
	fd = file(PROC, O_RDWR);
	for (round = 0; round < rounds; round++) {
		switch (below(16)) {
		case 0:
			close(fd);
			fd = file(PROC, O_RDWR);
			break;
		case 1 ... 3:
			do_read(fd);
			break;
		case 4:
			do_parameter();
			break;
		case 5:
			do_bad_pointer(fd);
			break;
		default:
			do_write(fd);
		}
	}
	close(fd);
	printf("procfuzz: seed %s: %lu rounds: %lu resets, %lu refused, %lu reads, %lu parameters\n",
	       argv[1], rounds, resets, refused, reads, parameters);
	return 0;
}
