// SPDX-License-Identifier: GPL-2.0
/*
 * The verb top: its first state.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdlib.h>
#include <unistd.h>

#include "cmd/verb.h"
#include "top/top.h"

int verb_top(const struct call *call)
{
	const struct options *options = &call->options;
	bool to_pipe = options_have(options, OPT_BATCH);
	struct top top = {
		.options = options,
		.ifname = call->ifname,
		.sort = (enum top_sort)options->number[OPT_SORT],
		.shown = -1,
		.bars = true,
		.swap = options_have(options, OPT_SWAP),
		.stale = true,
		.delay = options_have(options, OPT_DELAY) ? options->number[OPT_DELAY] : SECOND,
		.reverse = options_have(options, OPT_REVERSE),
		.ascii = options_have(options, OPT_ASCII) || !text_utf8(),
	};
	int status;

	if (!to_pipe && (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)))
		return usage_error("top: needs a terminal (l2pc top --batch writes to a pipe)");
	if (!to_pipe && options_have(options, OPT_COUNT))
		return usage_error("-n: needs --batch (on a terminal q quits)");
	color_init(options);
	status = source_open(&top.source, options, "top");
	if (status)
		return status;
	store_init(&top.store);
	/* A recording shows any view that it holds where the window is wanted. */
	if (options_have(options, OPT_WINDOW))
		top.view = L2PC_VIEW_WINDOW;
	else if (options_have(options, OPT_PREVIOUS))
		top.view = L2PC_VIEW_PREVIOUS;
	else if (options_have(options, OPT_LIFETIME) || !source_is_recorded(&top.source))
		top.view = L2PC_VIEW_LIFETIME;
	status = to_pipe ? top_batch(&top) : top_screen(&top);
	delta_free(&top.store.delta);
	free(top.ranked);
	source_close(&top.source);
	return status;
}
