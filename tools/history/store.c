// SPDX-License-Identifier: GPL-2.0
/*
 * The state in the database, and the counts that a save adds to periods.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history/period.h"
#include "history/store.h"
#include "history/texts.h"
#include "names/names.h"
#include "util/clock.h"

#define MILLISECOND	(SECOND / 1000)

/* --- loading ---------------------------------------------------------------- */

static void load_sums(struct history *history, struct saved_port *port)
{
	sqlite3_stmt *stmt = sql(history,
				 "SELECT counter, ended, current FROM port_sum WHERE port = ?1", 1,
				 port->id);

	while (sql_row(history, stmt)) {
		int counter = sqlite3_column_int(stmt, 0);

		if (counter < 0 || counter >= SUMS)
			continue;
		port->ended[counter] = sql_u64(stmt, 1);
		port->current[counter] = sql_u64(stmt, 2);
	}
	port->delta.packets = port->current[SUM_PACKETS];
	port->delta.tx_packets = port->current[SUM_TX_PACKETS];
}

static void load_text(sqlite3_stmt *stmt, int column, char *text, size_t size)
{
	const char *value = (const char *)sqlite3_column_text(stmt, column);

	snprintf(text, size, "%s", value ? value : "");
}

static void load_ports(struct history *history, struct state *state)
{
	sqlite3_stmt *stmt = sql(history,
				 "SELECT id, name, identity, boot, ifindex, opened, read, slept, since"
				 " FROM port ORDER BY id", 0);

	while (sql_row(history, stmt)) {
		size_t slot = delta_port_add(&state->delta);
		struct saved_port *port = delta_port_at(&state->delta, slot);

		port->id = sqlite3_column_int64(stmt, 0);
		load_text(stmt, 1, port->delta.ifname, sizeof(port->delta.ifname));
		number_mac(sql_u64(stmt, 2), port->delta.identity);
		load_text(stmt, 3, port->delta.boot, sizeof(port->delta.boot));
		port->delta.ifindex = (uint32_t)sqlite3_column_int64(stmt, 4);
		port->delta.opened = sql_u64(stmt, 5);
		port->delta.read = sql_u64(stmt, 6);
		port->delta.slept = sql_u64(stmt, 7);
		port->since = sql_u64(stmt, 8) * MILLISECOND;
		load_sums(history, port);
	}
}

/* Ports are few, and in the order of their ids. */
static size_t find_slot(const struct state *state, int64_t id)
{
	size_t from = 0, to = state->delta.ports;

	while (from < to) {
		size_t middle = (from + to) / 2;
		const struct saved_port *port = delta_port_at(&state->delta, middle);

		if (port->id == id)
			return middle;
		if (port->id < id)
			from = middle + 1;
		else
			to = middle;
	}
	return SIZE_MAX;
}

static void load_stations(struct history *history, struct state *state)
{
	sqlite3_stmt *stmt = sql(history,
				 "SELECT id, port, mac, vlan, first, last, packets, bytes, tx_packets,"
				 " tx_bytes, ended_packets, ended_bytes, ended_tx_packets,"
				 " ended_tx_bytes, name, vendor FROM station ORDER BY id", 0);

	while (sql_row(history, stmt)) {
		size_t slot = find_slot(state, sqlite3_column_int64(stmt, 1));
		bool tagged = sqlite3_column_type(stmt, 3) != SQLITE_NULL;
		struct saved_station *saved;
		uint8_t mac[6];

		if (slot == SIZE_MAX)
			continue;
		number_mac(sql_u64(stmt, 2), mac);
		saved = (struct saved_station *)delta_add(
			&state->delta, slot, mac,
			tagged ? (uint16_t)sqlite3_column_int(stmt, 3) : NO_VLAN);
		saved->id = sqlite3_column_int64(stmt, 0);
		saved->first = sql_u64(stmt, 4) * MILLISECOND;
		saved->last = sql_u64(stmt, 5) * MILLISECOND;
		saved->delta.packets = sql_u64(stmt, 6);
		saved->delta.bytes = sql_u64(stmt, 7);
		saved->delta.tx_packets = sql_u64(stmt, 8);
		saved->delta.tx_bytes = sql_u64(stmt, 9);
		for (int c = 0; c < COUNTS; c++)
			saved->ended[c] = sql_u64(stmt, 10 + c);
		saved->name = (uint32_t)sqlite3_column_int64(stmt, 14);
		saved->vendor = (uint32_t)sqlite3_column_int64(stmt, 15);
	}
}

void state_load(struct history *history, struct state *state)
{
	state->saved = (uint64_t)setting_get(history, SETTING_SAVED, 0);
	load_ports(history, state);
	load_stations(history, state);
}

/* --- storing ---------------------------------------------------------------- */

static void store_port(struct history *history, struct saved_port *port, bool imported)
{
	static const char insert[] =
		"INSERT INTO port(ifindex, opened, read, slept, since, identity, name, boot)"
		" VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?8, ?9)";
	static const char update[] =
		"UPDATE port SET ifindex = ?1, opened = ?2, read = ?3, slept = ?4, since = ?5,"
		" identity = ?6, name = ?8, boot = ?9 WHERE id = ?7";
	sqlite3_stmt *stmt = sql(history, port->id ? update : insert, port->id ? 7 : 6,
				 (int64_t)port->delta.ifindex, (int64_t)port->delta.opened,
				 (int64_t)port->delta.read, (int64_t)port->delta.slept,
				 (int64_t)(port->since / MILLISECOND),
				 (int64_t)mac_number(port->delta.identity), port->id);

	sql_text(stmt, 8, port->delta.ifname);
	sql_text(stmt, 9, port->delta.boot);
	sql_run(history, stmt);
	if (!port->id && history_ok(history))
		port->id = sqlite3_last_insert_rowid(history->db);
	for (int s = 0; s < SUMS; s++) {
		uint64_t known = imported ? port->ended[s] + port->current[s] : 0;

		if (port->ended[s] | port->current[s])
			sql_run(history,
				sql(history,
				    "INSERT INTO port_sum VALUES(?1, ?2, ?3, ?4, ?5)"
				    " ON CONFLICT(port, counter) DO UPDATE SET"
				    " ended = excluded.ended, current = excluded.current",
				    5, port->id, (int64_t)s, (int64_t)port->ended[s],
				    (int64_t)port->current[s], (int64_t)known));
	}
}

/* A name that is not known now, because its source is away, stays. */
static void update_names(struct history *history, struct texts *texts, struct saved_station *saved)
{
	uint32_t name = texts_id(history, texts, names_find(saved->delta.mac));
	uint32_t vendor = texts_id(history, texts, names_vendor(saved->delta.mac));

	name = name ? name : saved->name;
	vendor = vendor ? vendor : saved->vendor;
	if (saved->id && (saved->name | saved->vendor) &&
	    (name != saved->name || vendor != saved->vendor))
		sql_run(history, sql(history, "INSERT OR IGNORE INTO named VALUES(?1, ?2, ?3, ?4)", 4,
				     saved->id, (int64_t)(clock_wall() / SECOND),
				     (int64_t)saved->name, (int64_t)saved->vendor));
	saved->name = name;
	saved->vendor = vendor;
}

static void store_station(struct history *history, const struct state *state,
			  struct saved_station *saved)
{
	static const char insert[] =
		"INSERT INTO station(port, mac, vlan, first, last, packets, bytes, tx_packets,"
		" tx_bytes, ended_packets, ended_bytes, ended_tx_packets, ended_tx_bytes, name,"
		" vendor) VALUES(?12, ?13, ?14, ?11, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?15, ?16)";
	static const char update[] =
		"UPDATE station SET last = ?1, packets = ?2, bytes = ?3, tx_packets = ?4,"
		" tx_bytes = ?5, ended_packets = ?6, ended_bytes = ?7, ended_tx_packets = ?8,"
		" ended_tx_bytes = ?9, first = ?11, port = ?12, mac = ?13, vlan = ?14, name = ?15,"
		" vendor = ?16 WHERE id = ?10";
	const struct saved_port *port = delta_port_at(&state->delta, saved->delta.port);
	const struct delta_station *current = &saved->delta;
	sqlite3_stmt *stmt = sql(history, saved->id ? update : insert, 9,
				 (int64_t)(saved->last / MILLISECOND), (int64_t)current->packets,
				 (int64_t)current->bytes, (int64_t)current->tx_packets,
				 (int64_t)current->tx_bytes, (int64_t)saved->ended[COUNT_PACKETS],
				 (int64_t)saved->ended[COUNT_BYTES],
				 (int64_t)saved->ended[COUNT_TX_PACKETS],
				 (int64_t)saved->ended[COUNT_TX_BYTES]);

	if (!stmt)
		return;
	if (saved->id)
		sqlite3_bind_int64(stmt, 10, saved->id);
	sqlite3_bind_int64(stmt, 11, (int64_t)(saved->first / MILLISECOND));
	sqlite3_bind_int64(stmt, 12, port->id);
	sqlite3_bind_int64(stmt, 13, (int64_t)mac_number(current->mac));
	if (current->vlan == NO_VLAN)
		sqlite3_bind_null(stmt, 14);
	else
		sqlite3_bind_int64(stmt, 14, current->vlan);
	sqlite3_bind_int64(stmt, 15, saved->name);
	sqlite3_bind_int64(stmt, 16, saved->vendor);
	sql_run(history, stmt);
	if (!saved->id && history_ok(history))
		saved->id = sqlite3_last_insert_rowid(history->db);
}

static void store_stations(struct history *history, struct state *state)
{
	struct texts texts = { 0 };

	texts_load(history, &texts);
	for (size_t i = 0; i < state->delta.stations && history_ok(history); i++) {
		struct saved_station *saved = delta_station_at(&state->delta, i);

		if (saved->id && !saved->changed)
			continue;
		update_names(history, &texts, saved);
		store_station(history, state, saved);
	}
	texts_free(&texts);
}

/* --- periods ---------------------------------------------------------------- */

/* The ten minutes of one port that were looked up last. */
struct slot {
	int64_t port;
	int64_t start;
	int64_t id[2];		/* of the ten minutes, and of the day */
	uint64_t sum[COUNTS];	/* to be added to both */
};

/* Write the sums, before another slot is looked up and at the end. */
static void flush_sums(struct history *history, struct slot *slot)
{
	for (int p = 0; p < 2 && slot->id[p]; p++)
		period_add(history, slot->id[p], slot->sum);
	memset(slot->sum, 0, sizeof(slot->sum));
}

static void find_ten(struct history *history, struct slot *slot, int64_t port,
				   int64_t clock, uint64_t at)
{
	int64_t start = calendar_start(LEVEL_TEN, (int64_t)(at / SECOND));
	struct period ten = { LEVEL_TEN, start, port, clock, 0 }, day = { LEVEL_DAY, 0, port, 0, 0 };

	if (slot->port == port && slot->start == start)
		return;
	flush_sums(history, slot);
	ten.day = day.start = calendar_start(LEVEL_DAY, start);
	*slot = (struct slot){ .port = port, .start = start,
			       .id = { period_find(history, &ten), period_find(history, &day) } };
}

static uint64_t added_bytes(const struct saved_station *saved)
{
	return add_counts(saved->added.count[COUNT_BYTES], saved->added.count[COUNT_TX_BYTES]);
}

static int compare_added(const void *a, const void *b)
{
	const struct saved_station *const *x = a, *const *y = b;
	uint64_t i = added_bytes(*x), j = added_bytes(*y);

	return i != j ? (i < j) - (i > j) : ((*x)->id > (*y)->id) - ((*x)->id < (*y)->id);
}

static int compare_ids(const void *a, const void *b)
{
	const struct saved_station *const *x = a, *const *y = b;

	return ((*x)->id > (*y)->id) - ((*x)->id < (*y)->id);
}

/* The stations of ports, each with those that have added something. */
struct active {
	const struct saved_station **station;
	size_t count, room;
};

static void add_sums(struct slot *slot, const struct added *added)
{
	for (int c = 0; c < COUNTS; c++)
		slot->sum[c] += added->count[c];
}

static void add_port(struct history *history, const struct saved_port *port,
		     struct active *active, int64_t clock, int64_t limit)
{
	size_t count = active->count;
	struct slot slot = { 0 };

	/* Stations beyond the limit are in the sums only. */
	if (count > (size_t)limit) {
		qsort(active->station, count, sizeof(*active->station), compare_added);
		count = (size_t)limit;
		qsort(active->station, count, sizeof(*active->station), compare_ids);
	}
	for (size_t i = 0; i < active->count; i++) {
		const struct added *added = &active->station[i]->added;

		find_ten(history, &slot, port->id, clock, added->at);
		add_sums(&slot, added);
	}
	if (port->untracked.at) {
		find_ten(history, &slot, port->id, clock, port->untracked.at);
		add_sums(&slot, &port->untracked);
	}
	flush_sums(history, &slot);
	/* One level after the other: the rows of each are neighbours. */
	for (int p = 0; p < 2; p++)
		for (size_t i = 0; i < count; i++) {
			const struct added *added = &active->station[i]->added;

			find_ten(history, &slot, port->id, clock, added->at);
			period_add_station(history, slot.id[p], active->station[i]->id, added->count);
		}
}

static void limit_port(struct history *history, const struct saved_port *port,
		       const struct active *active, int64_t clock, int64_t limit)
{
	struct slot slot = { 0 };
	int64_t limited = -1;

	for (size_t i = 0; i < active->count; i++) {
		find_ten(history, &slot, port->id, clock, active->station[i]->added.at);
		if (slot.id[0] == limited)
			continue;
		limited = slot.id[0];
		for (int p = 0; p < 2; p++)
			period_limit(history, slot.id[p], limit);
	}
}

/* Stations that the state has dropped have their counts in sums only. */
static void delete_dropped(struct history *history, const struct state *state)
{
	for (size_t i = 0; i < state->dropped.count; i++)
		sql_run(history, sql(history, "DELETE FROM station WHERE id = ?1", 1,
				     state->dropped.id[i]));
	if (!state->dropped.count)
		return;
	sql_run(history, sql(history, "DELETE FROM count WHERE station NOT IN (SELECT id FROM station)", 0));
	sql_run(history, sql(history, "DELETE FROM named WHERE station NOT IN (SELECT id FROM station)", 0));
}

static void store_periods(struct history *history, struct state *state)
{
	int64_t clock = state->clock, limit = setting_get(history, SETTING_STATIONS, STATIONS_DEFAULT);
	struct active *active = calloc(state->delta.ports + 1, sizeof(*active));

	if (!active)
		out_of_memory();
	for (size_t i = 0; i < state->delta.stations; i++) {
		const struct saved_station *saved = delta_station_at(&state->delta, i);
		struct active *of_port = &active[saved->delta.port];

		if (saved->added.at) {
			const struct saved_station **added = list_add(of_port, station);

			*added = saved;
		}
	}
	for (size_t i = 0; i < state->delta.ports; i++) {
		const struct saved_port *port = delta_port_at(&state->delta, i);

		add_port(history, port, &active[i], clock, limit);
		limit_port(history, port, &active[i], clock, limit);
		free(active[i].station);
	}
	free(active);
}

void state_store(struct history *history, struct state *state, bool imported)
{
	for (size_t i = 0; i < state->delta.ports; i++)
		store_port(history, delta_port_at(&state->delta, i), imported);
	delete_dropped(history, state);
	store_stations(history, state);
	if (!imported)
		store_periods(history, state);
	setting_put(history, SETTING_SAVED, (int64_t)state->saved);
}
