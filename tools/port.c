// SPDX-License-Identifier: GPL-2.0
/*
 * The verb port: what there is, where it is counted, with which settings.
 * Copyright (C) the l2packet_counter authors
 */
#include "complain.h"
#include "snapshot.h"
#include "verb.h"

int verb_port(const struct call *call)
{
	struct ports ports = { 0 };
	struct output output;
	const char *ifname;
	struct nl nl;
	int status, error;

	status = call_only_device(call, &ifname);
	if (status)
		return status;
	error = nl_open(&nl);
	if (!error)
		error = snapshot_ports(&nl, ifname, &ports);
	if (error) {
		status = nl_explain(&nl, error, "port", ifname);
	} else {
		call_output(call, &output);
		output.format->begin(&output);
		for (size_t i = 0; i < ports.count; i++)
			output.format->port(&output, &ports.port[i]);
		output.format->end(&output);
	}
	ports_free(&ports);
	nl_close(&nl);
	return status;
}
