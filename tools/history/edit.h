/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Changes of a history: renamed, merged, forgotten; and its check.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_HISTORY_EDIT_H
#define L2PC_TOOL_HISTORY_EDIT_H

#include "history/database.h"

/* Each of these is a transaction. They return an exit status, after an error message. */

/** edit_rename() - call the history of a port by another name, which has none */
int edit_rename(struct history *history, const char *ifname, const char *name);

/** edit_merge() - add the history of port @from to that of another, and delete it */
int edit_merge(struct history *history, const char *ifname, const char *from);

/** edit_forget() - delete the history of a port, also from the file's free space */
int edit_forget(struct history *history, const char *ifname);

/** history_check() - check the file and all sums; each fault is a line on stderr */
int history_check(struct history *history);

#endif /* L2PC_TOOL_HISTORY_EDIT_H */
