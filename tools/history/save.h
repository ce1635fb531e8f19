/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A save: what was counted since the one before, in one transaction.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_HISTORY_SAVE_H
#define L2PC_TOOL_HISTORY_SAVE_H

#include "history/database.h"
#include "history/state.h"

/* What a new database starts with, next to it: the file in which l2pc 2.0 saved. */
#define TOTALS_FILE	"totals"

/**
 * save_begin() - open a database, and start the transaction of a save
 * @state: to be filled with what was saved before
 * @imports: a new database takes over the file of totals next to it, and leaves the file
 *
 * No other save reads counters until the transaction has ended: those read later are in
 * the later transaction.
 *
 * Return: false after an error message; save_end() is needed in any case
 */
bool save_begin(struct history *history, struct state *state, const char *name, bool imports);

/** save_store() - merge and store lifetime views, and end the transaction. Return: it is stored */
bool save_store(struct history *history, struct state *state, const struct views *views);

/** save_end() - close and free all; what was not stored is as it was before */
void save_end(struct history *history, struct state *state);

/** save_read() - read what was saved. Return: false after an error message */
bool save_read(struct state *state, const char *name);

#endif /* L2PC_TOOL_HISTORY_SAVE_H */
