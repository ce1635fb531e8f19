// SPDX-License-Identifier: GPL-2.0
/*
 * Changes of a history.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdlib.h>

#include "history/edit.h"
#include "history/period.h"
#include "util/array.h"
#include "util/errors.h"

static int64_t find_port(struct history *history, const char *ifname)
{
	/* Of two ports of a name the one that was read last. */
	sqlite3_stmt *stmt = sql(history, "SELECT id FROM port WHERE name = ?1 ORDER BY id DESC LIMIT 1",
				 0);

	sql_text(stmt, 1, ifname);
	return sql_number(history, stmt);
}

static int no_counts(const struct history *history, const char *ifname)
{
	return usage_error("%s: no counts of %s", history->name, ifname);
}

static int finish(struct history *history)
{
	return history_commit(history) ? STATUS_DONE : STATUS_FAILED;
}

int edit_rename(struct history *history, const char *ifname, const char *name)
{
	sqlite3_stmt *stmt;

	if (!history_begin(history))
		return STATUS_FAILED;
	if (!find_port(history, ifname) && history_ok(history))
		return no_counts(history, ifname);
	if (find_port(history, name))
		return usage_error("%s: there is a history of %s (l2pc history %s --merge %s)",
				   history->name, name, name, ifname);
	stmt = sql(history, "UPDATE port SET name = ?2 WHERE name = ?1", 0);
	sql_text(stmt, 1, ifname);
	sql_text(stmt, 2, name);
	sql_run(history, stmt);
	return finish(history);
}

/* --- merging ---------------------------------------------------------------- */

/* Stations that both have: those of @from become those of the other. */
static void map_stations(struct history *history, int64_t from, int64_t to)
{
	sql_run(history, sql(history, "CREATE TEMP TABLE map(old INTEGER PRIMARY KEY, new INTEGER)", 0));
	sql_run(history, sql(history,
			     "INSERT INTO map SELECT f.id, min(t.id) FROM station AS f JOIN station AS t"
			     " ON t.mac = f.mac AND t.vlan IS f.vlan AND t.port = ?2"
			     " WHERE f.port = ?1 GROUP BY f.id",
			     2, from, to));
	sql_run(history, sql(history,
			     "UPDATE station SET (first, last, ended_packets, ended_bytes,"
			     " ended_tx_packets, ended_tx_bytes) = (SELECT min(station.first, f.first),"
			     " max(station.last, f.last), station.ended_packets + f.ended_packets + f.packets,"
			     " station.ended_bytes + f.ended_bytes + f.bytes,"
			     " station.ended_tx_packets + f.ended_tx_packets + f.tx_packets,"
			     " station.ended_tx_bytes + f.ended_tx_bytes + f.tx_bytes"
			     " FROM map JOIN station AS f ON f.id = old WHERE new = station.id)"
			     " WHERE id IN (SELECT new FROM map)", 0));
	/* The lifetime in which the others were counted has ended. */
	sql_run(history, sql(history,
			     "UPDATE station SET port = ?2, ended_packets = ended_packets + packets,"
			     " ended_bytes = ended_bytes + bytes,"
			     " ended_tx_packets = ended_tx_packets + tx_packets,"
			     " ended_tx_bytes = ended_tx_bytes + tx_bytes,"
			     " packets = 0, bytes = 0, tx_packets = 0, tx_bytes = 0"
			     " WHERE port = ?1 AND id NOT IN (SELECT old FROM map)",
			     2, from, to));
}

static void merge_periods(struct history *history, int64_t from, int64_t to)
{
	int64_t limit = setting_get(history, SETTING_STATIONS, STATIONS_DEFAULT);
	struct periods merged = { 0 };

	periods_read(history, sql(history, "SELECT " PERIOD_COLUMNS " FROM period WHERE port = ?1", 1,
				  from), &merged);
	for (size_t i = 0; i < merged.count && history_ok(history); i++) {
		struct period_row *row = &merged.row[i];
		int64_t id = row->id, into;

		row->period.port = to;
		into = period_find(history, &row->period);
		sql_run(history, sql(history,
				     "UPDATE count SET station = (SELECT new FROM map WHERE old = station)"
				     " WHERE period = ?1 AND station IN (SELECT old FROM map)", 1, id));
		period_merge(history, id, into);
		period_limit(history, into, limit);
	}
	free(merged.row);
}

static void delete_port(struct history *history, int64_t port)
{
	sql_run(history, sql(history, "DELETE FROM named WHERE station IN"
				      " (SELECT id FROM station WHERE port = ?1)", 1, port));
	sql_run(history, sql(history, "DELETE FROM station WHERE port = ?1", 1, port));
	sql_run(history, sql(history, "DELETE FROM port_sum WHERE port = ?1", 1, port));
	sql_run(history, sql(history, "DELETE FROM port WHERE id = ?1", 1, port));
}

int edit_merge(struct history *history, const char *ifname, const char *from)
{
	int64_t to_id, from_id;

	if (!history_begin(history))
		return STATUS_FAILED;
	to_id = find_port(history, ifname);
	from_id = find_port(history, from);
	if (history_ok(history) && (!to_id || !from_id))
		return no_counts(history, to_id ? from : ifname);
	if (to_id == from_id)
		return usage_error("--merge: %s is the same port (name another one)", from);
	map_stations(history, from_id, to_id);
	merge_periods(history, from_id, to_id);
	sql_run(history, sql(history,
			     "INSERT INTO port_sum SELECT ?2, counter, ended + current, 0, imported"
			     " FROM port_sum WHERE port = ?1 ON CONFLICT(port, counter) DO UPDATE SET"
			     " ended = ended + excluded.ended, imported = imported + excluded.imported",
			     2, from_id, to_id));
	sql_run(history, sql(history,
			     "UPDATE port SET since = min(since, (SELECT since FROM port WHERE id = ?1))"
			     " WHERE id = ?2", 2, from_id, to_id));
	delete_port(history, from_id);
	sql_run(history, sql(history, "DROP TABLE map", 0));
	return finish(history);
}

/* --- forgetting ------------------------------------------------------------- */

int edit_forget(struct history *history, const char *ifname)
{
	int64_t port;
	bool found = false;

	/* What is deleted is overwritten. */
	sql_run(history, sql(history, "PRAGMA secure_delete = ON", 0));
	if (!history_begin(history))
		return STATUS_FAILED;
	while ((port = find_port(history, ifname))) {
		sql_run(history, sql(history, "DELETE FROM count WHERE period IN"
					      " (SELECT id FROM period WHERE port = ?1)", 1, port));
		sql_run(history, sql(history, "DELETE FROM period WHERE port = ?1", 1, port));
		delete_port(history, port);
		found = true;
	}
	if (!found && history_ok(history))
		return no_counts(history, ifname);
	/* Names that no station has any more. */
	sql_run(history, sql(history,
			     "DELETE FROM text WHERE id NOT IN (SELECT name FROM station UNION"
			     " SELECT vendor FROM station UNION SELECT name FROM named UNION"
			     " SELECT vendor FROM named)", 0));
	if (!history_commit(history))
		return STATUS_FAILED;
	/* The log has what was there before. */
	sql_run(history, sql(history, "PRAGMA wal_checkpoint(TRUNCATE)", 0));
	return STATUS_DONE;
}
