// SPDX-License-Identifier: GPL-2.0
/*
 * The verbs port and reset: ports and patterns with their settings, and windows that are
 * closed.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <string.h>

#include "cmd/verb.h"
#include "source/source.h"

/* Keep the ports of a pattern, or the pattern itself. */
static void filter_pattern(struct ports *ports, const char *pattern)
{
	size_t kept = 0;

	for (size_t i = 0; i < ports->count; i++)
		if (!strcmp(ports->port[i].pattern, pattern))
			ports->port[kept++] = ports->port[i];
	ports->count = kept;
}

static int read_pattern(struct source *source, const char *pattern, struct ports *ports,
			struct ports *patterns)
{
	int error = source_patterns(source, patterns);

	if (error)
		return error;
	filter_pattern(patterns, pattern);
	if (!patterns->count)
		return -ENOENT;
	error = source_ports(source, NULL, ports);
	filter_pattern(ports, pattern);
	return error;
}

static int read_all(struct source *source, const char *ifname, struct ports *ports,
		    struct ports *patterns)
{
	int error = source_ports(source, ifname, ports);

	return error || ifname ? error : source_patterns(source, patterns);
}

static void print_ports(const struct options *options, const struct ports *ports,
			const struct ports *patterns)
{
	struct output output;

	output_init(&output, options);
	output_begin(&output);
	for (size_t i = 0; i < ports->count; i++) {
		port_check_older(&ports->port[i]);
		output.format->port(&output, &ports->port[i]);
	}
	for (size_t i = 0; i < patterns->count; i++)
		output.format->pattern(&output, &patterns->port[i]);
	output_end(&output);
}

int verb_port(const struct call *call)
{
	struct ports ports = { 0 }, patterns = { 0 };
	struct source source;
	int status = source_open(&source, &call->options, "port"), error;

	if (status)
		return status;
	error = call->is_pattern ? read_pattern(&source, call->ifname, &ports, &patterns) :
				   read_all(&source, call->ifname, &ports, &patterns);
	status = source_finish(&source, error, call->ifname);
	if (!status)
		print_ports(&call->options, &ports, &patterns);
	ports_free(&ports);
	ports_free(&patterns);
	return status;
}

int verb_reset(const struct call *call)
{
	struct views closed = { 0 };
	struct source source;
	struct output output;
	int status = source_open(&source, &call->options, "reset");

	if (status)
		return status;
	status = source_finish(&source, source_reset(&source, call->ifname, &closed), call->ifname);
	if (!status) {
		output_init(&output, &call->options);
		output_begin(&output);
		for (size_t i = 0; i < closed.count; i++)
			output.format->closed(&output, &closed.view[i]);
		output_end(&output);
	}
	views_free(&closed);
	return status;
}
