/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Devices that appear, change and disappear, and their ports.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_RUN_DEVICES_H
#define L2PC_TOOL_RUN_DEVICES_H

/* What devices are reported to. */
extern const struct links_ops ports_links_ops;

#endif /* L2PC_TOOL_RUN_DEVICES_H */
