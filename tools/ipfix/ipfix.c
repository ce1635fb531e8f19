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

#define INTERVAL	(20 * SECOND)

/* A new socket is a new session: its sequence numbers start at 0. */
static void path_refresh(struct ipfix *ipfix)
{
	if (!ipfix_path_refresh(&ipfix->path, ipfix->failed || ipfix->away))
		return;
	for (size_t i = 0; i < ipfix->domains.count; i++)
		ipfix->domains.domain[i].sequence = 0;
	ipfix->counts.reconnects++;
	fprintf(stderr, "sending IPFIX to %s, connected again\n", ipfix->path.where);
}

static void views_send(struct ipfix *ipfix, const struct views *views)
{
	size_t *slot = calloc(views->count + 1, sizeof(*slot));

	if (!slot)
		out_of_memory();
	path_refresh(ipfix);
	ipfix->held = ipfix->probed = ipfix->failed = false;
	ipfix->limit = ipfix_path_limit(&ipfix->path);
	/* Errors that are left belong to the round before. */
	ipfix_trouble(ipfix->path.fd, 0, &ipfix->counts);
	delta_scan(&ipfix->delta);
	delta_assign(&ipfix->delta, views->view, views->count, slot);
	for (size_t i = 0; i < views->count; i++)
		ipfix->counts.lost += ipfix_port_send(ipfix, slot[i], &views->view[i]);
	ipfix->counts.lost += ipfix_ports_forget(&ipfix->delta);
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
	const struct timespec interval = clock_timespec(ipfix->interval);
	int error, signal;

	for (bool first = true;; first = false) {
		error = round_run(ipfix);
		/* Frames from here on will be sent. */
		if (first && !error)
			fprintf(stderr, "sending IPFIX to %s\n", ipfix->path.where);
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
	if (options_have(options, OPT_IPFIX_SIZE))
		ipfix->path.size = options->number[OPT_IPFIX_SIZE];
	status = ipfix_path_open(&ipfix->path, options->text[OPT_IPFIX]);
	if (!status) {
		status = source_init(&ipfix->source, options, "export");
		if (status)
			close(ipfix->path.fd);
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
	close(ipfix->path.fd);
	free(ipfix->domains.domain);
	free(ipfix);
}
