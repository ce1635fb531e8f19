// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel for tests: what goes to a socket is not always taken.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

ssize_t __real_send(int fd, const void *bytes, size_t size, int flags);
ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags);

/*
 * L2PC_SEND="EVERY FIRST LAST ERROR": of every EVERY messages those from FIRST to LAST,
 * counted from 0, come to nothing, and errno is ERROR.
 */
ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags)
{
	static unsigned int sent;
	const char *text = getenv("L2PC_SEND");
	unsigned int every, first, last, turn;
	int error;

	if (text && sscanf(text, "%u %u %u %d", &every, &first, &last, &error) == 4 && every) {
		turn = sent++ % every;
		if (turn >= first && turn <= last) {
			errno = error;
			return -1;
		}
	}
	return __real_send(fd, bytes, size, flags);
}
