/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The range of a query, from the options of a command line.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_RANGE_H
#define L2PC_TOOL_RANGE_H

#include "history/query.h"
#include "util/options.h"

/**
 * range_read() - read --by, --cycle, --last, --from, --to and --month
 * @query: by, cycle, from and to are filled
 *
 * Return: STATUS_DONE, or STATUS_USAGE after an error message
 */
int range_read(const struct options *options, struct query *query);

#endif /* L2PC_TOOL_RANGE_H */
