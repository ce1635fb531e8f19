/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Clock: what a cell's stamp, 32 bits of jiffies, is in boot time.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_CLOCK_H
#define L2PC_CLOCK_H

#include <linux/jiffies.h>
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
u64 l2pc_clock_time(const struct l2pc_clock *clock, u32 stamp);

#endif /* L2PC_CLOCK_H */
