// SPDX-License-Identifier: GPL-2.0
/*
 * The verb reset: closes windows, and prints what was in them.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>

#include "cmd/verb.h"
#include "source/source.h"
#include "util/errors.h"

int verb_reset(const struct call *call)
{
	struct closings closings = { 0 };
	struct output output;
	const char *ifname;
	struct nl nl;
	int status, error;

	status = call_only_device(call, &ifname);
	if (status)
		return status;
	error = nl_open(&nl);
	if (!error)
		error = snapshot_reset(&nl, ifname, &closings);
	if (error) {
		status = error == -ENOENT && nl.family && ifname ? source_no_port(&nl, ifname) :
			 nl_explain(&nl, error, "reset", ifname);
	} else {
		output_init(&output, &call->options);
		output_begin(&output);
		for (size_t i = 0; i < closings.count; i++)
			output.format->closing(&output, &closings.closing[i]);
		output_end(&output);
	}
	closings_free(&closings);
	nl_close(&nl);
	return status;
}
