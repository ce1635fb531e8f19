// SPDX-License-Identifier: GPL-2.0
/*
 * What a test changes while a program runs: whether the module is there, and the clocks.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "util/clock.h"
#include "world.h"

/* A file named by the environment; what a test does meanwhile is seen. */
static FILE *sign(const char *variable)
{
	const char *name = getenv(variable);

	return name ? fopen(name, "re") : NULL;
}

bool world_absent(void)
{
	FILE *file = sign("L2PC_AWAY");

	if (file)
		fclose(file);
	return world.absent || file;
}

/* In the place of tools/util/clock.c. */
uint64_t clock_boot(void)
{
	unsigned int later = 0;
	FILE *file = sign("L2PC_LATER");

	world_start();
	if (file) {
		if (fscanf(file, "%u", &later) != 1)
			later = 0;
		fclose(file);
	}
	return world.now + later * UINT64_C(1000000000);
}

uint64_t clock_slept(void)
{
	world_start();
	return world.slept;
}

uint64_t clock_wall(void)
{
	world_start();
	return world.wall;
}

bool clock_synchronized(void)
{
	world_start();
	return !world.unsynchronized;
}

uint64_t clock_monotonic(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}
