/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The clocks, apart so that tests can hold them still.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_CLOCK_H
#define L2PC_TOOL_CLOCK_H

#include <stdint.h>
#include <time.h>

/** clock_boot() - nanoseconds since boot, sleep included: the module's clock */
uint64_t clock_boot(void);

/** clock_slept() - nanoseconds of these that the machine was suspended */
uint64_t clock_slept(void);

/** clock_wall() - the time of day */
struct timespec clock_wall(void);

#endif /* L2PC_TOOL_CLOCK_H */
