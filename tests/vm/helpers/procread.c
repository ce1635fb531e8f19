// SPDX-License-Identifier: GPL-2.0
/*
 * Reads /proc/l2packet_counter repeatedly until a file exists, and checks every
 * read: the frozen format byte by byte, the busiest station first, and a total
 * that is the sum of the rows.
 * Copyright (C) the l2packet_counter authors
 *
 * usage: procread [-p] [-m] STOPFILE
 *   -p  read the output of `l2pc show --proc` instead
 *   -m  also check that the total never decreases (not to be used with resets)
 * Prints the number of reads. Exits with status 1 and the reason at the first bad read.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROC "/proc/l2packet_counter"

static char *text;
static size_t size, room;

static void make_room(void)
{
	if (size + 65536 <= room)
		return;
	room = 2 * room + 131072;
	text = realloc(text, room);
	if (!text) {
		perror("procread");
		exit(2);
	}
}

static void slurp_file(void)
{
	int fd = open(PROC, O_RDONLY);
	ssize_t got = fd < 0 ? -1 : 1;

	for (size = 0; got > 0; size += got > 0 ? got : 0) {
		make_room();
		got = pread(fd, text + size, 65535, size);
	}
	if (got < 0) {
		perror(PROC);
		exit(1);
	}
	close(fd);
	text[size] = '\0';
}

static void slurp_program(void)
{
	FILE *pipe = popen("l2pc show --proc", "r");
	size_t got = 1;

	for (size = 0; pipe && got; size += got) {
		make_room();
		got = fread(text + size, 1, 65535, pipe);
	}
	if (!pipe || pclose(pipe)) {
		printf("bad read: l2pc show --proc failed\n");
		exit(1);
	}
	text[size] = '\0';
}

static void bad(const char *why, const char *at)
{
	printf("bad read: %s: '%.*s'\n", why, (int)strcspn(at, "\n"), at);
	exit(1);
}

static const char *line(const char *at, const char *want)
{
	size_t length = strlen(want);

	if (strncmp(at, want, length))
		bad("not the frozen format", at);
	return at + length;
}

/* Check one port's block; return the start of the next. */
static const char *block(const char *at, uint64_t *total)
{
	uint64_t sum = 0, before = UINT64_MAX, count;
	char again[80];
	char *end;

	at = line(at, "Interface: ");
	at += strcspn(at, "\n");
	at = line(at, "\nTotal packets: ");
	*total = strtoull(at, &end, 10);
	at = line(end, "\nMAC Address Statistics:\n"
		  "MAC Address        Packet Count\n"
		  "------------------ ------------\n");
	while (*at && *at != '\n') {
		const char *number = at + 17;

		if (strcspn(at, "\n") < 30)
			bad("short row", at);
		count = strtoull(number, &end, 10);
		snprintf(again, sizeof(again), "%.17s %12" PRIu64 "\n", at, count);
		if (strncmp(at, again, strlen(again)))
			bad("not the frozen format", at);
		if (strncmp(at, "(untracked)      ", 17)) {
			if (count > before)
				bad("not busiest first", at);
			before = count;
		}
		if (!count)
			bad("row without frames", at);
		sum += count;
		at = end + 1;
	}
	if (sum != *total) {
		printf("bad read: total %" PRIu64 ", sum of rows %" PRIu64 "\n",
		       *total, sum);
		exit(1);
	}
	return at;
}

int main(int argc, char **argv)
{
	int program = argc > 2 && !strcmp(argv[1], "-p");
	int monotonic = argc > 2 + program && !strcmp(argv[1 + program], "-m");
	const char *stop = argv[argc - 1];
	uint64_t total, all, before = 0;
	unsigned long reads = 0;
	int last;

	if (argc != 2 + program + monotonic) {
		fprintf(stderr, "usage: procread [-p] [-m] STOPFILE\n");
		return 2;
	}
	do {
		const char *at;

		/* The last read starts after the stop file exists, so it has all counts. */
		last = !access(stop, F_OK);
		if (program)
			slurp_program();
		else
			slurp_file();
		all = 0;
		for (at = text; *at; at += *at == '\n') {
			at = block(at, &total);
			all += total;
		}
		if (monotonic && all < before) {
			printf("bad read: the total decreased from %" PRIu64
			       " to %" PRIu64 "\n", before, all);
			return 1;
		}
		before = all;
		reads++;
	} while (!last);
	printf("%lu reads\n", reads);
	return 0;
}
