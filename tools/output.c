// SPDX-License-Identifier: GPL-2.0
/*
 * What the formats share.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
#include <time.h>

#include "clock.h"
#include "output.h"

char *output_stamp(char *buffer)
{
	struct timespec now = clock_wall();
	struct tm tm;
	size_t size;

	/* As ip -ts monitor does: local time, microseconds, no zone. */
	localtime_r(&now.tv_sec, &tm);
	size = strftime(buffer, OUTPUT_STAMP, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(buffer + size, OUTPUT_STAMP - size, ".%06ld", now.tv_nsec / 1000);
	return buffer;
}
