// SPDX-License-Identifier: GPL-2.0
/*
 * Clock: conversion of a cell's timestamps, 32 bits of jiffies, to boot time.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/timekeeping.h>

#include "clock.h"

/*
 * Boot time minus jiffies, in nanoseconds: nearly constant. Cached, so that a
 * timestamp converts to the same time at every read. Otherwise an idle station's
 * last_seen would differ by a millisecond from read to read.
 */
static atomic64_t cached_offset = ATOMIC64_INIT(0);

/**
 * l2pc_clock_now() - read the clock that converts timestamps
 *
 * Boot time is read anywhere between two ticks, so its offset to jiffies varies by one
 * jiffy. The cached offset is valid while it is at most one jiffy too large or two too
 * small. It is renewed at first use, after a suspend, and occasionally because NTP
 * slews one of the two clocks.
 *
 * Context: any.
 * Return: the current time in both clocks.
 */
struct l2pc_clock l2pc_clock_now(void)
{
	struct l2pc_clock clock;
	s64 offset, cached, drift;
	u64 now_jiffies;

	do {
		now_jiffies = get_jiffies_64();
		clock.now = ktime_get_boottime_ns();
	} while (now_jiffies != get_jiffies_64());
	clock.jiffies = (u32)now_jiffies;

	offset = clock.now - jiffies64_to_nsecs(now_jiffies);
	cached = atomic64_read(&cached_offset);
	drift = offset - cached;
	if (drift < -(s64)TICK_NSEC || drift > 2 * (s64)TICK_NSEC) {
		/* A concurrent caller stores an equally valid offset. */
		atomic64_set(&cached_offset, offset);
		cached = offset;
	}
	clock.boottime = cached + jiffies64_to_nsecs(now_jiffies);
	return clock;
}
