// SPDX-License-Identifier: GPL-2.0
/*
 * IPFIX: once an interval, and at the end, read the lifetime view and send the differences.
 * Copyright (C) the l2packet_counter authors
 *
 * All of it runs in the thread that waits for the end. The one that serves HTTP only
 * copies the counts.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "ipfix/ipfix.h"
#include "source/source.h"
#include "util/clock.h"
#include "util/errors.h"
#include "util/text.h"

#define INTERVAL	(20 * SECOND)

/* A collector that lost a message gets the templates again this many messages later. */
#define TEMPLATES_EVERY	16

/* How long an ICMP error of the collector's machine may take. */
#define REFUSAL_MS	100

/* Pause after so many messages: a collector with the usual socket buffer of 208 KiB may
 * be busy for five times as long.
 */
#define BURST		16
#define BURST_PAUSE_NS	10000000

/* An observation domain. */
struct domain {
	uint32_t id;		/* ifindex of its port */
	uint32_t sequence;	/* records sent */
};

struct ipfix {
	struct source source;	/* connected in each round: the module may be loaded again */
	int fd;
	char where[128];	/* the collector, for people */
	enum ipfix_kind kind;
	uint64_t interval;	/* ns */
	struct delta delta;
	struct domain *domain;
	size_t domains;
	size_t domain_room;
	struct domain *current;
	struct ipfix_message message;
	size_t limit;		/* bytes of a message */
	size_t messages;	/* sent of @current in this round */
	bool probed;		/* templates were sent in this round */
	bool away;		/* the collector's machine refused the last probe */
	bool held;		/* nothing goes out any more in this round */
	struct ipfix_counts counts;
	pthread_mutex_t lock;	/* of @shown */
	struct ipfix_counts shown;
};

static struct domain *domain_find(struct ipfix *ipfix, uint32_t id)
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

static void message_start(struct ipfix *ipfix)
{
	ipfix_begin(&ipfix->message, ipfix->kind, ipfix->limit);
	if (ipfix->messages % TEMPLATES_EVERY == 0)
		ipfix_templates(&ipfix->message);
}

static bool message_send(struct ipfix *ipfix)
{
	const struct timespec pause = { .tv_nsec = BURST_PAUSE_NS };

	ipfix_end(&ipfix->message, (uint32_t)clock_wall().tv_sec, ipfix->current->sequence,
		  ipfix->current->id);
	if (!ipfix_send(ipfix->fd, &ipfix->message, &ipfix->counts)) {
		ipfix->held = true;
		return false;
	}
	ipfix->current->sequence += ipfix->message.records;
	ipfix->messages++;
	if (ipfix->messages % BURST == 0)
		nanosleep(&pause, NULL);
	return true;
}

static bool sink_add(const struct ipfix_record *record, void *data)
{
	struct ipfix *ipfix = data;

	return ipfix_add(&ipfix->message, record);
}

static bool sink_commit(void *data)
{
	struct ipfix *ipfix = data;

	if (ipfix->message.records && !message_send(ipfix))
		return false;
	message_start(ipfix);
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
	message_start(ipfix);
	ipfix->away = message_send(ipfix) &&
		      ipfix_trouble(ipfix->fd, REFUSAL_MS, &ipfix->counts);
	if (ipfix->away || was_away)
		ipfix->held = true;
}

static bool sink_start(uint32_t domain, void *data)
{
	struct ipfix *ipfix = data;

	ipfix->current = domain_find(ipfix, domain);
	ipfix->messages = 0;
	if (!ipfix->probed)
		probe(ipfix);
	message_start(ipfix);
	return !ipfix->held;
}

static uint64_t port_send(struct ipfix *ipfix, size_t slot, const struct view *view)
{
	struct timespec wall = clock_wall();
	const struct ipfix_sink sink = {
		.start = sink_start,
		.add = sink_add,
		.commit = sink_commit,
		.wall = (uint64_t)wall.tv_sec * SECOND + (uint64_t)wall.tv_nsec,
		/* A recording has the clock of another machine, or of another day. */
		.boot = source_is_recorded(&ipfix->source) ? view->now : clock_boot(),
		.data = ipfix,
	};

	return ipfix_since(&ipfix->delta, slot, view, &sink);
}

static void views_send(struct ipfix *ipfix, const struct views *views)
{
	size_t *slot = calloc(views->count + 1, sizeof(*slot));

	if (!slot)
		out_of_memory();
	ipfix->held = ipfix->probed = false;
	ipfix->limit = ipfix_limit(ipfix->fd);
	/* Errors that are left belong to the round before. */
	ipfix_trouble(ipfix->fd, 0, &ipfix->counts);
	delta_scan(&ipfix->delta);
	delta_assign(&ipfix->delta, views->view, views->count, slot);
	for (size_t i = 0; i < views->count; i++)
		ipfix->counts.lost += port_send(ipfix, slot[i], &views->view[i]);
	ipfix->counts.lost += ipfix_gone(&ipfix->delta);
	ipfix->counts.deferred += ipfix->held;
	free(slot);
}

/* Read the lifetime views; without a module there is no port. */
static int views_read(struct ipfix *ipfix, struct views *views)
{
	int error = source_connect(&ipfix->source);

	if (error)
		return error == -ENOENT ? 0 : error;
	error = source_views(&ipfix->source, NULL, L2PC_VIEW_LIFETIME, views);
	source_disconnect(&ipfix->source);
	return error;
}

static int round_run(struct ipfix *ipfix)
{
	struct views views = { 0 };
	int error = views_read(ipfix, &views);

	if (error)
		ipfix->counts.unread++;
	else
		views_send(ipfix, &views);
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
		error = round_run(ipfix);
		/* Frames from here on will be sent. */
		if (first && !error)
			fprintf(stderr, "sending IPFIX to %s\n", ipfix->where);
		/* A module may come back, a recording will not become a better one. */
		if (error && source_is_recorded(&ipfix->source))
			return source_explain(&ipfix->source, error, NULL);
		do
			signal = sigtimedwait(ends, NULL, &interval);
		while (signal < 0 && errno == EINTR);
		if (signal > 0)
			break;
	}
	round_run(ipfix);
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
	struct ipfix *ipfix = calloc(1, sizeof(*ipfix));
	int status;

	*out = NULL;
	if (!ipfix)
		out_of_memory();
	delta_init(&ipfix->delta, sizeof(struct ipfix_port), sizeof(struct delta_station));
	ipfix->interval = INTERVAL;
	if (options_have(options, OPT_IPFIX_INTERVAL))
		ipfix->interval = options->number[OPT_IPFIX_INTERVAL];
	if (options_have(options, OPT_IPFIX_TEMPLATE))
		ipfix->kind = (enum ipfix_kind)options->number[OPT_IPFIX_TEMPLATE];
	pthread_mutex_init(&ipfix->lock, NULL);
	status = ipfix_connect(options->text[OPT_IPFIX], &ipfix->fd, ipfix->where,
			       sizeof(ipfix->where));
	if (!status) {
		status = source_init(&ipfix->source, options, "export");
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
	delta_free(&ipfix->delta);
	source_close(&ipfix->source);
	pthread_mutex_destroy(&ipfix->lock);
	close(ipfix->fd);
	free(ipfix->domain);
	free(ipfix);
}
