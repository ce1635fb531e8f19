/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When a port has something to do.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_RUN_SCHEDULE_H
#define L2PC_TOOL_RUN_SCHEDULE_H

#include <stdint.h>

struct port_run;

#define SECOND			1000000000ULL

/* A cell's timestamps are valid for at least 24 days: fold far more often. */
#define ROTATE_INTERVAL		(3600 * SECOND)

/* port_expire_interval() - nanoseconds between two expiries */
uint64_t port_expire_interval(const struct port_run *port);

/* port_schedule() - start the intervals of the settings @given, RUN_SETTING() */
void port_schedule(struct port_run *port, uint32_t given);

#endif /* L2PC_TOOL_RUN_SCHEDULE_H */
