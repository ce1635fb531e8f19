// SPDX-License-Identifier: GPL-2.0
/*
 * Clocks that were wrong at boot: ten minutes move, and their counts from day to day.
 * Copyright (C) the l2packet_counter authors
 *
 * A machine without a battery starts in 1970, or when it was shut down, until NTP has set
 * the clock. Time since boot goes on: what the two differ by has changed then. A clock
 * that was synchronized was right: a difference that changes later is another matter, as
 * of a virtual machine that was stopped for a while. What came before stays.
 */
#include <stdlib.h>

#include "history/period.h"
#include "history/shift.h"
#include "util/array.h"
#include "util/clock.h"
#include "util/text.h"

/* Less than this is the clock's own drift, in seconds. */
#define SHIFT_MIN	60
/* Ten minutes go where their middle is. */
#define TEN_MIDDLE	300

/* Find the ten minutes of a clock. What moves must not meet what has not moved yet. */
static void find_moved(struct history *history, int64_t clock, bool forward,
		       struct periods *moved)
{
	periods_read(history, forward ?
		     sql(history, "SELECT " PERIOD_COLUMNS " FROM period WHERE level = 0 AND"
				  " clock = ?1 ORDER BY start DESC", 1, clock) :
		     sql(history, "SELECT " PERIOD_COLUMNS " FROM period WHERE level = 0 AND"
				  " clock = ?1 ORDER BY start", 1, clock), moved);
}

/* Take the counts of ten minutes out of their day, which may have fewer stations. */
static void day_remove(struct history *history, const struct period_row *ten)
{
	int64_t day = period_find(history, &(struct period){ LEVEL_DAY, ten->period.day,
							     ten->period.port, 0, 0 });

	sql_run(history, sql(history,
			     "UPDATE count SET (packets, bytes, tx_packets, tx_bytes) ="
			     " (SELECT max(0, count.packets - t.packets), max(0, count.bytes - t.bytes),"
			     " max(0, count.tx_packets - t.tx_packets), max(0, count.tx_bytes - t.tx_bytes)"
			     " FROM count AS t WHERE t.period = ?2 AND t.station = count.station)"
			     " WHERE period = ?1 AND station IN"
			     " (SELECT station FROM count WHERE period = ?2)",
			     2, day, ten->id));
	sql_run(history, sql(history,
			     "DELETE FROM count WHERE period = ?1 AND packets = 0 AND tx_packets = 0"
			     " AND bytes = 0 AND tx_bytes = 0", 1, day));
	sql_run(history, sql(history,
			     "UPDATE period SET (packets, bytes, tx_packets, tx_bytes) ="
			     " (SELECT period.packets - t.packets, period.bytes - t.bytes,"
			     " period.tx_packets - t.tx_packets, period.tx_bytes - t.tx_bytes"
			     " FROM period AS t WHERE t.id = ?2) WHERE id = ?1",
			     2, day, ten->id));
	if (!sql_number(history, sql(history,
				     "SELECT packets | bytes | tx_packets | tx_bytes FROM period"
				     " WHERE id = ?1", 1, day)))
		period_delete(history, day);
}

/* Add the counts of ten minutes to another day. */
static void day_add(struct history *history, const struct period_row *ten, int64_t start)
{
	int64_t day = period_find(history, &(struct period){ LEVEL_DAY, start, ten->period.port, 0, 0 });
	/* A period that is merged is deleted: merge a copy. */
	int64_t copy = period_find(history, &(struct period){ LEVEL_TEN, 0, ten->period.port, -1, 0 });

	sql_run(history, sql(history,
			     "UPDATE period SET (packets, bytes, tx_packets, tx_bytes) ="
			     " (SELECT packets, bytes, tx_packets, tx_bytes FROM period WHERE id = ?2)"
			     " WHERE id = ?1",
			     2, copy, ten->id));
	sql_run(history, sql(history,
			     "INSERT INTO count SELECT ?1, station, packets, bytes, tx_packets, tx_bytes"
			     " FROM count WHERE period = ?2", 2, copy, ten->id));
	period_merge(history, copy, day);
	period_limit(history, day, setting_get(history, SETTING_STATIONS, STATIONS_DEFAULT));
}

static void move_ten(struct history *history, int64_t clock, const struct period_row *ten,
		     int64_t by)
{
	int64_t start = calendar_start(LEVEL_TEN, ten->period.start + by + TEN_MIDDLE);
	int64_t day = calendar_start(LEVEL_DAY, start), other;

	if (day != ten->period.day) {
		day_remove(history, ten);
		day_add(history, ten, day);
	}
	other = sql_number(history, sql(history,
					"SELECT id FROM period WHERE level = 0 AND start = ?1"
					" AND port = ?2 AND clock = ?3", 3, start, ten->period.port, clock));
	if (other && other != ten->id)
		period_merge(history, ten->id, other);
	else
		sql_run(history, sql(history, "UPDATE period SET start = ?2, day = ?3 WHERE id = ?1", 3,
				     ten->id, start, day));
}

/* Timestamps that this boot has made by the old clock. */
static void move_stamps(struct history *history, int64_t offset, int64_t by)
{
	int64_t from = offset * 1000, to = from + (int64_t)(clock_boot() / (SECOND / 1000));

	sql_run(history, sql(history,
			     "UPDATE station SET first = first + ?3 WHERE first BETWEEN ?1 AND ?2", 3,
			     from, to, by * 1000));
	sql_run(history, sql(history,
			     "UPDATE station SET last = last + ?3 WHERE last BETWEEN ?1 AND ?2", 3,
			     from, to, by * 1000));
	sql_run(history, sql(history,
			     "UPDATE port SET since = since + ?3 WHERE since BETWEEN ?1 AND ?2", 3, from,
			     to, by * 1000));
	sql_run(history, sql(history,
			     "UPDATE OR IGNORE named SET until = until + ?3 WHERE until BETWEEN ?1 AND ?2",
			     3, from / 1000, to / 1000, by));
}

static void shift(struct history *history, int64_t clock, int64_t offset, int64_t by)
{
	struct periods moved = { 0 };

	find_moved(history, clock, by > 0, &moved);
	for (size_t i = 0; i < moved.count; i++)
		move_ten(history, clock, &moved.row[i], by);
	free(moved.row);
	move_stamps(history, offset, by);
}

static int64_t clock_add(struct history *history, const char *boot, int64_t offset, bool synced)
{
	sqlite3_stmt *stmt = sql(history, "INSERT INTO clock(offset, synced, boot) VALUES(?1, ?2, ?3)",
				 2, offset, (int64_t)synced);

	sql_text(stmt, 3, boot);
	sql_run(history, stmt);
	return sqlite3_last_insert_rowid(history->db);
}

int64_t clock_find(struct history *history, const char *boot)
{
	sqlite3_stmt *stmt = sql(history,
				 "SELECT id, offset, synced FROM clock WHERE boot = ?1"
				 " ORDER BY id DESC LIMIT 1", 0);
	int64_t now = ((int64_t)clock_wall() - (int64_t)clock_boot()) / (int64_t)SECOND;
	int64_t id = 0, offset = 0;
	bool synced = false, changed;

	sql_text(stmt, 1, boot);
	while (sql_row(history, stmt)) {
		id = sqlite3_column_int64(stmt, 0);
		offset = sqlite3_column_int64(stmt, 1);
		synced = sqlite3_column_int(stmt, 2);
	}
	changed = llabs(now - offset) >= SHIFT_MIN;
	if (!id || (synced && changed))
		return clock_add(history, boot, now, clock_synchronized());
	if (changed)
		shift(history, id, offset, now - offset);
	if (changed || clock_synchronized() != synced)
		sql_run(history, sql(history, "UPDATE clock SET offset = ?2, synced = ?3 WHERE id = ?1",
				     3, id, changed ? now : offset,
				     (int64_t)(synced || clock_synchronized())));
	return id;
}
