/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Clocks of `l2pc run`: jiffies, which the packet path has, boot time and monotonic time.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_RUN_CLOCK_H
#define L2PC_TOOL_RUN_CLOCK_H

#include <stdint.h>

/* Jiffies of a second. */
extern unsigned int run_hz;

/* Jiffies when they were read last. */
extern uint64_t run_jiffies;

/* clock_init() - learn run_hz */
void clock_init(void);

/* run_jiffies_read() - read jiffies, by a program: exactly as the packet path sees them */
uint64_t run_jiffies_read(void);

/* run_boottime() - nanoseconds since boot, suspended time included */
uint64_t run_boottime(void);

/* run_monotonic() - nanoseconds, suspended time not included: for intervals */
uint64_t run_monotonic(void);

/*
 * clock_resume_fd() - make a file that is readable after a suspension, or return -1
 *
 * It is also readable after the time of day was set.
 */
int clock_resume_fd(void);

/* clock_resumed() - the file is readable: separate timestamps before and after */
void clock_resumed(int fd);

#endif /* L2PC_TOOL_RUN_CLOCK_H */
