// SPDX-License-Identifier: GPL-2.0
/*
 * The clocks.
 * Copyright (C) the l2packet_counter authors
 */
#include <sys/timex.h>

#include "util/clock.h"

static uint64_t clock_read(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

uint64_t clock_boot(void)
{
	return clock_read(CLOCK_BOOTTIME);
}

uint64_t clock_slept(void)
{
	uint64_t boot = clock_boot(), awake = clock_read(CLOCK_MONOTONIC);

	return boot > awake ? boot - awake : 0;
}

uint64_t clock_wall(void)
{
	return clock_read(CLOCK_REALTIME);
}

bool clock_synchronized(void)
{
	struct timex timex = { 0 };
	int state = adjtimex(&timex);

	return state >= 0 && state != TIME_ERROR;
}

uint64_t clock_monotonic(void)
{
	return clock_read(CLOCK_MONOTONIC);
}
