/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The module, where it is loaded as well: no interface is counted by both.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_RUN_MODULE_H
#define L2PC_TOOL_RUN_MODULE_H

#include <stdbool.h>

struct link_info;

/* module_counts() - whether the module has a port of a device, or of its name */
bool module_counts(const struct link_info *link);

#endif /* L2PC_TOOL_RUN_MODULE_H */
