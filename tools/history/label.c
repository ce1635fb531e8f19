// SPDX-License-Identifier: GPL-2.0
/*
 * What periods are called, in local time.
 * Copyright (C) the l2packet_counter authors
 */
#include <string.h>
#include <time.h>

#include "history/print.h"

static void format(int64_t at, const char *how, char buffer[LABEL_SIZE])
{
	time_t time = (time_t)at;
	struct tm local = { 0 };

	localtime_r(&time, &local);
	strftime(buffer, LABEL_SIZE, how, &local);
}

/* When clocks are set back, an hour comes twice: its time zone says which it is. */
static bool is_twice(int64_t start, const char *label)
{
	char other[LABEL_SIZE];

	format(start - 3600, "%Y-%m-%d %H:%M", other);
	if (!strcmp(label, other))
		return true;
	format(start + 3600, "%Y-%m-%d %H:%M", other);
	return !strcmp(label, other);
}

char *label_day(int64_t time, char buffer[LABEL_SIZE])
{
	format(time, "%Y-%m-%d", buffer);
	return buffer;
}

char *label_period(const struct query *query, const struct report_period *period,
		   char buffer[LABEL_SIZE])
{
	if (query_is_time(query->by)) {
		format(period->start, "%Y-%m-%d %H:%M", buffer);
		if (is_twice(period->start, buffer))
			format(period->start, "%Y-%m-%d %H:%M %Z", buffer);
	} else if (query->by == LEVEL_MONTH && query->cycle == 1) {
		format(period->start, "%Y-%m", buffer);
	} else {
		label_day(period->start, buffer);
	}
	return buffer;
}
