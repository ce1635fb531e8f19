// SPDX-License-Identifier: GPL-2.0
/*
 * The clocks.
 * Copyright (C) the l2packet_counter authors
 */
#include "util/clock.h"

uint64_t clock_boot(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

uint64_t clock_slept(void)
{
	struct timespec t;
	uint64_t boot = clock_boot(), awake;

	clock_gettime(CLOCK_MONOTONIC, &t);
	awake = (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
	return boot > awake ? boot - awake : 0;
}

struct timespec clock_wall(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t;
}
