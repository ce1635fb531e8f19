/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
/* The clock of the packet path, see run/clock.c. */
#ifndef L2PC_RUN_JIFFIES_H
#define L2PC_RUN_JIFFIES_H

#include <linux/types.h>

#include "run/clock.h"

#define NSEC_PER_SEC	1000000000ULL
#define HZ		run_hz
#define TICK_NSEC	(NSEC_PER_SEC / HZ)

/* As it was read last: what needs it exactly reads get_jiffies_64(). */
#define jiffies		run_jiffies

static inline u64 get_jiffies_64(void)
{
	return run_jiffies_read();
}

static inline u64 jiffies64_to_nsecs(u64 count)
{
	return count * (NSEC_PER_SEC / HZ);
}

static inline u64 nsecs_to_jiffies64(u64 ns)
{
	return ns / (NSEC_PER_SEC / HZ);
}

#endif
