// SPDX-License-Identifier: GPL-2.0
/*
 * The verb save, and the sums that show --all-time prints.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/verb.h"
#include "history/save.h"
#include "source/devices.h"
#include "source/source.h"
#include "util/clock.h"
#include "util/files.h"

const char *history_name(const struct options *options)
{
	static char name[FILE_PATH];

	if (options_have(options, OPT_FILE))
		return options->text[OPT_FILE];
	snprintf(name, sizeof(name), "%s", file_path(HISTORY_FILE));
	return name;
}

/* A device is known by its permanent address, whatever its name is after the next boot. */
static void identify(struct views *views)
{
	devices_read_links();
	for (size_t i = 0; i < views->count; i++) {
		struct view *view = &views->view[i];
		const struct device *device = view->ifindex ? devices_find(view->ifname) : NULL;

		if (device)
			memcpy(view->identity, device->identity, sizeof(view->identity));
	}
}

static int read_lifetimes(const struct options *options, struct views *views)
{
	struct source source;
	int status = source_open(&source, options, "save");

	if (status)
		return status;
	status = source_finish(&source, source_views(&source, NULL, L2PC_VIEW_LIFETIME, views), NULL);
	/* The devices of a recording are not of this machine. */
	if (!status && !options_have(options, OPT_REPLAY))
		identify(views);
	return status;
}

static void report_saved(const struct options *options, const struct state *state, const char *name)
{
	size_t stations = state->delta.stations, ports = state->delta.ports;
	struct output output;

	if (!options_have(options, OPT_JSON)) {
		printf("saved %zu station%s of %zu port%s in %s\n", stations,
		       text_plural(stations), ports, text_plural(ports), name);
		return;
	}
	output_init(&output, options);
	output_begin(&output);
	json_open(&output.json, NULL, '{');
	json_string(&output.json, "file", name);
	json_u64(&output.json, "ports", ports);
	json_u64(&output.json, "stations", stations);
	json_close(&output.json, '}');
	output_end(&output);
}

static int save(const struct options *options, struct history *history, struct state *state)
{
	uint64_t now = clock_wall() / SECOND;
	struct views views = { 0 };
	int status;

	/* After the clock was set back, save at once. */
	if (options_have(options, OPT_INTERVAL) && state->saved <= now &&
	    (now - state->saved) * SECOND < options->number[OPT_INTERVAL]) {
		output_empty(options);
		return STATUS_DONE;
	}
	status = read_lifetimes(options, &views);
	if (!status && !save_store(history, state, &views))
		status = STATUS_FAILED;
	if (!status)
		report_saved(options, state, history->name);
	views_free(&views);
	return status;
}

int verb_save(const struct call *call)
{
	const struct options *options = &call->options;
	const char *name = history_name(options);
	struct history history;
	struct state state;
	int status = STATUS_FAILED;

	if (!options_have(options, OPT_FILE))
		file_directories(name);
	if (save_begin(&history, &state, name, !options_have(options, OPT_FILE)))
		status = save(options, &history, &state);
	save_end(&history, &state);
	return status;
}

/* Add what was counted since the last saving, where the module is loaded. */
static int add_current(struct state *state)
{
	struct source source = { .verb = "show" };
	struct views lifetimes = { 0 };
	int error = source_connect(&source);

	if (!error)
		error = source_views(&source, NULL, L2PC_VIEW_LIFETIME, &lifetimes);
	if (!error) {
		identify(&lifetimes);
		state_merge(state, &lifetimes);
	}
	views_free(&lifetimes);
	return source_finish(&source, error == -ENOENT ? 0 : error, NULL);
}

int save_views(const struct options *options, const char *ifname, struct views *views)
{
	const char *name = history_name(options);
	struct state state;
	int status = STATUS_FAILED;

	if (save_read(&state, name))
		status = add_current(&state);
	if (!status && !state_views(&state, ifname, views))
		status = usage_error("%s: no counts of %s", name, ifname);
	state_free(&state);
	return status;
}
