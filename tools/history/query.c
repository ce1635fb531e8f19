// SPDX-License-Identifier: GPL-2.0
/*
 * Queries of the history: periods of two levels of the database, added up.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "history/query.h"
#include "names/names.h"
#include "util/index.h"

/* A longer gap, as after a clock in 1970, is not shown in full. */
#define GAP_MAX		1000

/* The range of a level of the database, and where its periods go. */
struct part {
	enum level level;
	int64_t from, to;
};

/* A port, and the stations that are asked for, if any. */
struct subject {
	int64_t port;
	const struct query *query;
	struct report *report;
	int64_t *station;
	size_t count, room;
	struct index index;	/* of the report's stations, by id */
};

/* --- periods ---------------------------------------------------------------- */

static void add_counts_of(sqlite3_stmt *stmt, int column, uint64_t count[COUNTS])
{
	for (int c = 0; c < COUNTS; c++)
		count[c] = add_counts(count[c], sql_u64(stmt, column + c));
}

/* The period of the report that a period of the database is a part of. */
static struct report_period period_of(const struct query *query, enum level level, int64_t start)
{
	struct report_period period = { 0 };

	if (query_is_time(query->by)) {
		period.start = calendar_start(query->by, start);
		period.end = calendar_next(query->by, period.start);
	} else if (query->by == LEVEL_DAY) {
		period.start = calendar_time(LEVEL_DAY, start);
		period.end = calendar_time(LEVEL_DAY, start + 1);
	} else {
		int64_t day = level == LEVEL_MONTH ? calendar_month_day(start) : start;
		int64_t first = calendar_cycle(day, query->cycle);
		int64_t next = calendar_cycle_next(day, query->cycle);

		period.start = calendar_time(LEVEL_DAY, first < query->from ? query->from : first);
		period.end = calendar_time(LEVEL_DAY, next > query->to ? query->to : next);
	}
	return period;
}

static struct report_period *find_period(struct report *report, const struct report_period *wanted)
{
	struct report_period *period;

	/* They come in order, but for those of a second level. */
	for (size_t i = report->count; i-- > 0;)
		if (report->period[i].start == wanted->start)
			return &report->period[i];
	period = list_add(report, period);
	*period = *wanted;
	return period;
}

/* The end of a period that starts where another has ended. */
static int64_t end_after(const struct query *query, int64_t start)
{
	int64_t day = calendar_start(LEVEL_DAY, start);

	if (query_is_time(query->by))
		return calendar_next(query->by, start);
	return calendar_time(LEVEL_DAY, query->by == LEVEL_DAY ? day + 1 :
						calendar_cycle_next(day, query->cycle));
}

/* Periods in which nothing was counted are shown as well, between others. */
static void fill_gaps(const struct query *query, struct report *report)
{
	size_t count = report->count, filled;

	for (size_t i = 0; i + 1 < count; i++) {
		int64_t start = report->period[i].end, end = report->period[i + 1].start;

		for (filled = 0; start < end && filled < GAP_MAX; filled++) {
			struct report_period *period = list_add(report, period);

			period->start = start;
			start = period->end = end_after(query, start);
		}
	}
}

static int compare_periods(const void *a, const void *b)
{
	const struct report_period *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

/* The levels that have a range: two for hours and months. */
static int find_parts(const struct query *query, struct part part[2])
{
	int64_t first;

	switch (query->by) {
	case LEVEL_TEN:
		part[0] = (struct part){ LEVEL_TEN, query->from, query->to };
		return 1;
	case LEVEL_HOUR:
		part[0] = (struct part){ LEVEL_HOUR, query->from, query->to };
		part[1] = (struct part){ LEVEL_TEN, query->from, query->to };
		return 2;
	case LEVEL_DAY:
		part[0] = (struct part){ LEVEL_DAY, query->from, query->to };
		return 1;
	default:
		/* Months whose first day is in the range, and that end in it. */
		first = calendar_day_month(query->from);
		first += calendar_month_day(first) < query->from;
		part[0] = (struct part){ LEVEL_MONTH, first, calendar_day_month(query->to) };
		part[1] = (struct part){ LEVEL_DAY, query->from, query->to };
		if (query->cycle > 1)
			part[0] = part[1];
		return query->cycle > 1 ? 1 : 2;
	}
}

/* Add the rows of a part to their periods: @stmt selects start and counts. */
static void read_periods(struct history *history, struct subject *subject, const struct part *part,
			 sqlite3_stmt *stmt)
{
	while (sql_row(history, stmt)) {
		struct report_period wanted = period_of(subject->query, part->level,
							sqlite3_column_int64(stmt, 0));

		add_counts_of(stmt, 1, find_period(subject->report, &wanted)->count);
	}
}

static void read_port_part(struct history *history, struct subject *subject, const struct part *part)
{
	read_periods(history, subject, part,
		     sql(history,
			 "SELECT start, packets, bytes, tx_packets, tx_bytes FROM period"
			 " WHERE level = ?1 AND start >= ?2 AND start < ?3 AND port = ?4"
			 " ORDER BY start",
			 4, (int64_t)part->level, part->from, part->to, subject->port));
}

static void read_station_part(struct history *history, struct subject *subject,
			      const struct part *part, int64_t station)
{
	read_periods(history, subject, part,
		     sql(history,
			 "SELECT p.start, c.packets, c.bytes, c.tx_packets, c.tx_bytes"
			 " FROM period AS p CROSS JOIN count AS c"
			 " ON c.period = p.id AND c.station = ?5"
			 " WHERE p.level = ?1 AND p.start >= ?2 AND p.start < ?3 AND p.port = ?4"
			 " ORDER BY p.start",
			 5, (int64_t)part->level, part->from, part->to, subject->port, station));
}

/* --- stations --------------------------------------------------------------- */

static struct report_station *find_station(struct subject *subject, int64_t id)
{
	struct report *report = subject->report;
	uint32_t hash = index_number((uint64_t)id, 0);
	struct report_station *station;

	for (uint32_t at = index_first(&subject->index, hash); at;
	     at = index_next(&subject->index, at)) {
		station = &report->station[index_element(&subject->index, at)];
		if (station->id == id)
			return station;
	}
	report->station = array_grow(report->station, &report->station_room, report->stations,
				     sizeof(*report->station));
	index_add(&subject->index, hash, report->stations);
	station = &report->station[report->stations++];
	*station = (struct report_station){ .id = id };
	return station;
}

static void read_stations_part(struct history *history, struct subject *subject,
			       const struct part *part)
{
	sqlite3_stmt *stmt = sql(history,
				 "SELECT c.station, c.packets, c.bytes, c.tx_packets, c.tx_bytes"
				 " FROM period AS p CROSS JOIN count AS c ON c.period = p.id"
				 " WHERE p.level = ?1 AND p.start >= ?2 AND p.start < ?3 AND p.port = ?4",
				 4, (int64_t)part->level, part->from, part->to, subject->port);

	while (sql_row(history, stmt))
		add_counts_of(stmt, 1, find_station(subject, sqlite3_column_int64(stmt, 0))->count);
}

static int compare_bytes(const void *a, const void *b)
{
	const struct report_station *x = a, *y = b;
	uint64_t i = add_counts(x->count[COUNT_BYTES], x->count[COUNT_TX_BYTES]);
	uint64_t j = add_counts(y->count[COUNT_BYTES], y->count[COUNT_TX_BYTES]);

	return i != j ? (i < j) - (i > j) : (x->id > y->id) - (x->id < y->id);
}

static char *copy_column(sqlite3_stmt *stmt, int column)
{
	const char *text = (const char *)sqlite3_column_text(stmt, column);
	char *copy = text ? strdup(text) : NULL;

	if (text && !copy)
		out_of_memory();
	return copy;
}

static void read_names(struct history *history, struct report_station *station, int64_t end)
{
	sqlite3_stmt *stmt = sql(history,
				 "SELECT s.mac, s.vlan, n.text, v.text FROM station AS s"
				 " LEFT JOIN named AS o ON o.station = s.id AND o.until ="
				 "  (SELECT min(until) FROM named WHERE station = s.id AND until > ?2)"
				 " LEFT JOIN text AS n ON n.id = ifnull(o.name, s.name)"
				 " LEFT JOIN text AS v ON v.id = ifnull(o.vendor, s.vendor)"
				 " WHERE s.id = ?1", 2, station->id, end);

	while (sql_row(history, stmt)) {
		number_mac(sql_u64(stmt, 0), station->mac);
		station->vlan = sqlite3_column_type(stmt, 1) == SQLITE_NULL ?
					NO_VLAN : (uint16_t)sqlite3_column_int(stmt, 1);
		station->name = copy_column(stmt, 2);
		station->vendor = copy_column(stmt, 3);
	}
}

static void read_top(struct history *history, struct subject *subject, const struct part *part,
		     int parts, int64_t end)
{
	struct report *report = subject->report;

	for (int p = 0; p < parts; p++)
		read_stations_part(history, subject, &part[p]);
	index_free(&subject->index);
	if (report->stations)
		qsort(report->station, report->stations, sizeof(*report->station), compare_bytes);
	if (report->stations > subject->query->top)
		report->stations = subject->query->top;
	memcpy(report->others, report->sum, sizeof(report->others));
	for (size_t i = 0; i < report->stations; i++) {
		read_names(history, &report->station[i], end);
		for (int c = 0; c < COUNTS; c++)
			report->others[c] -= report->station[i].count[c];
	}
}

/* By address, by the name that is stored, or by the one that it has now. */
static void find_wanted(struct history *history, struct subject *subject)
{
	const char *wanted = subject->query->station;
	sqlite3_stmt *stmt = sql(history,
				 "SELECT s.id, s.mac, n.text FROM station AS s"
				 " LEFT JOIN text AS n ON n.id = s.name WHERE s.port = ?1",
				 1, subject->port);
	uint8_t mac[6];
	size_t size = value_mac(wanted, mac);
	bool is_mac = size && !wanted[size];

	while (sql_row(history, stmt)) {
		const char *name = (const char *)sqlite3_column_text(stmt, 2), *now;
		uint8_t its[6];
		bool found;

		number_mac(sql_u64(stmt, 1), its);
		now = is_mac ? NULL : names_find(its);
		found = is_mac ? !memcmp(its, mac, 6) :
				 (name && !strcasecmp(name, wanted)) || (now && !strcasecmp(now, wanted));
		if (found) {
			int64_t *id = list_add(subject, station);

			*id = sqlite3_column_int64(stmt, 0);
		}
	}
	subject->report->has_station = subject->count;
}

/* --- reports ---------------------------------------------------------------- */

static void read_report(struct history *history, struct subject *subject)
{
	const struct query *query = subject->query;
	struct report *report = subject->report;
	struct part part[2];
	int parts = find_parts(query, part);
	int64_t end = query_is_time(query->by) ? query->to : calendar_time(LEVEL_DAY, query->to);

	if (query->station)
		find_wanted(history, subject);
	for (int p = 0; p < parts; p++) {
		if (!query->station)
			read_port_part(history, subject, &part[p]);
		for (size_t i = 0; i < subject->count; i++)
			read_station_part(history, subject, &part[p], subject->station[i]);
	}
	if (report->count) {
		qsort(report->period, report->count, sizeof(*report->period), compare_periods);
		fill_gaps(query, report);
		qsort(report->period, report->count, sizeof(*report->period), compare_periods);
	}
	for (size_t i = 0; i < report->count; i++)
		for (int c = 0; c < COUNTS; c++)
			report->sum[c] = add_counts(report->sum[c], report->period[i].count[c]);
	if (query->top && !query->station)
		read_top(history, subject, part, parts, end);
	free(subject->station);
}

/* Days of two years ago are months, which cannot be divided. */
static bool has_months_only(struct history *history, const struct query *query)
{
	if (query_is_time(query->by) || (query->by == LEVEL_MONTH && query->cycle == 1))
		return false;
	return sql_number(history, sql(history,
				       "SELECT 1 FROM period WHERE level = 3 AND start >= ?1"
				       " AND start < ?2 LIMIT 1", 2, calendar_day_month(query->from),
				       calendar_day_month(query->to - 1) + 1));
}

bool query_run(struct history *history, const struct query *query, struct reports *reports)
{
	sqlite3_stmt *stmt = query->ifname ?
		sql(history, "SELECT id, name FROM port WHERE name = ?1 ORDER BY id", 0) :
		sql(history, "SELECT id, name FROM port ORDER BY name, id", 0);

	if (query->ifname)
		sql_text(stmt, 1, query->ifname);
	while (sql_row(history, stmt)) {
		struct report *report = list_add(reports, report);
		struct subject subject = {
			.port = sqlite3_column_int64(stmt, 0), .query = query, .report = report,
		};

		snprintf(report->ifname, sizeof(report->ifname), "%s",
			 (const char *)sqlite3_column_text(stmt, 1));
		read_report(history, &subject);
	}
	reports->months_only = has_months_only(history, query);
	return history_ok(history) || history_print_error(history);
}

void reports_free(struct reports *reports)
{
	for (size_t i = 0; i < reports->count; i++) {
		struct report *report = &reports->report[i];

		for (size_t s = 0; s < report->stations; s++) {
			free(report->station[s].name);
			free(report->station[s].vendor);
		}
		free(report->station);
		free(report->period);
	}
	free(reports->report);
	*reports = (struct reports){ 0 };
}

bool reports_have_tx(const struct reports *reports)
{
	for (size_t i = 0; i < reports->count; i++)
		if (reports->report[i].sum[COUNT_TX_PACKETS] | reports->report[i].sum[COUNT_TX_BYTES])
			return true;
	return false;
}
