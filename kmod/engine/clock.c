// SPDX-License-Identifier: GPL-2.0
/*
 * Clock: conversion of a cell's timestamps, 32 bits of jiffies, to boot time.
 * Copyright (C) the l2packet_counter authors
 *
 * Boot time minus jiffies is nearly constant until the machine is suspended: boot time
 * includes that time, jiffies do not. So the clock keeps the offset as it was before each
 * suspension, and a timestamp converts by the one of its own time.
 */
#include <linux/jiffies.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "clock.h"

/* A jump of boot time by less is not taken for a suspension. */
#define SUSPENSION_MIN	((s64)NSEC_PER_SEC)

/* Raw: taken with interrupts disabled, while the last CPU is suspended. Innermost. */
static DEFINE_RAW_SPINLOCK(clock_lock);

struct l2pc_clock_state l2pc_clock_state;
static struct l2pc_clock_state *const state = &l2pc_clock_state;

/* Has the machine not been suspended since the last suspension started at @offset? */
static bool suspension_open(u64 offset)
{
	return state->count && (s64)(offset - state->suspension[state->count - 1].offset) <
			      SUSPENSION_MIN;
}

/* Start a suspension, or again the one that had not come to sleeping. */
static void suspension_add(u64 now_jiffies, u64 offset)
{
	if (suspension_open(offset)) {
		state->suspension[state->count - 1].jiffies = now_jiffies;
		return;
	}
	if (state->count == L2PC_SUSPENSIONS) {
		memmove(state->suspension, state->suspension + 1,
			sizeof(state->suspension) - sizeof(state->suspension[0]));
		state->count--;
	}
	state->suspension[state->count++] = (struct l2pc_suspension){
		.jiffies = now_jiffies, .offset = offset,
	};
}

/*
 * Boot time is read anywhere between two ticks, so its offset to jiffies varies by one
 * jiffy. The cached offset is valid while it is at most one jiffy too large or two too
 * small.
 */
static bool offset_valid(u64 offset)
{
	s64 drift = offset - state->offset;

	return state->known && drift >= -(s64)TICK_NSEC && drift <= 2 * (s64)TICK_NSEC;
}

/**
 * l2pc_clock_now() - read the clock that converts timestamps
 *
 * The cached offset is renewed at first use, after a suspension, and occasionally because
 * NTP slews one of the two clocks. A suspension that l2pc_clock_suspend() did not report
 * is taken to have ended now: without a frame since, that makes no difference.
 *
 * Context: any.
 * Return: the current time in both clocks.
 */
struct l2pc_clock l2pc_clock_now(void)
{
	struct l2pc_clock clock;
	unsigned long flags;
	u64 offset;

	do {
		clock.jiffies64 = get_jiffies_64();
		clock.now = ktime_get_boottime_ns();
	} while (clock.jiffies64 != get_jiffies_64());
	clock.jiffies = (u32)clock.jiffies64;
	offset = clock.now - jiffies64_to_nsecs(clock.jiffies64);

	raw_spin_lock_irqsave(&clock_lock, flags);
	if (!offset_valid(offset)) {
		if (state->known && (s64)(offset - state->offset) >= SUSPENSION_MIN &&
		    !suspension_open(state->offset))
			suspension_add(clock.jiffies64, state->offset);
		state->offset = offset;
		state->known = true;
	}
	clock.boottime = state->offset + jiffies64_to_nsecs(clock.jiffies64);
	clock.suspensions = state->count;
	memcpy(clock.suspension, state->suspension,
	       state->count * sizeof(state->suspension[0]));
	raw_spin_unlock_irqrestore(&clock_lock, flags);
	return clock;
}

/**
 * l2pc_clock_suspend() - report that the machine is about to be suspended
 *
 * Timestamps up to now belong before the suspension.
 *
 * Context: any, also while the last CPU is suspended, with interrupts disabled.
 */
void l2pc_clock_suspend(void)
{
	unsigned long flags;
	u64 now, offset;

	now = get_jiffies_64();
	offset = ktime_get_boot_fast_ns() - jiffies64_to_nsecs(now);
	raw_spin_lock_irqsave(&clock_lock, flags);
	suspension_add(now, offset_valid(offset) ? state->offset : offset);
	raw_spin_unlock_irqrestore(&clock_lock, flags);
}

/**
 * l2pc_clock_before() - convert jiffies to boot time, with regard to suspensions
 * @clock: the clock
 * @at: jiffies64
 *
 * Return: boot time in nanoseconds, not after now.
 */
u64 l2pc_clock_before(const struct l2pc_clock *clock, u64 at)
{
	unsigned int i;

	for (i = 0; i < clock->suspensions; i++)
		if (at <= clock->suspension[i].jiffies)
			return min(clock->suspension[i].offset + jiffies64_to_nsecs(at),
				   clock->now);
	return min(clock->boottime - jiffies64_to_nsecs(clock->jiffies64 - at), clock->now);
}

/**
 * l2pc_clock_ago() - boot time so much time ago, in which the machine ran
 * @clock: the clock
 * @ago: nanoseconds of jiffies, more than there were is possible
 *
 * Return: boot time in nanoseconds.
 */
u64 l2pc_clock_ago(const struct l2pc_clock *clock, u64 ago)
{
	u64 at = clock->jiffies64 - min(clock->jiffies64, nsecs_to_jiffies64(ago));
	u64 then = clock->now - min(clock->now, ago);

	if (clock->suspensions && at <= clock->suspension[clock->suspensions - 1].jiffies)
		return l2pc_clock_before(clock, at);
	return then;
}
