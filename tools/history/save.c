// SPDX-License-Identifier: GPL-2.0
/*
 * A save: begun, stored and ended.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
#include <string.h>

#include "history/prune.h"
#include "history/save.h"
#include "history/shift.h"
#include "history/store.h"
#include "util/errors.h"
#include "util/files.h"

/* The file of totals, next to the database. */
static const char *totals_name(const char *name)
{
	const char *slash = strrchr(name, '/');

	return path_format("%.*s%s", slash ? (int)(slash + 1 - name) : 0, name, TOTALS_FILE);
}

/* Counts of before are in all-time sums, and in no period: when they were counted is not known. */
static bool import(struct history *history, struct state *state)
{
	const char *name = totals_name(history->name);
	enum import_fault fault = state_import(state, name);

	if (fault == IMPORT_NONE)
		return true;
	if (fault != IMPORT_GOOD) {
		/* It is there to be looked at, and must not be in the way of what is counted now. */
		error_print("%s: %s; not imported into %s", name, import_fault_text(fault), history->name);
		return true;
	}
	state_store(history, state, true);
	return history_ok(history);
}

bool save_begin(struct history *history, struct state *state, const char *name, bool imports)
{
	state_init(state);
	if (!history_open(history, name) || !history_begin(history))
		return false;
	/* Of several processes that create it, the first to begin imports. */
	if (imports && !setting_get(history, SETTING_IMPORTED, 0)) {
		if (import(history, state))
			setting_put(history, SETTING_IMPORTED, 1);
		state_free(state);
		state_init(state);
	}
	state->clock = clock_find(history, state->delta.boot);
	state_load(history, state);
	return history_ok(history) || history_print_error(history);
}

bool save_store(struct history *history, struct state *state, const struct views *views)
{
	state_merge(state, views);
	state_store(history, state, false);
	history_prune(history, state->delta.boot);
	return history_commit(history);
}

void save_end(struct history *history, struct state *state)
{
	history_rollback(history);
	history_close(history);
	state_free(state);
}

bool save_read(struct state *state, const char *name)
{
	struct history history;
	bool done;

	state_init(state);
	done = history_open_reader(&history, name) && history_begin_reader(&history);
	if (done) {
		state_load(&history, state);
		done = history_ok(&history) || history_print_error(&history);
	}
	history_close(&history);
	return done;
}
