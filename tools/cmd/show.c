// SPDX-License-Identifier: GPL-2.0
/*
 * The verb show: the stations of a port, or of all.
 * Copyright (C) the l2packet_counter authors
 */
#include "cmd/save.h"
#include "cmd/verb.h"
#include "output/select.h"
#include "source/source.h"
#include "util/errors.h"

static enum l2pc_view wanted_view(const struct options *options)
{
	if (options_have(options, OPT_PREVIOUS))
		return L2PC_VIEW_PREVIOUS;
	if (options_have(options, OPT_LIFETIME))
		return L2PC_VIEW_LIFETIME;
	return L2PC_VIEW_WINDOW;
}

static void print_views(const struct options *options, struct views *views)
{
	struct output output;

	output_init(&output, options);
	output_begin(&output);
	for (size_t i = 0; i < views->count; i++) {
		select_view(options, &views->view[i]);
		output.format->view(&output, &views->view[i]);
	}
	output_end(&output);
}

static int show_all_time(const struct options *options, const char *ifname)
{
	struct views views = { 0 };
	int status = save_views(options, ifname, &views);

	if (!status)
		print_views(options, &views);
	views_free(&views);
	return status;
}

int verb_show(const struct call *call)
{
	struct views views = { 0 };
	struct source source;
	const char *ifname;
	int status, error;

	status = call_only_device(call, &ifname);
	if (!status && options_have(&call->options, OPT_FILE) &&
	    !options_have(&call->options, OPT_ALL_TIME))
		status = usage_error("--file goes with --all-time; a file of l2pc -j is shown by --replay");
	if (!status && options_have(&call->options, OPT_ALL_TIME))
		return show_all_time(&call->options, ifname);
	if (!status)
		status = source_open(&source, &call->options, "show");
	if (status)
		return status;
	error = source_views(&source, ifname, wanted_view(&call->options), &views);
	if (error)
		status = source_explain(&source, error, ifname);
	else
		print_views(&call->options, &views);
	views_free(&views);
	source_close(&source);
	return status;
}
