// SPDX-License-Identifier: GPL-2.0
/*
 * Where to listen.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "export/export.h"
#include "util/address.h"
#include "util/errors.h"

#define BACKLOG	1024

static int bound_to(const struct addrinfo *info)
{
	int fd = socket(info->ai_family, info->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int on = 1, off = 0;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	/* All addresses are those of IPv4 too. */
	if (info->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	if (bind(fd, info->ai_addr, info->ai_addrlen) || listen(fd, BACKLOG)) {
		int error = errno;

		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

/* The first of a family that can be had. */
static int bound(const struct addrinfo *all, int family)
{
	int fd = -1;

	for (const struct addrinfo *info = all; info && fd < 0; info = info->ai_next)
		if (family == AF_UNSPEC || info->ai_family == family)
			fd = bound_to(info);
	return fd;
}

/* The port may have been 0, which is any that is free. */
static void describe(int fd, char *where, size_t size)
{
	struct sockaddr_storage address;
	socklen_t length = sizeof(address);

	getsockname(fd, (struct sockaddr *)&address, &length);
	address_text((struct sockaddr *)&address, length, where, size);
}

int export_listen(const char *address, int *socket, char *where, size_t size)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE }, *all = NULL;
	const char *port;
	char host[256];
	int error;

	if (!address_split(address, host, sizeof(host), &port))
		return usage_error("\"%s\" is no address to listen at: HOST:PORT, [HOST]:PORT or :PORT",
				   address);
	error = getaddrinfo(host[0] ? host : NULL, port, &hints, &all);
	if (error)
		return usage_error("cannot listen at %s: %s", address, gai_strerror(error));
	/* Without a host IPv6's is better, which takes IPv4 too. */
	errno = 0;
	*socket = host[0] ? -1 : bound(all, AF_INET6);
	if (*socket < 0 && errno != EADDRINUSE && errno != EACCES)
		*socket = bound(all, AF_UNSPEC);
	error = errno;
	freeaddrinfo(all);
	if (*socket < 0)
		return usage_error("cannot listen at %s: %s", address, strerror(error));
	describe(*socket, where, size);
	return STATUS_DONE;
}
