/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is old: ten minutes become hours, days become months, hours are deleted; and what
 * does not fit any more.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_PRUNE_H
#define L2PC_TOOL_PRUNE_H

#include "history/database.h"

/** history_prune() - after a save, in its transaction; @boot: id of the boot */
void history_prune(struct history *history, const char *boot);

#endif /* L2PC_TOOL_PRUNE_H */
