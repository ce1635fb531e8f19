/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The totals that l2pc save has stored.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_SAVE_H
#define L2PC_TOOL_SAVE_H

#include "source/model.h"
#include "util/options.h"

/*
 * save_views() - read the totals, and add what was counted since they were saved
 * @options: --file
 * @ifname: one port, NULL for all
 *
 * Return: STATUS_DONE, or another status after an error message
 */
int save_views(const struct options *options, const char *ifname, struct views *views);

#endif /* L2PC_TOOL_SAVE_H */
