/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Clock: what a cell's stamp, 32 bits of jiffies, is in boot time.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_CLOCK_H
#define L2PC_CLOCK_H

#include <linux/jiffies.h>
#include <linux/timekeeping.h>
#include <linux/types.h>

/**
 * struct l2pc_clock - jiffies and boot time of the same moment
 * @jiffies: the low 32 bits
 * @boottime: in nanoseconds
 */
struct l2pc_clock {
	u32 jiffies;
	u64 boottime;
};

static inline struct l2pc_clock l2pc_clock_now(void)
{
	return (struct l2pc_clock){
		.jiffies = (u32)jiffies,
		.boottime = ktime_get_boottime_ns(),
	};
}

/*
 * A stamp is never older than l2pc_window_rotate() allows, far less than the 24
 * days after which 31 bits of jiffies run over at 1000 Hz. One taken after the
 * clock was read counts as now. Not jiffies_to_nsecs(), which reckons with 32
 * bits of microseconds, and is wrong after 71 minutes.
 */
static inline u64 l2pc_clock_time(const struct l2pc_clock *clock, u32 stamp)
{
	s32 age = (s32)(clock->jiffies - stamp);

	return clock->boottime - (age > 0 ? jiffies64_to_nsecs(age) : 0);
}

#endif /* L2PC_CLOCK_H */
