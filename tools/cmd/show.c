// SPDX-License-Identifier: GPL-2.0
/*
 * The verb show: the stations of a port, or of all.
 * Copyright (C) the l2packet_counter authors
 */
#include "cmd/verb.h"
#include "output/select.h"
#include "output/sort.h"
#include "source/source.h"

static int read_views(const struct call *call, struct views *views)
{
	const struct options *options = &call->options;
	enum l2pc_view view = options_have(options, OPT_PREVIOUS) ? L2PC_VIEW_PREVIOUS :
			      options_have(options, OPT_LIFETIME) ? L2PC_VIEW_LIFETIME :
								    L2PC_VIEW_WINDOW;
	struct source source;
	int status = source_open(&source, options, "show");

	if (status)
		return status;
	return source_finish(&source, source_views(&source, call->ifname, view, views), call->ifname);
}

/* What --proc may stand with: its total is that of all rows of the window. */
#define WITH_PROC	(OPTION(PROC) | OPTION(REPLAY) | OPTION(COLOR) | OPTION(ENGINE))

/* The rows of /proc: received frames, and one row for an address in several VLANs. */
static int proc_options(struct options *options)
{
	if (options->given & ~WITH_PROC)
		return usage_error("--proc: takes no view, filter, order or format (use it alone)");
	options->given |= OPTION(NO_VLAN) | OPTION(RX);
	options->number[OPT_SORT] = SORT_RX_PACKETS;
	return STATUS_DONE;
}

static int show(const struct call *call, const struct options *options)
{
	bool all_time = options_have(options, OPT_ALL_TIME);
	struct views views = { 0 };
	struct output output;
	int status;

	if (options_have(options, OPT_FILE) && !all_time)
		return usage_error("-f: needs --all-time (for a file of l2pc -j: --replay)");
	status = all_time ? save_views(options, call->ifname, &views) : read_views(call, &views);
	if (!status) {
		output_init(&output, options);
		output_begin(&output);
		for (size_t i = 0; i < views.count; i++) {
			select_view(options, &views.view[i]);
			output.format->view(&output, &views.view[i]);
		}
		output_end(&output);
	}
	views_free(&views);
	return status;
}

int verb_show(const struct call *call)
{
	struct options options = call->options;
	int status = options_have(&options, OPT_PROC) ? proc_options(&options) : STATUS_DONE;

	return status ? status : show(call, &options);
}
