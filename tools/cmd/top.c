// SPDX-License-Identifier: GPL-2.0
/*
 * The verb top: what it begins with.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdlib.h>
#include <unistd.h>

#include "cmd/verb.h"
#include "top/top.h"
#include "util/color.h"
#include "util/errors.h"
#include "util/text.h"

int verb_top(const struct call *call)
{
	const struct options *options = &call->options;
	struct top top = {
		.options = options,
		.shown = -1,
		.bars = true,
		.stale = true,
		.delay = SECOND,
		.reverse = options_have(options, OPT_REVERSE),
		.ascii = options_have(options, OPT_ASCII) || !text_utf8(),
	};
	bool to_pipe = options_have(options, OPT_BATCH);
	int status = call_only_device(call, &top.ifname);

	if (status)
		return status;
	if (options_have(options, OPT_JSON))
		return usage_error("top has no JSON; l2pc -j show has, and l2pc -j monitor");
	if (!to_pipe && (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)))
		return usage_error("top needs a terminal; l2pc top --batch writes to a pipe");
	if (!to_pipe && options_have(options, OPT_COUNT))
		return usage_error("-n goes with --batch: on a terminal q ends top");
	if (options_have(options, OPT_DELAY))
		top.delay = options->number[OPT_DELAY];
	if (options_have(options, OPT_SORT))
		top.sort = (enum top_sort)options->number[OPT_SORT];
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
	store_clear(&top.store);
	free(top.ranked);
	source_close(&top.source);
	return status;
}
