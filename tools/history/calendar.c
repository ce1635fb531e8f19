// SPDX-License-Identifier: GPL-2.0
/*
 * The calendar of the history, from libc's time zone.
 * Copyright (C) the l2packet_counter authors
 */
#include <time.h>

#include "history/calendar.h"

#define TEN		600
#define HOUR		3600
#define DAY		86400

static const char *const names[LEVELS] = {
	[LEVEL_TEN] = "10min", [LEVEL_HOUR] = "hour", [LEVEL_DAY] = "day", [LEVEL_MONTH] = "month",
};
const struct enum_names level_names = ENUM_NAMES(names);

/* Round down, also what is below 0. */
static int64_t floor_to(int64_t value, int64_t unit)
{
	int64_t rest = value % unit;

	return value - (rest < 0 ? rest + unit : rest);
}

/* Seconds that local time is ahead of UTC. */
static int64_t offset_at(int64_t at)
{
	time_t time = (time_t)at;
	struct tm local;

	return localtime_r(&time, &local) ? local.tm_gmtoff : 0;
}

void calendar_split(int64_t day, int *year, int *month, int *day_of_month)
{
	time_t time = (time_t)(day * DAY);
	struct tm date = { 0 };

	gmtime_r(&time, &date);
	*year = date.tm_year + 1900;
	*month = date.tm_mon + 1;
	*day_of_month = date.tm_mday;
}

int64_t calendar_day(int64_t year, int64_t month, int64_t day)
{
	struct tm date = {
		.tm_year = (int)year - 1900, .tm_mon = (int)month - 1, .tm_mday = (int)day,
	};

	return floor_to((int64_t)timegm(&date), DAY) / DAY;
}

int64_t calendar_month_day(int64_t month)
{
	return calendar_day(month / 12, month % 12 + 1, 1);
}

int64_t calendar_day_month(int64_t day)
{
	int year, month, day_of_month;

	calendar_split(day, &year, &month, &day_of_month);
	return year * INT64_C(12) + month - 1;
}

int64_t calendar_start(enum level level, int64_t time)
{
	int64_t offset = offset_at(time);

	switch (level) {
	case LEVEL_TEN:
		return floor_to(time + offset, TEN) - offset;
	case LEVEL_HOUR:
		return floor_to(time + offset, HOUR) - offset;
	case LEVEL_DAY:
		return floor_to(time + offset, DAY) / DAY;
	default:
		return calendar_day_month(floor_to(time + offset, DAY) / DAY);
	}
}

/* Where clocks are set forward at midnight, the day starts at one o'clock: mktime() knows. */
static int64_t day_time(int64_t day)
{
	struct tm date = { .tm_isdst = -1 };
	int year, month;

	calendar_split(day, &year, &month, &date.tm_mday);
	date.tm_year = year - 1900;
	date.tm_mon = month - 1;
	return (int64_t)mktime(&date);
}

int64_t calendar_time(enum level level, int64_t start)
{
	switch (level) {
	case LEVEL_DAY:
		return day_time(start);
	case LEVEL_MONTH:
		return day_time(calendar_month_day(start));
	default:
		return start;
	}
}

int64_t calendar_next(enum level level, int64_t start)
{
	switch (level) {
	case LEVEL_TEN:
		return calendar_start(level, start + TEN);
	case LEVEL_HOUR:
		return calendar_start(level, start + HOUR);
	default:
		return start + 1;
	}
}

/* The day of a month on which the cycle begins. */
static int64_t cycle_day(int64_t month, unsigned int first)
{
	int64_t start = calendar_month_day(month), end = calendar_month_day(month + 1);

	return start + first - 1 < end ? start + first - 1 : end - 1;
}

int64_t calendar_cycle(int64_t day, unsigned int first)
{
	int64_t month = calendar_day_month(day), start = cycle_day(month, first);

	return day < start ? cycle_day(month - 1, first) : start;
}

int64_t calendar_cycle_next(int64_t day, unsigned int first)
{
	int64_t month = calendar_day_month(day), start = cycle_day(month, first);

	return day < start ? start : cycle_day(month + 1, first);
}
