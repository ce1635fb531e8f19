// SPDX-License-Identifier: GPL-2.0
/*
 * Locking a file that is replaced.
 * Copyright (C) the l2packet_counter authors
 */
#define _GNU_SOURCE	/* asprintf */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "util/errors.h"
#include "util/lock.h"
#include "util/replace.h"

#define TRIES_A_SECOND	20

static int lock_open(const char *name)
{
	char *target = replace_target(name), *path;
	struct stat st;
	int fd;

	/* The file itself cannot be it: it is another one after each change. */
	if (asprintf(&path, "%s.lock", target) < 0)
		out_of_memory();
	/* No link: what it leads to would get another mode. */
	fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	free(path);
	free(target);
	if (fd < 0)
		return -errno;
	/* Who can open it can keep it locked, and need not be able to write for that. */
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_mode & 077)
		fchmod(fd, 0600);
	return fd;
}

int lock_acquire(const char *name)
{
	const struct timespec pause = { .tv_nsec = 1000000000 / TRIES_A_SECOND };
	int fd = lock_open(name), error;

	if (fd < 0)
		return fd;
	for (int i = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; i++) {
		error = errno == EWOULDBLOCK ? -EBUSY : -errno;
		if (error != -EBUSY || i == LOCK_SECONDS * TRIES_A_SECOND) {
			close(fd);
			return error;
		}
		nanosleep(&pause, NULL);
	}
	return fd;
}

void lock_print_busy(const char *name, const char *verb)
{
	error_print(
		"%s: another l2pc %s is running, for more than %d seconds; try again when it has ended",
		name, verb, LOCK_SECONDS);
}
