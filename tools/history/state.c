// SPDX-License-Identifier: GPL-2.0
/*
 * What is saved: merging of lifetimes, what they have added, and all-time views.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdlib.h>
#include <string.h>

#include "history/calendar.h"
#include "history/state.h"
#include "util/clock.h"

/* Of more stations on a port the idlest are dropped: random addresses must not fill the
 * disk.
 */
#define STATIONS_MAX	1000000

static const unsigned int sum_attrs[SUMS] = {
	[SUM_PACKETS] = L2PC_A_TOTALS_PACKETS,
	[SUM_BYTES] = L2PC_A_TOTALS_BYTES,
	[SUM_MULTICAST] = L2PC_A_TOTALS_SKIPPED_MULTICAST,
	[SUM_BROADCAST] = L2PC_A_TOTALS_SKIPPED_BROADCAST,
	[SUM_INVALID] = L2PC_A_TOTALS_SKIPPED_INVALID,
	[SUM_TX_PACKETS] = L2PC_A_TOTALS_TX_PACKETS,
	[SUM_TX_BYTES] = L2PC_A_TOTALS_TX_BYTES,
	[SUM_TX_MULTICAST] = L2PC_A_TOTALS_TX_SKIPPED_MULTICAST,
	[SUM_TX_BROADCAST] = L2PC_A_TOTALS_TX_SKIPPED_BROADCAST,
	[SUM_TX_INVALID] = L2PC_A_TOTALS_TX_SKIPPED_INVALID,
};

/* A save within so many seconds after the end of ten minutes belongs to these. */
#define GRACE		60

/* The time of day of a time since boot. */
static uint64_t to_wall(uint64_t boot, uint64_t boot_now)
{
	uint64_t now = clock_wall(), ago = boot_now > boot ? boot_now - boot : 0;

	return now > ago ? now - ago : 0;
}

/* The counts of a port since the last save were counted in between, ns since 1970. */
struct span {
	uint64_t from, to;
	uint64_t now;		/* boot time of the view */
};

/*
 * A timer saves shortly after the end of ten minutes. The frames in between are few, and
 * the others are those of the ten minutes.
 */
static struct span span_make(uint64_t from, uint64_t now)
{
	struct span span = { .from = to_wall(from, now), .to = clock_wall(), .now = now };
	uint64_t slot = (uint64_t)calendar_start(LEVEL_TEN, (int64_t)(span.to / SECOND)) * SECOND;

	if (span.from < slot && span.to - slot < GRACE * SECOND)
		span.to = slot - 1;
	return span;
}

/* A station has counted nothing after it was last seen. */
static uint64_t span_time(const struct span *span, const struct station *station)
{
	uint64_t last = station->has & BIT(L2PC_A_STATION_LAST_SEEN) ?
				to_wall(station->last_seen, span->now) : span->to;

	if (last < span->from)
		last = span->from;
	return last < span->to ? last : span->to;
}

/* A recording may hold any number. The sums of as many as a database has must not overflow. */
static uint64_t limited(uint64_t added)
{
	return added < INT64_MAX >> 16 ? added : INT64_MAX >> 16;
}

static void counters_get(const struct delta_station *counters, uint64_t count[COUNTS])
{
	count[COUNT_PACKETS] = counters->packets;
	count[COUNT_BYTES] = counters->bytes;
	count[COUNT_TX_PACKETS] = counters->tx_packets;
	count[COUNT_TX_BYTES] = counters->tx_bytes;
}

static void lifetime_end(struct saved_station *saved)
{
	uint64_t count[COUNTS];

	counters_get(&saved->delta, count);
	for (int c = 0; c < COUNTS; c++) {
		saved->changed |= count[c] != 0;
		saved->ended[c] += count[c];
	}
	saved->delta.packets = saved->delta.bytes = 0;
	saved->delta.tx_packets = saved->delta.tx_bytes = 0;
}

static void port_restart(struct state *state, size_t slot)
{
	struct saved_port *port = delta_port_at(&state->delta, slot);

	for (int s = 0; s < SUMS; s++) {
		port->ended[s] += port->current[s];
		port->current[s] = 0;
	}
	for (size_t i = 0; i < state->delta.stations; i++) {
		struct saved_station *saved = delta_station_at(&state->delta, i);

		if (saved->delta.port == slot)
			lifetime_end(saved);
	}
}

/* Add to @sum what the station has added. */
static void station_merge(struct delta *delta, const struct station *station,
			  const struct span *span, uint64_t sum[COUNTS])
{
	enum delta_start start;
	struct saved_station *saved = (struct saved_station *)delta_station(delta, station, &start);
	const uint64_t now[COUNTS] = {
		station->packets, station->bytes, station->tx_packets, station->tx_bytes,
	};
	uint64_t before[COUNTS], last = to_wall(station->last_seen, span->now);

	if (start != DELTA_SAME)
		lifetime_end(saved);
	counters_get(&saved->delta, before);
	for (int c = 0; c < COUNTS; c++) {
		uint64_t added = limited(now[c] - before[c]);

		if (added)
			saved->added.at = span_time(span, station);
		saved->added.count[c] += added;
		sum[c] = add_counts(sum[c], added);
	}
	saved->delta.packets = station->packets;
	saved->delta.bytes = station->bytes;
	saved->delta.tx_packets = station->tx_packets;
	saved->delta.tx_bytes = station->tx_bytes;
	saved->changed |= saved->added.at || !saved->id;
	/* The same timestamp may come out some milliseconds later: do not write it again. */
	if (saved->changed)
		saved->last = last;
	if (!saved->first)
		saved->first = to_wall(station->first_seen, span->now);
}

static void port_merge(struct state *state, size_t slot, const struct view *view)
{
	static const enum sum counted[COUNTS] = {
		SUM_PACKETS, SUM_BYTES, SUM_TX_PACKETS, SUM_TX_BYTES,
	};
	struct saved_port *port = delta_port_at(&state->delta, slot);
	uint64_t read = port->delta.read, stations[COUNTS] = { 0 };
	enum delta_start start = delta_enter(&state->delta, slot, view);
	struct span span;

	if (start == DELTA_RESTARTED)
		port_restart(state, slot);
	if (!port->since)
		port->since = to_wall(view->totals.value[L2PC_A_TOTALS_OPENED], view->now);
	span = span_make(start == DELTA_SAME ? read : view->totals.value[L2PC_A_TOTALS_OPENED],
			 view->now);
	for (size_t i = 0; i < view->count; i++)
		station_merge(&state->delta, &view->stations[i], &span, stations);
	for (int c = 0; c < COUNTS; c++) {
		uint64_t before = port->current[counted[c]];
		uint64_t now = view->totals.value[sum_attrs[counted[c]]];
		uint64_t added = now > before ? limited(now - before) : 0;

		/* A recording may have less in its sums than in its stations, or no sums. */
		if (added <= stations[c])
			continue;
		port->untracked.count[c] = added - stations[c];
		port->untracked.at = span.to;
	}
	for (int s = 0; s < SUMS; s++)
		port->current[s] = view->totals.value[sum_attrs[s]];
}

static int order_idle(const void *a, const void *b)
{
	const struct saved_station *x = a, *y = b;
	int order = (x->delta.port > y->delta.port) - (x->delta.port < y->delta.port);

	return order ? order : (x->last < y->last) - (x->last > y->last);
}

/* What a dropped station has added is that of frames without a station. */
static void station_drop(struct state *state, const struct saved_station *saved)
{
	struct saved_port *port = delta_port_at(&state->delta, saved->delta.port);
	int64_t *id;

	if (saved->id) {
		id = list_add(&state->dropped, id);
		*id = saved->id;
	}
	if (!saved->added.at)
		return;
	for (int c = 0; c < COUNTS; c++)
		port->untracked.count[c] += saved->added.count[c];
	port->untracked.at = saved->added.at;
}

/* Drop the idlest stations of ports that have too many. */
static void stations_limit(struct state *state)
{
	struct delta *delta = &state->delta;
	size_t of_port = 0, left = 0;

	if (delta->stations <= STATIONS_MAX)
		return;
	delta_sort(delta, order_idle);
	for (size_t i = 0; i < delta->stations; i++) {
		struct saved_station *saved = delta_station_at(delta, i);
		const struct saved_station *before = delta_station_at(delta, i ? i - 1 : 0);

		of_port = saved->delta.port == before->delta.port ? of_port + 1 : 1;
		/* Those that are swept are of no scan. */
		saved->delta.scan = of_port <= STATIONS_MAX ? delta->scan : 0;
		left += of_port <= STATIONS_MAX;
		if (of_port > STATIONS_MAX)
			station_drop(state, saved);
	}
	if (left < delta->stations)
		delta_sweep(delta);
}

void state_merge(struct state *state, const struct views *views)
{
	size_t *slot = calloc(views->count + 1, sizeof(*slot));

	if (!slot)
		out_of_memory();
	delta_scan(&state->delta);
	delta_assign(&state->delta, views->view, views->count, slot);
	for (size_t i = 0; i < views->count; i++)
		port_merge(state, slot[i], &views->view[i]);
	free(slot);
	stations_limit(state);
	state->saved = clock_wall() / SECOND;
}

static void total_set(struct totals *totals, unsigned int attr, uint64_t value)
{
	totals->value[attr] = value;
	totals->has |= BIT(attr);
}

static void station_put(const struct saved_station *saved, struct view *view)
{
	struct station *station = list_add(view, stations);

	memcpy(station->mac, saved->delta.mac, sizeof(station->mac));
	station->has = BIT(L2PC_A_STATION_MAC) | BIT(L2PC_A_STATION_PACKETS) |
		       BIT(L2PC_A_STATION_BYTES) | BIT(L2PC_A_STATION_FIRST_SEEN) |
		       BIT(L2PC_A_STATION_LAST_SEEN);
	if (saved->delta.vlan != NO_VLAN) {
		station->vlan = saved->delta.vlan;
		station->has |= BIT(L2PC_A_STATION_VLAN);
	}
	station->packets = saved->ended[COUNT_PACKETS] + saved->delta.packets;
	station->bytes = saved->ended[COUNT_BYTES] + saved->delta.bytes;
	station->tx_packets = saved->ended[COUNT_TX_PACKETS] + saved->delta.tx_packets;
	station->tx_bytes = saved->ended[COUNT_TX_BYTES] + saved->delta.tx_bytes;
	if (station->tx_packets)
		station->has |= BIT(L2PC_A_STATION_TX_PACKETS) | BIT(L2PC_A_STATION_TX_BYTES);
	station->first_seen = saved->first;
	station->last_seen = saved->last;
}

/* A recording may have less in its sums than in its stations, or no sums. */
static uint64_t difference(uint64_t sum, uint64_t parts)
{
	return sum > parts ? sum - parts : 0;
}

static bool port_has_tx(const struct saved_port *port)
{
	for (int s = SUMS_RECEIVED; s < SUMS; s++)
		if (port->ended[s] || port->current[s])
			return true;
	return false;
}

/* Frames of stations that were not saved, so that the sum holds. */
static void put_untracked(struct view *view, enum direction direction)
{
	unsigned int packets_attr = totals_attr(direction, L2PC_A_TOTALS_PACKETS);
	unsigned int bytes_attr = totals_attr(direction, L2PC_A_TOTALS_BYTES);
	struct totals *totals = &view->totals;
	uint64_t packets = 0, bytes = 0;

	for (size_t i = 0; i < view->count; i++) {
		packets += station_packets(&view->stations[i], direction);
		bytes += station_bytes(&view->stations[i], direction);
	}
	total_set(totals, totals_attr(direction, L2PC_A_TOTALS_UNTRACKED_PACKETS),
		  difference(totals->value[packets_attr], packets));
	total_set(totals, totals_attr(direction, L2PC_A_TOTALS_UNTRACKED_BYTES),
		  difference(totals->value[bytes_attr], bytes));
}

/* @next: the first station of the port or of one behind it; moves behind its stations. */
static void port_view(const struct state *state, size_t slot, size_t *next, struct view *view)
{
	const struct saved_port *port = delta_port_at(&state->delta, slot);
	struct totals *totals = &view->totals;
	bool has_tx;

	strcpy(view->ifname, port->delta.ifname);
	view->has = BIT(L2PC_A_STATIONS_IFNAME) | BIT(L2PC_A_STATIONS_TOTALS);
	view->all_time = true;
	view->now = clock_wall();
	for (; *next < state->delta.stations; (*next)++) {
		const struct saved_station *saved = delta_station_at(&state->delta, *next);

		if (saved->delta.port > slot)
			break;
		if (saved->delta.port == slot)
			station_put(saved, view);
	}
	has_tx = port_has_tx(port) || view_has_tx(view);
	total_set(totals, L2PC_A_TOTALS_OPENED, port->since);
	for (int s = 0; s < (has_tx ? SUMS : SUMS_RECEIVED); s++)
		total_set(totals, sum_attrs[s], port->ended[s] + port->current[s]);
	total_set(totals, L2PC_A_TOTALS_STATIONS, view->count);
	put_untracked(view, RX);
	if (has_tx)
		put_untracked(view, TX);
}

bool state_views(struct state *state, const char *ifname, struct views *views)
{
	size_t next = 0;

	delta_sort(&state->delta, delta_order);
	for (size_t i = 0; i < state->delta.ports; i++) {
		const struct saved_port *port = delta_port_at(&state->delta, i);

		if (ifname && strcmp(port->delta.ifname, ifname))
			continue;
		port_view(state, i, &next, list_add(views, view));
	}
	return !ifname || views->count;
}

void state_init(struct state *state)
{
	*state = (struct state){ 0 };
	delta_init(&state->delta, sizeof(struct saved_port), sizeof(struct saved_station));
}

void state_free(struct state *state)
{
	delta_free(&state->delta);
	free(state->dropped.id);
	state->dropped.id = NULL;
	state->dropped.count = state->dropped.room = 0;
}
