// SPDX-License-Identifier: GPL-2.0
/*
 * The check of a history: its file, and its sums by each other.
 * Copyright (C) the l2packet_counter authors
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "history/calendar.h"
#include "history/edit.h"
#include "util/clock.h"
#include "util/errors.h"
#include "util/text.h"

/* Hours are deleted after sixty days: later days have all of theirs. */
#define DAYS_WITH_HOURS	59

static int check_file(struct history *history)
{
	sqlite3_stmt *stmt = sql(history, "PRAGMA integrity_check(10)", 0);
	int faults = 0;

	while (sql_row(history, stmt)) {
		const char *text = (const char *)sqlite3_column_text(stmt, 0);

		if (!text || strcmp(text, "ok")) {
			const char *line = text ? strchr(text, '\n') : "\ncannot be checked";

			error_print("%s: %s", history->name, line ? line + 1 : text);
			faults++;
		}
	}
	return faults;
}

/* Each row of a statement is a fault: a port, a level, a start, a number and another one. */
static int check_rows(struct history *history, const char *what, const char *than, sqlite3_stmt *stmt)
{
	int faults = 0;

	while (sql_row(history, stmt)) {
		error_print("%s: %s, %s %" PRId64 ": %s %" PRId64 ", %s %" PRId64, history->name,
			    (const char *)sqlite3_column_text(stmt, 0),
			    enum_name(&level_names, sql_u64(stmt, 1)), (int64_t)sql_u64(stmt, 2), what,
			    (int64_t)sql_u64(stmt, 3), than, (int64_t)sql_u64(stmt, 4));
		faults++;
	}
	return faults;
}

static int check_sums(struct history *history)
{
	int64_t today = calendar_start(LEVEL_DAY, (int64_t)(clock_wall() / SECOND));
	int faults = 0;

	faults += check_rows(
		history, "stations exceed the sum: packets", "of",
		sql(history,
		    "SELECT t.name, p.level, p.start, sum(c.packets) AS parts, p.packets FROM period AS p"
		    " JOIN count AS c ON c.period = p.id LEFT JOIN port AS t ON t.id = p.port"
		    " GROUP BY p.id HAVING parts > p.packets OR sum(c.bytes) > p.bytes"
		    " OR sum(c.tx_packets) > p.tx_packets OR sum(c.tx_bytes) > p.tx_bytes", 0));
	faults += check_rows(
		history, "packets of a day", "of its hours",
		sql(history,
		    "SELECT t.name, d.level, d.start, d.packets, sum(h.packets) AS parts FROM period AS d"
		    " JOIN period AS h ON h.level < 2 AND h.port = d.port AND h.day = d.start"
		    " LEFT JOIN port AS t ON t.id = d.port WHERE d.level = 2 AND d.start > ?1"
		    " GROUP BY d.id HAVING d.packets != parts OR d.bytes != sum(h.bytes)"
		    " OR d.tx_packets != sum(h.tx_packets) OR d.tx_bytes != sum(h.tx_bytes)",
		    1, today - DAYS_WITH_HOURS));
	faults += check_rows(
		history, "packets of all time", "of its days and months",
		sql(history,
		    "SELECT t.name, 3, 0, s.ended + s.current - s.imported AS all_time,"
		    " (SELECT ifnull(sum(CASE s.counter WHEN 0 THEN packets ELSE bytes END), 0) FROM period"
		    "  WHERE port = t.id AND level >= 2) AS parts"
		    " FROM port AS t JOIN port_sum AS s ON s.port = t.id WHERE s.counter < 2"
		    " AND all_time != parts", 0));
	faults += check_rows(
		history, "rows without a station", "of",
		sql(history,
		    "SELECT t.name, p.level, p.start, count(*), p.id FROM count AS c"
		    " LEFT JOIN period AS p ON p.id = c.period LEFT JOIN port AS t ON t.id = p.port"
		    " LEFT JOIN station AS s ON s.id = c.station"
		    " WHERE s.id IS NULL OR t.id IS NULL GROUP BY p.id", 0));
	return faults;
}

int history_check(struct history *history)
{
	int faults;

	if (!history_begin_reader(history))
		return STATUS_FAILED;
	faults = check_file(history);
	if (!faults)
		faults = check_sums(history);
	if (!history_ok(history)) {
		history_print_error(history);
		faults++;
	}
	if (faults)
		return STATUS_FAILED;
	printf("%s: %" PRId64 " ports, %" PRId64 " stations, %" PRId64 " periods: all sums are right\n",
	       history->name, sql_number(history, sql(history, "SELECT count(*) FROM port", 0)),
	       sql_number(history, sql(history, "SELECT count(*) FROM station", 0)),
	       sql_number(history, sql(history, "SELECT count(*) FROM period", 0)));
	return STATUS_DONE;
}
