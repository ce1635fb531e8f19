/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The clocks, apart so that tests can hold them still.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_CLOCK_H
#define L2PC_TOOL_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/** clock_boot() - nanoseconds since boot, sleep included: the module's clock */
uint64_t clock_boot(void);

/** clock_slept() - nanoseconds of these that the machine was suspended */
uint64_t clock_slept(void);

/** clock_wall() - nanoseconds since 1970 */
uint64_t clock_wall(void);

/** clock_synchronized() - does something, as NTP, keep the time of day right? */
bool clock_synchronized(void);

/** clock_monotonic() - nanoseconds of a clock for timeouts: tests do not hold it still */
uint64_t clock_monotonic(void);

/** clock_timespec() - convert nanoseconds */
static inline struct timespec clock_timespec(uint64_t ns)
{
	return (struct timespec){ (time_t)(ns / 1000000000), (long)(ns % 1000000000) };
}

#endif /* L2PC_TOOL_CLOCK_H */
