// SPDX-License-Identifier: GPL-2.0
/*
 * Clock: what a cell's stamp, 32 bits of jiffies, is in boot time.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/timekeeping.h>

#include "clock.h"

/*
 * Boot time less jiffies, in nanoseconds: nearly constant. It is kept, so that the
 * same stamp is the same moment whenever it is read, and a station that is silent
 * does not seem to have been heard a millisecond later at each look.
 */
static atomic64_t kept = ATOMIC64_INIT(0);

/**
 * l2pc_clock_now() - what time it is, to reckon stamps from
 *
 * It may be read anywhere between two ticks, so the difference varies by a jiffy. What
 * is kept is good as long as it is at most one jiffy too much or two too little. It is
 * taken anew at first, when the machine was suspended, and once in a while because NTP
 * slews one of both.
 *
 * Context: any.
 * Return: now, in both clocks, and how far they are apart.
 */
struct l2pc_clock l2pc_clock_now(void)
{
	struct l2pc_clock clock;
	s64 offset, was, off;
	u64 now_jiffies;

	do {
		now_jiffies = get_jiffies_64();
		clock.now = ktime_get_boottime_ns();
	} while (now_jiffies != get_jiffies_64());
	clock.jiffies = (u32)now_jiffies;

	offset = clock.now - jiffies64_to_nsecs(now_jiffies);
	was = atomic64_read(&kept);
	off = offset - was;
	if (off < -(s64)TICK_NSEC || off > 2 * (s64)TICK_NSEC) {
		/* Whoever else does it has the same in mind. */
		atomic64_set(&kept, offset);
		was = offset;
	}
	clock.boottime = was + jiffies64_to_nsecs(now_jiffies);
	return clock;
}
