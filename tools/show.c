// SPDX-License-Identifier: GPL-2.0
/*
 * The verb show: the stations of ports.
 * Copyright (C) the l2packet_counter authors
 */
#include "complain.h"
#include "snapshot.h"
#include "verb.h"

int verb_show(const struct call *call)
{
	enum l2pc_view view = L2PC_VIEW_WINDOW;
	struct views views = { 0 };
	struct output output;
	const char *ifname;
	struct nl nl;
	int status, error;

	status = call_only_device(call, &ifname);
	if (status)
		return status;
	if (call->options & OPTION_PREVIOUS)
		view = L2PC_VIEW_PREVIOUS;
	else if (call->options & OPTION_LIFETIME)
		view = L2PC_VIEW_LIFETIME;

	error = nl_open(&nl);
	if (!error)
		error = snapshot_views(&nl, ifname, view, &views);
	if (error) {
		status = nl_explain(&nl, error, "show", ifname);
	} else {
		call_output(call, &output);
		output.format->begin(&output);
		for (size_t i = 0; i < views.count; i++)
			output.format->view(&output, &views.view[i]);
		output.format->end(&output);
	}
	views_free(&views);
	nl_close(&nl);
	return status;
}
