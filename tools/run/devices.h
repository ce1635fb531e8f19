/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Devices that appear, change and disappear, and their ports.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_RUN_DEVICES_H
#define L2PC_TOOL_RUN_DEVICES_H

#include <stdbool.h>
#include <stdint.h>

/* What devices are reported to. */
extern const struct links_ops ports_links_ops;

/*
 * devices_review() - let the module have the devices that it counts, and take those back that
 * it does not count any more
 * @all: false: take back only
 */
void devices_review(bool all);

/* devices_timer() - take devices back; returns the monotonic time at which to call it again */
uint64_t devices_timer(uint64_t now);

#endif /* L2PC_TOOL_RUN_DEVICES_H */
