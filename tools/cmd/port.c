// SPDX-License-Identifier: GPL-2.0
/*
 * The verb port: what there is, where it is counted, with which settings.
 * Copyright (C) the l2packet_counter authors
 */
#include "cmd/verb.h"
#include "output/port_text.h"
#include "source/source.h"
#include "util/errors.h"

int verb_port(const struct call *call)
{
	struct ports ports = { 0 };
	struct source source;
	struct output output;
	const char *ifname;
	int status, error;

	status = call_only_device(call, &ifname);
	if (!status)
		status = source_open(&source, &call->options, "port");
	if (status)
		return status;
	error = source_ports(&source, ifname, &ports);
	if (error) {
		status = source_explain(&source, error, ifname);
	} else {
		output_init(&output, &call->options);
		output_begin(&output);
		for (size_t i = 0; i < ports.count; i++) {
			port_check_older(&ports.port[i]);
			output.format->port(&output, &ports.port[i]);
		}
		output_end(&output);
	}
	ports_free(&ports);
	source_close(&source);
	return status;
}
