/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the verb save has kept.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_SAVE_H
#define L2PC_TOOL_SAVE_H

#include "source/model.h"
#include "util/options.h"

/**
 * save_views() - what was kept, and what has been counted since
 * @options: --file
 * @ifname: one port, NULL for all
 * @views: empty; to be freed by views_free()
 *
 * Return: STATUS_DONE, or another status after an error message
 */
int save_views(const struct options *options, const char *ifname, struct views *views);

#endif /* L2PC_TOOL_SAVE_H */
