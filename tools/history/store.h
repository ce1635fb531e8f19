/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The state in the database: loaded, and stored with what it has added to periods.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_STORE_H
#define L2PC_TOOL_STORE_H

#include "history/database.h"
#include "history/state.h"

/** state_load() - read the state as of the last save; @state is initialised */
void state_load(struct history *history, struct state *state);

/**
 * state_store() - store what has changed, and add to the periods what was counted
 * @imported: it comes from a file that has no periods
 */
void state_store(struct history *history, struct state *state, bool imported);

#endif /* L2PC_TOOL_STORE_H */
