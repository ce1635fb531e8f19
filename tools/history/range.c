// SPDX-License-Identifier: GPL-2.0
/*
 * The range of a query: spans until now, dates and months, in local time.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "history/range.h"
#include "util/clock.h"

#define HOUR		INT64_C(3600)
#define DAY		INT64_C(86400)
/* Without a range: so many hours and days. */
#define HOURS_SHOWN	24
#define DAYS_SHOWN	30

/* A date, and maybe a time of day: seconds since 1970, and the number of the day. */
struct date {
	int64_t time, day;
	bool has_time;
};

/* Of two times of one name, when clocks are set back, the first. */
static int64_t first_time(struct tm *local)
{
	time_t time = mktime(local), before = time - HOUR;
	struct tm earlier;

	localtime_r(&before, &earlier);
	return earlier.tm_hour == local->tm_hour && earlier.tm_min == local->tm_min ? before : time;
}

/* "2026-11-18", "2026-11-18 13:00", "2026-11-18T13:00" */
static int read_date(const char *option, const char *text, struct date *date)
{
	int year, month, day, hour = 0, minute = 0, size = 0, real_year, real_month, real_day;
	struct tm local = { .tm_isdst = -1 };
	bool right = sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &size) == 3;

	if (right && (text[size] == ' ' || text[size] == 'T')) {
		text += size + 1;
		date->has_time = true;
		right = sscanf(text, "%2d:%2d%n", &hour, &minute, &size) == 2 && hour >= 0 &&
			hour < 24 && minute >= 0 && minute < 60;
	}
	if (right && !text[size]) {
		date->day = calendar_day(year, month, day);
		calendar_split(date->day, &real_year, &real_month, &real_day);
		right = real_year == year && real_month == month && real_day == day && year >= 1970;
	} else {
		right = false;
	}
	if (!right)
		return usage_error("%s: invalid date (examples: 2026-11-18, \"2026-11-18 13:00\")",
				   option);
	local.tm_year = year - 1900;
	local.tm_mon = month - 1;
	local.tm_mday = day;
	local.tm_hour = hour;
	local.tm_min = minute;
	date->time = first_time(&local);
	return STATUS_DONE;
}

/* A date is the whole day: it starts a range at its start, and ends one at its end. */
static int read_edge(const char *option, const char *text, const struct query *query, bool is_end,
		     int64_t *edge)
{
	struct date date = { 0 };
	int status = read_date(option, text, &date);

	if (status)
		return status;
	if (!query_is_time(query->by)) {
		if (date.has_time)
			return usage_error("%s: a time of day needs --by hour (days are whole)",
					   option);
		*edge = date.day + is_end;
	} else if (date.has_time) {
		*edge = date.time;
	} else {
		*edge = calendar_time(LEVEL_DAY, date.day + is_end);
	}
	return STATUS_DONE;
}

static int read_month(const char *text, struct query *query)
{
	int year, month, size = 0;
	int64_t first, next;

	if (sscanf(text, "%4d-%2d%n", &year, &month, &size) != 2 || text[size] || month < 1 ||
	    month > 12 || year < 1970)
		return usage_error("--month: invalid month (example: 2026-11)");
	first = calendar_month_day(year * INT64_C(12) + month - 1);
	/* With --cycle the month that starts in this one. */
	first = calendar_cycle_next(first - 1, query->cycle);
	next = calendar_cycle_next(first, query->cycle);
	query->from = query_is_time(query->by) ? calendar_time(LEVEL_DAY, first) : first;
	query->to = query_is_time(query->by) ? calendar_time(LEVEL_DAY, next) : next;
	return STATUS_DONE;
}

/* As many periods as the span has, the last one that of now. */
static void use_span(int64_t seconds, struct query *query)
{
	int64_t now = (int64_t)(clock_wall() / SECOND), unit = query->by == LEVEL_TEN ? 600 : HOUR;

	if (query_is_time(query->by)) {
		query->to = calendar_next(query->by, calendar_start(query->by, now));
		query->from = query->to - (seconds + unit - 1) / unit * unit;
	} else {
		query->to = calendar_start(LEVEL_DAY, now) + 1;
		query->from = query->to - (seconds + DAY - 1) / DAY;
	}
}

static void choose_level(const struct options *options, struct query *query)
{
	if (options_have(options, OPT_BY))
		query->by = (enum level)options->number[OPT_BY];
	else if (options_have(options, OPT_CYCLE) && !options_have(options, OPT_MONTH))
		query->by = LEVEL_MONTH;
	else
		query->by = LEVEL_DAY;
}

static int read_from_to(const struct options *options, struct query *query)
{
	int status = STATUS_DONE;

	query->from = 0;
	use_span(0, query);
	query->from = 0;
	if (options_have(options, OPT_FROM))
		status = read_edge("--from", options->text[OPT_FROM], query, false, &query->from);
	if (!status && options_have(options, OPT_TO))
		status = read_edge("--to", options->text[OPT_TO], query, true, &query->to);
	if (!status && query->from >= query->to)
		return usage_error("--from: not before the end of the range (--to includes its day)");
	return status;
}

int range_read(const struct options *options, struct query *query)
{
	choose_level(options, query);
	query->cycle = options_have(options, OPT_CYCLE) ? (unsigned int)options->number[OPT_CYCLE] : 1;
	if (query->cycle > 1 && options_have(options, OPT_BY) && query->by != LEVEL_MONTH &&
	    !options_have(options, OPT_MONTH))
		return usage_error("--cycle: needs --by month, or --month");
	if (options_have(options, OPT_MONTH))
		return read_month(options->text[OPT_MONTH], query);
	if (options_have(options, OPT_FROM) || options_have(options, OPT_TO))
		return read_from_to(options, query);
	if (options_have(options, OPT_LAST))
		use_span((int64_t)((options->number[OPT_LAST] + SECOND - 1) / SECOND), query);
	else if (query_is_time(query->by))
		use_span(HOURS_SHOWN * (query->by == LEVEL_TEN ? 600 : HOUR), query);
	else if (query->by == LEVEL_DAY)
		use_span(DAYS_SHOWN * DAY, query);
	else
		return read_from_to(options, query);
	return STATUS_DONE;
}
