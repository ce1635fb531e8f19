// SPDX-License-Identifier: GPL-2.0
/*
 * slept: print for how many milliseconds since boot the machine was suspended.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
#include <time.h>

static long long milliseconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

int main(void)
{
	printf("%lld\n", milliseconds(CLOCK_BOOTTIME) - milliseconds(CLOCK_MONOTONIC));
	return 0;
}
