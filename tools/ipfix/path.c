// SPDX-License-Identifier: GPL-2.0
/*
 * IPFIX: the way to the collector: its name, the socket, the size of messages.
 * Copyright (C) the l2packet_counter authors
 *
 * A connected socket keeps the address that this machine had when it was connected. When
 * that is gone (DHCP, PPPoE, failover), each message fails, for ever.
 */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ipfix/ipfix.h"
#include "util/clock.h"

/*
 * Defaults: IPv4 passes through most tunnels, and routers may fragment the rest; each path
 * of IPv6 takes packets of 1,280 bytes.
 */
#define SIZE_4		1400
#define SIZE_6		1232

#define HEADERS_4	28
#define HEADERS_6	48

/*
 * The name is looked up so often, and after an error: a resolver that does not answer
 * takes seconds.
 */
#define LOOKUP_NS	(600 * SECOND)
#define LOOKUP_FAILED_NS (20 * SECOND)

/*
 * Let routers fragment: where their ICMP errors are filtered, messages that are larger than
 * the path's MTU would be lost without a sign. Report ICMP errors, and that the device's
 * queue had no room.
 */
static void socket_prepare(int fd)
{
	int on = 1, four = IP_PMTUDISC_DONT, six = IPV6_PMTUDISC_DONT;

	setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on));
	setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof(on));
	setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &four, sizeof(four));
	setsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &six, sizeof(six));
}

static int socket_to(const struct sockaddr *address, socklen_t length)
{
	int fd = socket(address->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0), error;

	if (fd < 0 || connect(fd, address, length) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

static int connected(const struct addrinfo *all)
{
	int fd = -1;

	for (const struct addrinfo *info = all; info && fd < 0; info = info->ai_next)
		fd = socket_to(info->ai_addr, info->ai_addrlen);
	if (fd >= 0)
		socket_prepare(fd);
	return fd;
}

/* Compare addresses, without ports. */
static bool host_equal(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
	const struct sockaddr_in *a4 = (const struct sockaddr_in *)a;
	const struct sockaddr_in *b4 = (const struct sockaddr_in *)b;
	const struct sockaddr_in6 *a6 = (const struct sockaddr_in6 *)a;
	const struct sockaddr_in6 *b6 = (const struct sockaddr_in6 *)b;

	if (a->ss_family != b->ss_family)
		return false;
	if (a->ss_family == AF_INET6)
		return IN6_ARE_ADDR_EQUAL(&a6->sin6_addr, &b6->sin6_addr) &&
		       a6->sin6_scope_id == b6->sin6_scope_id;
	return a4->sin_addr.s_addr == b4->sin_addr.s_addr;
}

/* Use this socket from now on. */
static void path_set(struct ipfix_path *path, int fd)
{
	if (path->fd >= 0)
		close(path->fd);
	path->fd = fd;
	path->peer_size = sizeof(path->peer);
	getpeername(fd, (struct sockaddr *)&path->peer, &path->peer_size);
	address_text((struct sockaddr *)&path->peer, path->peer_size, path->where,
		     sizeof(path->where));
}

static int path_resolve(struct ipfix_path *path, struct addrinfo **all)
{
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM };

	path->looked_up = clock_monotonic();
	return getaddrinfo(path->host, path->port, &hints, all);
}

int ipfix_path_open(struct ipfix_path *path, const char *address)
{
	struct addrinfo *all = NULL;
	int error, fd;

	path->fd = -1;
	if (!address_split(address, path->host, sizeof(path->host), &path->port) ||
	    !path->host[0] || strspn(path->port, "0") == strlen(path->port))
		return usage_error("invalid address to send to \"%s\" (HOST:PORT or [HOST]:PORT)", address);
	error = path_resolve(path, &all);
	if (error)
		return usage_error("cannot send to %s: %s", address, gai_strerror(error));
	fd = connected(all);
	error = errno;
	freeaddrinfo(all);
	if (fd < 0)
		return usage_error("cannot send to %s: %s", address, strerror(error));
	path_set(path, fd);
	return STATUS_DONE;
}

/* Check whether a socket that is made now would have another address of this machine. */
static bool source_changed(const struct ipfix_path *path)
{
	struct sockaddr_storage before = { 0 }, now = { 0 };
	socklen_t size = sizeof(before);
	bool changed = false;
	int fd;

	getsockname(path->fd, (struct sockaddr *)&before, &size);
	fd = socket_to((const struct sockaddr *)&path->peer, path->peer_size);
	/* No route at present: the old socket has as little of it. */
	if (fd < 0)
		return false;
	size = sizeof(now);
	changed = !getsockname(fd, (struct sockaddr *)&now, &size) && !host_equal(&before, &now);
	close(fd);
	return changed;
}

/* Check whether the collector's address is one that its name still has. */
static bool peer_listed(const struct ipfix_path *path, const struct addrinfo *all)
{
	struct sockaddr_storage other;
	bool found = false;

	for (const struct addrinfo *info = all; info && !found; info = info->ai_next) {
		memset(&other, 0, sizeof(other));
		memcpy(&other, info->ai_addr, info->ai_addrlen);
		found = host_equal(&path->peer, &other);
	}
	return found;
}

/* Connect to the address that the collector has now. */
static bool path_reconnect(struct ipfix_path *path, bool changed)
{
	struct addrinfo *all = NULL;
	int fd = -1;

	if (!path_resolve(path, &all)) {
		if (changed || !peer_listed(path, all))
			fd = connected(all);
		freeaddrinfo(all);
	} else if (changed) {
		/* The resolver may be down for the same reason: keep the collector's address. */
		fd = socket_to((const struct sockaddr *)&path->peer, path->peer_size);
		if (fd >= 0)
			socket_prepare(fd);
	}
	if (fd < 0)
		return false;
	path_set(path, fd);
	return true;
}

bool ipfix_path_refresh(struct ipfix_path *path, bool failed)
{
	uint64_t age = clock_monotonic() - path->looked_up;
	bool changed = source_changed(path);

	if (!changed && age < (failed ? LOOKUP_FAILED_NS : LOOKUP_NS))
		return false;
	return path_reconnect(path, changed);
}

size_t ipfix_path_limit(const struct ipfix_path *path)
{
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&path->peer;
	socklen_t size = sizeof(int);
	int mtu = 0, headers, failed;
	size_t limit = path->size;

	/* An IPv4-mapped address has the smaller headers of IPv4. */
	if (path->peer.ss_family == AF_INET6 && !IN6_IS_ADDR_V4MAPPED(&six->sin6_addr)) {
		headers = HEADERS_6;
		limit = limit ? limit : SIZE_6;
		failed = getsockopt(path->fd, IPPROTO_IPV6, IPV6_MTU, &mtu, &size);
	} else {
		headers = HEADERS_4;
		limit = limit ? limit : SIZE_4;
		failed = getsockopt(path->fd, IPPROTO_IP, IP_MTU, &mtu, &size);
	}
	if (failed || mtu - headers < IPFIX_SIZE_MIN)
		return IPFIX_SIZE_MIN;
	return (size_t)(mtu - headers) < limit ? (size_t)(mtu - headers) : limit;
}
