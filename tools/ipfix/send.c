// SPDX-License-Identifier: GPL-2.0
/*
 * IPFIX: sending, over a UDP socket: templates in time, pauses, whether the collector is there.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>

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

/* While the kernel has no room: attempts, and the pause between them. */
#define ATTEMPTS	5
#define PAUSE_NS	10000000

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

static bool message_send(struct ipfix *ipfix)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };
	const struct ipfix_message *message = &ipfix->message;
	struct ipfix_counts *counts = &ipfix->counts;

	for (int attempt = 1; send(ipfix->path.fd, message->bytes, message->size, 0) < 0; attempt++) {
		int error = errno;

		count(counts, error);
		if (error != ENOBUFS && error != EAGAIN && error != ENOMEM) {
			/* The collector's machine refused an earlier message: this one left. */
			ipfix->failed |= error != ECONNREFUSED;
			return false;
		}
		if (attempt == ATTEMPTS)
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
	if (!message_send(ipfix)) {
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
		      ipfix_trouble(ipfix->path.fd, REFUSAL_MS, &ipfix->counts);
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
