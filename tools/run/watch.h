/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Programs that somebody else detached: they are attached again.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_RUN_WATCH_H
#define L2PC_TOOL_RUN_WATCH_H

#include <stdint.h>

/* watch_suspect() - filters of a device were removed; 0: of any device, perhaps */
void watch_suspect(int ifindex);

/*
 * watch_ports() - check ports that are due
 *
 * Return: the monotonic time at which to call it again
 */
uint64_t watch_ports(uint64_t now);

#endif /* L2PC_TOOL_RUN_WATCH_H */
