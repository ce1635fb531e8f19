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

/* Suspensions that are kept apart. A timestamp is folded within an hour of jiffies. */
#define L2PC_SUSPENSIONS	16U

/**
 * struct l2pc_suspension - a time in which jiffies stood still and boot time went on
 * @jiffies: jiffies64 when it started
 * @offset: boot time minus jiffies before it, in nanoseconds
 */
struct l2pc_suspension {
	u64 jiffies;
	u64 offset;
};

/**
 * struct l2pc_clock - jiffies and boot time, read together
 * @jiffies: low 32 bits of jiffies
 * @jiffies64: all bits of them
 * @boottime: boot time within that jiffy, in nanoseconds
 * @now: current boot time in nanoseconds
 * @suspensions: number of elements of @suspension
 * @suspension: the latest suspensions, oldest first
 */
struct l2pc_clock {
	u32 jiffies;
	u64 jiffies64;
	u64 boottime;
	u64 now;
	unsigned int suspensions;
	struct l2pc_suspension suspension[L2PC_SUSPENSIONS];
};

/**
 * struct l2pc_clock_state - what is known of the offset of boot time to jiffies
 * @known: @offset was set
 * @offset: boot time minus jiffies, in nanoseconds. Cached, so that a timestamp converts
 *	to the same time at every read. Otherwise an idle station's last_seen would differ
 *	by a millisecond from read to read.
 * @count: number of elements of @suspension
 * @suspension: as in struct l2pc_clock
 */
struct l2pc_clock_state {
	bool known;
	u64 offset;
	unsigned int count;
	struct l2pc_suspension suspension[L2PC_SUSPENSIONS];
};

/* Protected by a lock of clock.c. Tests clear it, where their clocks start again. */
extern struct l2pc_clock_state l2pc_clock_state;

struct l2pc_clock l2pc_clock_now(void);
void l2pc_clock_suspend(void);
u64 l2pc_clock_before(const struct l2pc_clock *clock, u64 at);
u64 l2pc_clock_ago(const struct l2pc_clock *clock, u64 ago);

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
	if (clock->suspensions && age > 0 &&
	    clock->jiffies64 - age <= clock->suspension[clock->suspensions - 1].jiffies)
		return l2pc_clock_before(clock, clock->jiffies64 - age);
	return min(clock->boottime - since, clock->now);
}

#endif /* L2PC_CLOCK_H */
