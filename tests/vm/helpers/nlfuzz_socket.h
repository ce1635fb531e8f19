/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nlfuzz's sockets: of the family l2pc, or of l2pc run.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef NLFUZZ_SOCKET_H
#define NLFUZZ_SOCKET_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "genl.h"

/* Connect to l2pc run. A reply that takes a minute is missing. */
static int run_socket(void)
{
	const struct timeval minute = { .tv_sec = 60 };
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "\0l2pc" };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(sa_family_t) + 5))
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &minute, sizeof(minute));
	return fd;
}

/* Open the socket of l2pc run, or of the family. */
static int fd_open(bool run)
{
	int fd = run ? run_socket() : genl_socket();

	if (fd < 0) {
		perror("nlfuzz: socket");
		exit(2);
	}
	return fd;
}

#endif /* NLFUZZ_SOCKET_H */
