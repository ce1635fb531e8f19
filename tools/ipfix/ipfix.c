// SPDX-License-Identifier: GPL-2.0
/*
 * IPFIX: once an interval, and at the end, read lifetime and send what came since.
 * Copyright (C) the l2packet_counter authors
 *
 * It runs in the thread that waits for the end; answers over HTTP have another one, which
 * only asks for the counts.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ipfix/ipfix.h"
#include "source/source.h"
#include "util/clock.h"
#include "util/errors.h"
#include "util/text.h"

#define INTERVAL	(20 * SECOND)

/* A collector that lost a message knows what records look like this much later. */
#define TEMPLATES_EVERY	16

/* How long the word of a collector's machine that nobody listens there may take. */
#define REFUSAL_MS	100

/* So many messages, and the same again after a pause: a collector with the usual socket
 * buffer of 208 KiB may be busy with something else for five times as long.
 */
#define BURST		16
#define BURST_PAUSE_NS	10000000

/**
 * struct domain - an observation domain
 * @id: the ifindex of its port
 * @sequence: records sent
 */
struct domain {
	uint32_t id;
	uint32_t sequence;
};

/**
 * struct ipfix - an exporter
 * @source: of a recording; the module is connected to anew each time
 * @fd: the socket
 * @where: the collector, for people
 * @kind: of records
 * @interval: nanoseconds
 * @ports: how far they were told
 * @domain: @domains of them, of room for @domain_room
 * @domains: how many
 * @domain_room: how many there is room for
 * @now: the domain whose turn it is
 * @message: what is being written
 * @limit: bytes that a message may have
 * @messages: sent of it in this round
 * @probed: something was sent in this round
 * @away: the collector's machine said that nobody listens
 * @held: nothing goes out any more in this round
 * @counts: of this thread
 * @lock: of @shown
 * @shown: the same for others
 */
struct ipfix {
	struct source source;
	int fd;
	char where[128];
	enum ipfix_kind kind;
	uint64_t interval;
	struct ipfix_ports ports;
	struct domain *domain;
	size_t domains;
	size_t domain_room;
	struct domain *now;
	struct ipfix_message message;
	size_t limit;
	size_t messages;
	bool probed;
	bool away;
	bool held;
	struct ipfix_counts counts;
	pthread_mutex_t lock;
	struct ipfix_counts shown;
};

static struct domain *domain_of(struct ipfix *ipfix, uint32_t id)
{
	struct domain *domain;

	for (size_t i = 0; i < ipfix->domains; i++)
		if (ipfix->domain[i].id == id)
			return &ipfix->domain[i];
	ipfix->domain = array_grow(ipfix->domain, &ipfix->domain_room, ipfix->domains,
				   sizeof(*ipfix->domain));
	domain = &ipfix->domain[ipfix->domains++];
	*domain = (struct domain){ .id = id };
	return domain;
}

static void message_begin(struct ipfix *ipfix)
{
	ipfix_begin(&ipfix->message, ipfix->kind, ipfix->limit);
	if (ipfix->messages % TEMPLATES_EVERY == 0)
		ipfix_templates(&ipfix->message);
}

static bool message_send(struct ipfix *ipfix)
{
	const struct timespec pause = { .tv_nsec = BURST_PAUSE_NS };

	ipfix_end(&ipfix->message, (uint32_t)clock_wall().tv_sec, ipfix->now->sequence,
		  ipfix->now->id);
	if (!ipfix_send(ipfix->fd, &ipfix->message, &ipfix->counts)) {
		ipfix->held = true;
		return false;
	}
	ipfix->now->sequence += ipfix->message.records;
	ipfix->messages++;
	if (ipfix->messages % BURST == 0)
		nanosleep(&pause, NULL);
	return true;
}

static bool tell(const struct ipfix_record *record, void *data)
{
	struct ipfix *ipfix = data;

	return ipfix_add(&ipfix->message, record);
}

static bool settle(void *data)
{
	struct ipfix *ipfix = data;

	if (ipfix->message.records && !message_send(ipfix))
		return false;
	message_begin(ipfix);
	return true;
}

/*
 * The first templates go ahead. Where nobody listens the collector's machine says so,
 * and the records wait: the first of them would be lost before the refusal of it came.
 * One that has just come has a round to get ready: pmacct forgets what it is told between
 * opening its socket and starting its plugins.
 */
static void probe(struct ipfix *ipfix)
{
	bool was_away = ipfix->away;

	ipfix->probed = true;
	message_begin(ipfix);
	ipfix->away = message_send(ipfix) &&
		      ipfix_trouble(ipfix->fd, REFUSAL_MS, &ipfix->counts);
	if (ipfix->away || was_away)
		ipfix->held = true;
}

static bool begin(uint32_t ifindex, void *data)
{
	struct ipfix *ipfix = data;

	ipfix->now = domain_of(ipfix, ifindex);
	ipfix->messages = 0;
	if (!ipfix->probed)
		probe(ipfix);
	message_begin(ipfix);
	return !ipfix->held;
}

static void send_port(struct ipfix *ipfix, struct view *view)
{
	struct timespec wall = clock_wall();
	const struct ipfix_teller teller = {
		.begin = begin,
		.tell = tell,
		.settle = settle,
		.wall = (uint64_t)wall.tv_sec * SECOND + (uint64_t)wall.tv_nsec,
		/* That of a recording is another machine's, or long ago. */
		.boot = ipfix->source.replay ? view->now : clock_boot(),
		.data = ipfix,
	};

	ipfix_since(&ipfix->ports, view, &teller);
}

/* The module as it is now; none is no port. */
static int read_ports(struct ipfix *ipfix, struct views *views)
{
	struct source live = { .verb = "export" };
	int error;

	if (ipfix->source.replay)
		return source_views(&ipfix->source, NULL, L2PC_VIEW_LIFETIME, views);
	error = nl_open(&live.nl);
	if (error)
		return error == -ENOENT ? 0 : error;
	error = source_views(&live, NULL, L2PC_VIEW_LIFETIME, views);
	source_close(&live);
	return error;
}

static int round_of(struct ipfix *ipfix)
{
	struct views views = { 0 };
	int error = read_ports(ipfix, &views);

	if (error) {
		ipfix->counts.unread++;
	} else {
		ipfix->held = ipfix->probed = false;
		ipfix->limit = ipfix_limit(ipfix->fd);
		/* What is left is about the round before. */
		ipfix_trouble(ipfix->fd, 0, &ipfix->counts);
		ipfix_since_begin(&ipfix->ports);
		for (size_t i = 0; i < views.count; i++)
			send_port(ipfix, &views.view[i]);
		ipfix->counts.lost += ipfix_since_end(&ipfix->ports);
		ipfix->counts.deferred += ipfix->held;
	}
	views_free(&views);
	pthread_mutex_lock(&ipfix->lock);
	ipfix->shown = ipfix->counts;
	pthread_mutex_unlock(&ipfix->lock);
	return error;
}

int ipfix_run(struct ipfix *ipfix, const sigset_t *ends)
{
	const struct timespec interval = {
		.tv_sec = (time_t)(ipfix->interval / SECOND),
		.tv_nsec = (long)(ipfix->interval % SECOND),
	};
	int error, signal;

	for (bool first = true;; first = false) {
		error = round_of(ipfix);
		/* Now, since what comes from here on will be told. */
		if (first && !error)
			fprintf(stderr, "sending IPFIX to %s\n", ipfix->where);
		/* A module may come back, a recording will not become a better one. */
		if (error && ipfix->source.replay)
			return source_explain(&ipfix->source, error, NULL);
		do
			signal = sigtimedwait(ends, NULL, &interval);
		while (signal < 0 && errno == EINTR);
		if (signal > 0)
			break;
	}
	round_of(ipfix);
	return STATUS_DONE;
}

struct ipfix_counts ipfix_counts(struct ipfix *ipfix)
{
	struct ipfix_counts counts;

	pthread_mutex_lock(&ipfix->lock);
	counts = ipfix->shown;
	pthread_mutex_unlock(&ipfix->lock);
	return counts;
}

int ipfix_open(const struct options *options, struct ipfix **out)
{
	struct ipfix *ipfix;
	int status;

	*out = NULL;
	ipfix = calloc(1, sizeof(*ipfix));
	if (!ipfix)
		out_of_memory();
	ipfix->interval = INTERVAL;
	if (options_have(options, OPT_IPFIX_INTERVAL))
		ipfix->interval = options->number[OPT_IPFIX_INTERVAL];
	if (options_have(options, OPT_IPFIX_TEMPLATE))
		ipfix->kind = (enum ipfix_kind)options->number[OPT_IPFIX_TEMPLATE];
	pthread_mutex_init(&ipfix->lock, NULL);
	status = ipfix_connect(options->text[OPT_IPFIX], &ipfix->fd, ipfix->where,
			       sizeof(ipfix->where));
	if (!status && options_have(options, OPT_REPLAY)) {
		status = source_open(&ipfix->source, options, "export");
		if (status)
			close(ipfix->fd);
	}
	if (status)
		free(ipfix);
	else
		*out = ipfix;
	return status;
}

void ipfix_close(struct ipfix *ipfix)
{
	if (!ipfix)
		return;
	ipfix_since_free(&ipfix->ports);
	if (ipfix->source.replay)
		source_close(&ipfix->source);
	pthread_mutex_destroy(&ipfix->lock);
	close(ipfix->fd);
	free(ipfix->domain);
	free(ipfix);
}
