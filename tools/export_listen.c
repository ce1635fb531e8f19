// SPDX-License-Identifier: GPL-2.0
/*
 * Where to listen.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "complain.h"
#include "export.h"

#define BACKLOG	1024

/* "HOST:PORT" in two; a HOST with colons stands in brackets. */
static bool split(const char *address, char *host, size_t size, const char **port)
{
	const char *colon = strrchr(address, ':'), *begin = address, *end = colon, *p;
	unsigned int number = 0;

	if (!colon)
		return false;
	if (*address == '[') {
		if (colon < address + 2 || colon[-1] != ']')
			return false;
		begin++;
		end--;
	} else if (memchr(address, ':', (size_t)(colon - address))) {
		return false;
	}
	if ((size_t)(end - begin) >= size || (begin != address && begin == end))
		return false;
	memcpy(host, begin, (size_t)(end - begin));
	host[end - begin] = 0;
	*port = p = colon + 1;
	for (; *p >= '0' && *p <= '9' && number <= 65535; p++)
		number = 10 * number + (unsigned int)(*p - '0');
	return p != *port && !*p && number <= 65535;
}

static int bound(const struct addrinfo *info)
{
	int fd = socket(info->ai_family, info->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, info->ai_addr, info->ai_addrlen) || listen(fd, BACKLOG)) {
		int error = errno;

		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

/* The port may have been 0, which is any that is free. */
static void describe(int fd, char *where, size_t size)
{
	char host[NI_MAXHOST] = "", port[NI_MAXSERV] = "";
	struct sockaddr_storage address;
	socklen_t length = sizeof(address);

	getsockname(fd, (struct sockaddr *)&address, &length);
	getnameinfo((struct sockaddr *)&address, length, host, sizeof(host), port, sizeof(port),
		    NI_NUMERICHOST | NI_NUMERICSERV);
	snprintf(where, size, strchr(host, ':') ? "[%s]:%s" : "%s:%s", host, port);
}

int export_listen(const char *address, int *socket, char *where, size_t size)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE }, *all = NULL;
	const char *port;
	char host[256];
	int error;

	if (!split(address, host, sizeof(host), &port))
		return usage_error("\"%s\" is no address to listen at: HOST:PORT, [HOST]:PORT or :PORT",
				   address);
	error = getaddrinfo(host[0] ? host : NULL, port, &hints, &all);
	if (error)
		return usage_error("cannot listen at %s: %s", address, gai_strerror(error));
	*socket = bound(all);
	error = errno;
	freeaddrinfo(all);
	if (*socket < 0)
		return usage_error("cannot listen at %s: %s", address, strerror(error));
	describe(*socket, where, size);
	return STATUS_DONE;
}
