// SPDX-License-Identifier: GPL-2.0
/*
 * Reading for the screen, and frames for a pipe.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "names/names.h"
#include "top/top.h"
#include "util/clock.h"

#define BATCH_COLUMNS	80
#define BATCH_LINES	24

int top_refresh(struct top *top)
{
	int error;

	names_refresh();
	top->stale = false;
	error = store_read(&top->store, &top->source, top->ifname, top->view);
	/* These pass: the next reading may do. */
	if (error == -EINTR || error == -EAGAIN || error == -ENOMEM) {
		top_message(top, "not read: %s", error == -EINTR ? "ports come and go too fast" :
						 strerror(-error));
		error = 0;
	}
	return error;
}

const char *top_only_port(const struct top *top)
{
	if (top->shown >= 0)
		return store_port(&top->store, (size_t)top->shown)->view.ifname;
	if (top->ifname)
		return top->ifname;
	return top->store.delta.ports == 1 ? store_port(&top->store, 0)->view.ifname : NULL;
}

static void batch_end(void)
{
	putchar('\n');
}

static int read_environment(const char *name, int otherwise)
{
	const char *text = getenv(name);
	int value = text ? atoi(text) : 0;

	return value > 0 && value < 1000 ? value : otherwise;
}

int top_batch(struct top *top)
{
	const struct canvas canvas = {
		.columns = read_environment("COLUMNS", BATCH_COLUMNS),
		.lines = read_environment("LINES", BATCH_LINES),
		.put = color_print,
		.end = batch_end,
	};
	uint64_t count = top->options->number[OPT_COUNT];
	const struct timespec delay = clock_timespec(top->delay);
	int error = 0;

	for (uint64_t i = 0; (!count || i < count) && !ferror(stdout); i++) {
		if (i) {
			nanosleep(&delay, NULL);
			putchar('\n');
		}
		error = top_refresh(top);
		if (error)
			break;
		top_frame(top, &canvas);
		output_flush();
	}
	return error ? source_explain(&top->source, error, top->ifname) : STATUS_DONE;
}
