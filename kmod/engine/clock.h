/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Clock: conversion of a cell's timestamps, 32 bits of jiffies, to boot time.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_CLOCK_H
#define L2PC_CLOCK_H

#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/types.h>

/**
 * L2PC_CLOCK_SLACK_NS - how much earlier than its frame a timestamp may convert to
 *
 * One jiffy of resolution, two of the cached offset, see l2pc_clock_now(), and one of
 * safety.
 */
#define L2PC_CLOCK_SLACK_NS	(4ULL * TICK_NSEC)

/**
 * struct l2pc_clock - jiffies and boot time, read together
 * @jiffies: low 32 bits of jiffies
 * @boottime: boot time within that jiffy, in nanoseconds
 * @now: current boot time in nanoseconds
 */
struct l2pc_clock {
	u32 jiffies;
	u64 boottime;
	u64 now;
};

struct l2pc_clock l2pc_clock_now(void);

/**
 * l2pc_clock_time() - convert a timestamp to boot time
 * @clock: the clock
 * @timestamp: low 32 bits of jiffies, from a cell
 *
 * A timestamp is never older than l2pc_counts_rotate() allows: far less than the 24
 * days after which 31 bits of jiffies overflow at 1000 Hz. A timestamp taken after the
 * clock was read converts to now. jiffies_to_nsecs() is unsuitable: it computes with 32
 * bits of microseconds, which overflow after 71 minutes. Inline for walks of all cells.
 *
 * Return: boot time in nanoseconds, not after now.
 */
static inline u64 l2pc_clock_time(const struct l2pc_clock *clock, u32 timestamp)
{
	s32 age = (s32)(clock->jiffies - timestamp);
	u64 since;

	if (age <= 0)
		since = 0;
	else if (NSEC_PER_SEC % HZ == 0)
		since = (u64)age * (NSEC_PER_SEC / HZ);
	else
		since = jiffies64_to_nsecs(age);
	return min(clock->boottime - since, clock->now);
}

#endif /* L2PC_CLOCK_H */
