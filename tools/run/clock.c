// SPDX-License-Identifier: GPL-2.0
/*
 * Clocks of `l2pc run`: jiffies, which the packet path has, boot time and monotonic time.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdint.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/* The engine's, not the one of this directory. */
#include "../kmod/engine/clock.h"
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

int clock_resume_fd(void)
{
	/* It never expires: the kernel cancels it when the clock jumps, as by a suspension. */
	const struct itimerspec never = { .it_value.tv_sec = INT32_MAX };
	int fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);

	if (fd < 0 || !timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL))
		return fd;
	close(fd);
	return -1;
}

void clock_resumed(int fd)
{
	uint64_t count;

	/* ECANCELED is what is expected; the timer stays armed. */
	(void)!read(fd, &count, sizeof(count));
	/* This process was frozen first, and runs last: hardly a frame came in between. */
	l2pc_clock_now();
}
