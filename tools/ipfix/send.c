// SPDX-License-Identifier: GPL-2.0
/*
 * IPFIX: sending, over a UDP socket: templates in time, pauses, whether the collector is there.
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
#include "util/clock.h"

/* A collector that lost a message gets the templates again this many messages later. */
#define TEMPLATES_EVERY	16

/* How long an ICMP error of the collector's machine may take. */
#define REFUSAL_MS	100

/* Pause after so many messages: a collector with the usual socket buffer of 208 KiB may
 * be busy for five times as long.
 */
#define BURST		16
#define BURST_PAUSE_NS	10000000

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

static bool message_send(int fd, const struct ipfix_message *message, struct ipfix_counts *counts)
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

static struct domain *domain_find(struct ipfix *ipfix, uint32_t id)
{
	struct domains *domains = &ipfix->domains;
	struct domain *domain;

	for (size_t i = 0; i < domains->count; i++)
		if (domains->domain[i].id == id)
			return &domains->domain[i];
	domain = list_add(domains, domain);
	domain->id = id;
	return domain;
}

void ipfix_start(struct ipfix *ipfix)
{
	ipfix_begin(&ipfix->message, ipfix->kind, ipfix->limit);
	if (ipfix->messages % TEMPLATES_EVERY == 0)
		ipfix_templates(&ipfix->message, ipfix->current->tx);
}

bool ipfix_finish(struct ipfix *ipfix)
{
	const struct timespec pause = { .tv_nsec = BURST_PAUSE_NS };

	ipfix_end(&ipfix->message, (uint32_t)(clock_wall() / SECOND), ipfix->current->sequence,
		  ipfix->current->id);
	if (!message_send(ipfix->fd, &ipfix->message, &ipfix->counts)) {
		ipfix->held = true;
		return false;
	}
	ipfix->current->sequence += ipfix->message.records;
	ipfix->messages++;
	if (ipfix->messages % BURST == 0)
		nanosleep(&pause, NULL);
	return true;
}

/*
 * The first templates go ahead. Where no process listens, the collector's machine refuses
 * them, and the records wait: otherwise the first ones would be lost before the refusal.
 * A collector that is back has one round to get ready. pmacct drops what arrives between
 * opening its socket and starting its plugins.
 */
static void probe(struct ipfix *ipfix)
{
	bool was_away = ipfix->away;

	ipfix->probed = true;
	ipfix_start(ipfix);
	ipfix->away = ipfix_finish(ipfix) &&
		      ipfix_trouble(ipfix->fd, REFUSAL_MS, &ipfix->counts);
	if (ipfix->away || was_away)
		ipfix->held = true;
}

bool ipfix_domain_start(struct ipfix *ipfix, uint32_t id, bool tx)
{
	ipfix->current = domain_find(ipfix, id);
	ipfix->current->tx |= tx;
	ipfix->messages = 0;
	if (!ipfix->probed)
		probe(ipfix);
	ipfix_start(ipfix);
	return !ipfix->held;
}
