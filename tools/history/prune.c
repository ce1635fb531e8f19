// SPDX-License-Identifier: GPL-2.0
/*
 * What is old, and what does not fit any more.
 * Copyright (C) the l2packet_counter authors
 *
 * Sums of ports lose nothing but hours: what is removed of stations before its time is in
 * "others" from then on.
 */
#include <stdlib.h>

#include "history/period.h"
#include "history/prune.h"
#include "util/array.h"
#include "util/clock.h"
#include "util/text.h"

#define DAY		INT64_C(86400)
#define TEN_KEPT	(2 * DAY)
#define HOUR_KEPT	(60 * DAY)
#define DAYS_KEPT	731

/* Above so many tenths of the bound, stations of old periods go. */
#define FULL_TENTHS	9
/* Periods whose stations go at a time. */
#define FULL_PERIODS	16

static void find_old(struct history *history, enum level level, int64_t before,
		     struct periods *olds)
{
	periods_read(history,
		     sql(history,
			 "SELECT " PERIOD_COLUMNS " FROM period WHERE level = ?1 AND start < ?2"
			 " ORDER BY start", 2, (int64_t)level, before), olds);
}

/* Merge old periods into longer ones. */
static void lengthen(struct history *history, enum level level, int64_t before)
{
	int64_t limit = setting_get(history, SETTING_STATIONS, STATIONS_DEFAULT);
	struct periods olds = { 0 };

	find_old(history, level, before, &olds);
	for (size_t i = 0; i < olds.count && history_ok(history); i++) {
		const struct period *old = &olds.row[i].period;
		struct period longer = { .port = old->port };
		int64_t id;

		if (level == LEVEL_TEN) {
			longer.level = LEVEL_HOUR;
			longer.start = calendar_start(LEVEL_HOUR, old->start);
			/* After a change of the time zone an hour may be in two days. */
			longer.clock = longer.day = old->day;
		} else {
			longer.level = LEVEL_MONTH;
			longer.start = calendar_day_month(old->start);
		}
		id = period_find(history, &longer);
		period_merge(history, olds.row[i].id, id);
		period_limit(history, id, limit);
	}
	free(olds.row);
}

static void delete_hours(struct history *history, int64_t before)
{
	struct periods olds = { 0 };

	find_old(history, LEVEL_HOUR, before, &olds);
	for (size_t i = 0; i < olds.count && history_ok(history); i++)
		period_delete(history, olds.row[i].id);
	free(olds.row);
}

static bool is_full(struct history *history)
{
	int64_t pages = sql_number(history, sql(history, "PRAGMA page_count", 0)) -
			sql_number(history, sql(history, "PRAGMA freelist_count", 0));
	int64_t bytes = pages * sql_number(history, sql(history, "PRAGMA page_size", 0));

	return bytes / FULL_TENTHS > setting_get(history, SETTING_SIZE, SIZE_DEFAULT) / 10;
}

/* Delete the stations of the oldest periods of a level. Return: there were some. */
static bool delete_stations(struct history *history, enum level level)
{
	sql_run(history, sql(history,
			     "DELETE FROM count WHERE period IN (SELECT id FROM period WHERE level = ?1"
			     " AND EXISTS (SELECT 1 FROM count WHERE period = period.id)"
			     " ORDER BY start LIMIT ?2)",
			     2, (int64_t)level, (int64_t)FULL_PERIODS));
	return history_ok(history) && sqlite3_changes(history->db) > 0;
}

void history_prune(struct history *history, const char *boot)
{
	static const enum level order[] = { LEVEL_HOUR, LEVEL_DAY, LEVEL_MONTH };
	int64_t now = (int64_t)(clock_wall() / SECOND), month;
	sqlite3_stmt *stmt;

	/* A clock that is far ahead must not make all of it old: wait until it was set. */
	if (clock_synchronized() || clock_boot() / SECOND >= (uint64_t)DAY) {
		lengthen(history, LEVEL_TEN, calendar_start(LEVEL_HOUR, now - TEN_KEPT));
		delete_hours(history, calendar_start(LEVEL_HOUR, now - HOUR_KEPT));
		month = calendar_day_month(calendar_start(LEVEL_DAY, now) - DAYS_KEPT);
		lengthen(history, LEVEL_DAY, calendar_month_day(month));
	}
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		while (is_full(history) && delete_stations(history, order[i]))
			;
	stmt = sql(history,
		   "DELETE FROM clock WHERE boot != ?1 AND id NOT IN"
		   " (SELECT clock FROM period WHERE level = 0)", 0);
	sql_text(stmt, 1, boot);
	sql_run(history, stmt);
}
