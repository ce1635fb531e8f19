// SPDX-License-Identifier: GPL-2.0
/*
 * Clocks of `l2pc run`: jiffies, which the packet path has, boot time and monotonic time.
 * Copyright (C) the l2packet_counter authors
 */
#include <time.h>

#include "run/clock.h"
#include "run/program.h"

#define NANOSECONDS 1000000000ULL

unsigned int run_hz = 100;
uint64_t run_jiffies;

static uint64_t clock_read(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * NANOSECONDS + (uint64_t)now.tv_nsec;
}

void clock_init(void)
{
	struct timespec tick;

	/* The coarse clocks advance with each tick. */
	if (!clock_getres(CLOCK_MONOTONIC_COARSE, &tick) && !tick.tv_sec && tick.tv_nsec)
		run_hz = (unsigned int)((NANOSECONDS + (uint64_t)tick.tv_nsec / 2) /
					(uint64_t)tick.tv_nsec);
	run_jiffies_read();
}

uint64_t run_jiffies_read(void)
{
	run_jiffies = program_jiffies();
	return run_jiffies;
}

uint64_t run_boottime(void)
{
	return clock_read(CLOCK_BOOTTIME);
}

uint64_t run_monotonic(void)
{
	return clock_read(CLOCK_MONOTONIC);
}
