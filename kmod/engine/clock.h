/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Clock: what a cell's stamp, 32 bits of jiffies, is in boot time.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_CLOCK_H
#define L2PC_CLOCK_H

#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/types.h>

/**
 * L2PC_CLOCK_SLACK_NS - how much earlier a stamp may seem than it was taken
 *
 * A jiffy for being that coarse, two for the clock to stand still, see
 * l2pc_clock_now(), and one to be sure.
 */
#define L2PC_CLOCK_SLACK_NS	(4ULL * TICK_NSEC)

/**
 * struct l2pc_clock - jiffies and boot time of the same moment
 * @jiffies: the low 32 bits
 * @boottime: a moment of that jiffy, in nanoseconds
 * @now: in nanoseconds
 */
struct l2pc_clock {
	u32 jiffies;
	u64 boottime;
	u64 now;
};

struct l2pc_clock l2pc_clock_now(void);

/**
 * l2pc_clock_time() - the moment of a stamp
 * @clock: now
 * @stamp: of a cell
 *
 * A stamp is never older than l2pc_counts_rotate() allows, far less than the 24
 * days after which 31 bits of jiffies run over at 1000 Hz. One taken after the
 * clock was read counts as now. Not jiffies_to_nsecs(), which reckons with 32
 * bits of microseconds, and is wrong after 71 minutes. Inline for those who read
 * all cells.
 *
 * Return: nanoseconds of boot time, not after now.
 */
static inline u64 l2pc_clock_time(const struct l2pc_clock *clock, u32 stamp)
{
	s32 age = (s32)(clock->jiffies - stamp);
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
