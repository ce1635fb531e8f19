// SPDX-License-Identifier: GPL-2.0
/*
 * The verbs port and reset: ports with their settings, and windows that are closed.
 * Copyright (C) the l2packet_counter authors
 */
#include "cmd/verb.h"
#include "source/source.h"

int verb_port(const struct call *call)
{
	struct ports ports = { 0 };
	struct source source;
	struct output output;
	int status = source_open(&source, &call->options, "port");

	if (status)
		return status;
	status = source_finish(&source, source_ports(&source, call->ifname, &ports), call->ifname);
	if (!status) {
		output_init(&output, &call->options);
		output_begin(&output);
		for (size_t i = 0; i < ports.count; i++) {
			port_check_older(&ports.port[i]);
			output.format->port(&output, &ports.port[i]);
		}
		output_end(&output);
	}
	ports_free(&ports);
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
