// SPDX-License-Identifier: GPL-2.0
/*
 * IPFIX: the UDP socket.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "ipfix/ipfix.h"
#include "util/value.h"
#include "util/errors.h"

/* The size that RFC 7011 prescribes for an unknown path. */
#define MESSAGE_MIN	512

#define HEADERS_4	28
#define HEADERS_6	48

/* While the kernel has no room: attempts, and the pause between them. */
#define ATTEMPTS	5
#define PAUSE_NS	10000000

static int connected(const struct addrinfo *all)
{
	int fd = -1, error = 0;

	for (const struct addrinfo *info = all; info && fd < 0; info = info->ai_next) {
		fd = socket(info->ai_family, info->ai_socktype | SOCK_CLOEXEC, 0);
		if (fd >= 0 && connect(fd, info->ai_addr, info->ai_addrlen) == 0)
			break;
		error = errno;
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	errno = error;
	return fd;
}

/* Report ICMP errors, and that the device's queue had no room. */
static void errors_enable(int fd)
{
	int on = 1;

	setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on));
	setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof(on));
}

int ipfix_connect(const char *address, int *fd, char *where, size_t size)
{
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM }, *all = NULL;
	struct sockaddr_storage peer;
	socklen_t length = sizeof(peer);
	const char *port;
	char host[256];
	int error;

	if (!address_split(address, host, sizeof(host), &port) || !host[0] ||
	    strspn(port, "0") == strlen(port))
		return usage_error("invalid address to send to \"%s\" (HOST:PORT or [HOST]:PORT)", address);
	error = getaddrinfo(host, port, &hints, &all);
	if (error)
		return usage_error("cannot send to %s: %s", address, gai_strerror(error));
	*fd = connected(all);
	error = errno;
	freeaddrinfo(all);
	if (*fd < 0)
		return usage_error("cannot send to %s: %s", address, strerror(error));
	errors_enable(*fd);
	getpeername(*fd, (struct sockaddr *)&peer, &length);
	address_text((struct sockaddr *)&peer, length, where, size);
	return STATUS_DONE;
}

size_t ipfix_limit(int fd)
{
	struct sockaddr_storage peer = { 0 };
	socklen_t length = sizeof(peer), size = sizeof(int);
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&peer;
	int mtu = 0, headers, failed;

	getpeername(fd, (struct sockaddr *)&peer, &length);
	/* An IPv4-mapped address has the smaller headers of IPv4. */
	if (peer.ss_family == AF_INET6 && !IN6_IS_ADDR_V4MAPPED(&six->sin6_addr)) {
		headers = HEADERS_6;
		failed = getsockopt(fd, IPPROTO_IPV6, IPV6_MTU, &mtu, &size);
	} else {
		headers = HEADERS_4;
		failed = getsockopt(fd, IPPROTO_IP, IP_MTU, &mtu, &size);
	}
	if (failed)
		return MESSAGE_MIN;
	if (mtu - headers < MESSAGE_MIN)
		return MESSAGE_MIN;
	return mtu - headers < IPFIX_MESSAGE_MAX ? (size_t)(mtu - headers) : IPFIX_MESSAGE_MAX;
}

static void count(struct ipfix_counts *counts, int error)
{
	if (error == ECONNREFUSED)
		counts->refused++;
	else if (error == ENOBUFS || error == EAGAIN || error == ENOMEM)
		counts->no_buffers++;
	else
		counts->failed++;
}

bool ipfix_trouble(int fd, int wait, struct ipfix_counts *counts)
{
	struct pollfd poll_for = { .fd = fd };
	socklen_t size = sizeof(int);
	int error = 0;
	char byte;

	if (wait)
		poll(&poll_for, 1, wait);
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
	/* The queue also has the messages that the errors are about. */
	while (recv(fd, &byte, 1, MSG_ERRQUEUE | MSG_DONTWAIT | MSG_TRUNC) >= 0)
		;
	if (error)
		count(counts, error);
	return error;
}

bool ipfix_send(int fd, const struct ipfix_message *message, struct ipfix_counts *counts)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };

	for (int attempt = 1; send(fd, message->bytes, message->size, 0) < 0; attempt++) {
		int error = errno;

		count(counts, error);
		if ((error != ENOBUFS && error != EAGAIN && error != ENOMEM) || attempt == ATTEMPTS)
			return false;
		nanosleep(&pause, NULL);
	}
	counts->messages++;
	counts->records += message->records;
	counts->bytes += message->size;
	return true;
}
