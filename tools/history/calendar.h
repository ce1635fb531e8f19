/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The calendar of the history: ten minutes, hours, days and months in local time.
 * Copyright (C) the l2packet_counter authors
 *
 * Ten minutes and hours are known by the time at which they start, in seconds since 1970:
 * of the two hours of one name, when clocks are set back, each is one. Days and months are
 * those of the calendar, whatever the time zone is later: numbers of days since 1970-01-01,
 * and of months since January of the year 0.
 */
#ifndef L2PC_TOOL_CALENDAR_H
#define L2PC_TOOL_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include "util/value.h"

/** enum level - lengths of periods; their numbers are those of the database */
enum level {
	LEVEL_TEN,
	LEVEL_HOUR,
	LEVEL_DAY,
	LEVEL_MONTH,
	LEVELS
};

/* Names of levels, as --by has them. */
extern const struct enum_names level_names;

/** calendar_start() - the period of a level that a time is in; @time: seconds since 1970 */
int64_t calendar_start(enum level level, int64_t time);

/** calendar_time() - the time at which a period starts, seconds since 1970 */
int64_t calendar_time(enum level level, int64_t start);

/** calendar_next() - the period after another */
int64_t calendar_next(enum level level, int64_t start);

/** calendar_day() - the number of a day; months may be below 1 or above 12 */
int64_t calendar_day(int64_t year, int64_t month, int64_t day);

/** calendar_day_month() - the month that a day is in */
int64_t calendar_day_month(int64_t day);

/** calendar_month_day() - the first day of a month */
int64_t calendar_month_day(int64_t month);

/**
 * calendar_cycle() - the first day of the month that has a day, where months begin late
 * @day: number of the day
 * @first: day on which months begin, 1 to 31; in a shorter month its last one
 */
int64_t calendar_cycle(int64_t day, unsigned int first);

/** calendar_cycle_next() - the first day of the month after that */
int64_t calendar_cycle_next(int64_t day, unsigned int first);

/** calendar_split() - year, month and day of the number of a day */
void calendar_split(int64_t day, int *year, int *month, int *day_of_month);

#endif /* L2PC_TOOL_CALENDAR_H */
