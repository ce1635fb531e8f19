// SPDX-License-Identifier: GPL-2.0
/*
 * Periods in the database: found, added to, merged and bounded.
 * Copyright (C) the l2packet_counter authors
 */
#include "history/period.h"
#include "util/array.h"

#define ADD_COUNTS                                                             \
	"packets = packets + excluded.packets, bytes = bytes + excluded.bytes," \
	" tx_packets = tx_packets + excluded.tx_packets,"                       \
	" tx_bytes = tx_bytes + excluded.tx_bytes"

void periods_read(struct history *history, sqlite3_stmt *stmt, struct periods *periods)
{
	while (sql_row(history, stmt)) {
		struct period_row *row = list_add(periods, row);

		row->id = sqlite3_column_int64(stmt, 0);
		row->period = (struct period){
			.level = (enum level)sqlite3_column_int(stmt, 1),
			.start = sqlite3_column_int64(stmt, 2),
			.port = sqlite3_column_int64(stmt, 3),
			.clock = sqlite3_column_int64(stmt, 4),
			.day = sqlite3_column_int64(stmt, 5),
		};
	}
}

int64_t period_find(struct history *history, const struct period *period)
{
	int64_t id = sql_number(history,
				sql(history,
				    "SELECT id FROM period WHERE level = ?1 AND start = ?2"
				    " AND port = ?3 AND clock = ?4",
				    4, (int64_t)period->level, period->start, period->port,
				    period->clock));

	if (id || !history_ok(history))
		return id;
	sql_run(history, sql(history,
			     "INSERT INTO period(level, start, port, clock, day, packets, bytes,"
			     " tx_packets, tx_bytes) VALUES(?1, ?2, ?3, ?4, ?5, 0, 0, 0, 0)",
			     5, (int64_t)period->level, period->start, period->port, period->clock,
			     period->day));
	return sqlite3_last_insert_rowid(history->db);
}

void period_add(struct history *history, int64_t id, const uint64_t count[COUNTS])
{
	sql_run(history, sql(history,
			     "UPDATE period SET packets = packets + ?2, bytes = bytes + ?3,"
			     " tx_packets = tx_packets + ?4, tx_bytes = tx_bytes + ?5 WHERE id = ?1",
			     5, id, (int64_t)count[COUNT_PACKETS], (int64_t)count[COUNT_BYTES],
			     (int64_t)count[COUNT_TX_PACKETS], (int64_t)count[COUNT_TX_BYTES]));
}

void period_add_station(struct history *history, int64_t id, int64_t station,
			const uint64_t count[COUNTS])
{
	sql_run(history, sql(history,
			     "INSERT INTO count VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
			     " ON CONFLICT(period, station) DO UPDATE SET " ADD_COUNTS,
			     6, id, station, (int64_t)count[COUNT_PACKETS], (int64_t)count[COUNT_BYTES],
			     (int64_t)count[COUNT_TX_PACKETS], (int64_t)count[COUNT_TX_BYTES]));
}

void period_delete(struct history *history, int64_t id)
{
	sql_run(history, sql(history, "DELETE FROM count WHERE period = ?1", 1, id));
	sql_run(history, sql(history, "DELETE FROM period WHERE id = ?1", 1, id));
}

void period_merge(struct history *history, int64_t from, int64_t to)
{
	if (from == to)
		return;
	sql_run(history, sql(history,
			     "INSERT INTO count SELECT ?2, station, packets, bytes, tx_packets, tx_bytes"
			     " FROM count WHERE period = ?1"
			     " ON CONFLICT(period, station) DO UPDATE SET " ADD_COUNTS,
			     2, from, to));
	sql_run(history, sql(history,
			     "UPDATE period SET (packets, bytes, tx_packets, tx_bytes) ="
			     " (SELECT period.packets + f.packets, period.bytes + f.bytes,"
			     " period.tx_packets + f.tx_packets, period.tx_bytes + f.tx_bytes"
			     " FROM period AS f WHERE f.id = ?1) WHERE id = ?2",
			     2, from, to));
	period_delete(history, from);
}

void period_limit(struct history *history, int64_t id, int64_t stations)
{
	int64_t rows = sql_number(history, sql(history, "SELECT count(*) FROM count WHERE period = ?1",
					       1, id));

	if (rows <= stations)
		return;
	sql_run(history, sql(history,
			     "DELETE FROM count WHERE period = ?1 AND station IN"
			     " (SELECT station FROM count WHERE period = ?1"
			     " ORDER BY bytes + tx_bytes, station LIMIT ?2)",
			     2, id, rows - stations));
}
