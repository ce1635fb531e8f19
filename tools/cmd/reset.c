// SPDX-License-Identifier: GPL-2.0
/*
 * The verb reset: close windows, and print what was in them.
 * Copyright (C) the l2packet_counter authors
 */
#include "cmd/verb.h"
#include "source/source.h"

int verb_reset(const struct call *call)
{
	struct closings closings = { 0 };
	struct source source;
	struct output output;
	const char *ifname;
	int status, error;

	status = call_only_device(call, &ifname);
	if (!status)
		status = source_open(&source, &call->options, "reset");
	if (status)
		return status;
	error = source_reset(&source, ifname, &closings);
	if (error) {
		status = source_explain(&source, error, ifname);
	} else {
		output_init(&output, &call->options);
		output_begin(&output);
		for (size_t i = 0; i < closings.count; i++)
			output.format->closing(&output, &closings.closing[i]);
		output_end(&output);
	}
	closings_free(&closings);
	source_close(&source);
	return status;
}
