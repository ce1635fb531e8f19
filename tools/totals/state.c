// SPDX-License-Identifier: GPL-2.0
/*
 * Totals that survive a reboot: merging of lifetimes, and their sums.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdlib.h>
#include <string.h>

#include "totals/state.h"
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

/* The time of day of a time since boot. */
static uint64_t to_wall(uint64_t boot, uint64_t boot_now)
{
	uint64_t now = clock_wall(), ago = boot_now > boot ? boot_now - boot : 0;

	return now > ago ? now - ago : 0;
}

static void lifetime_end(struct saved_station *saved)
{
	saved->packets += saved->delta.packets;
	saved->bytes += saved->delta.bytes;
	saved->tx_packets += saved->delta.tx_packets;
	saved->tx_bytes += saved->delta.tx_bytes;
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

static void station_merge(struct delta *delta, const struct station *station, uint64_t now)
{
	enum delta_start start;
	struct saved_station *saved = (struct saved_station *)delta_station(delta, station, &start);

	if (start != DELTA_SAME)
		lifetime_end(saved);
	saved->delta.packets = station->packets;
	saved->delta.bytes = station->bytes;
	saved->delta.tx_packets = station->tx_packets;
	saved->delta.tx_bytes = station->tx_bytes;
	saved->last = to_wall(station->last_seen, now);
	if (!saved->first)
		saved->first = to_wall(station->first_seen, now);
}

static void port_merge(struct state *state, size_t slot, const struct view *view)
{
	struct saved_port *port = delta_port_at(&state->delta, slot);

	if (delta_enter(&state->delta, slot, view) == DELTA_RESTARTED)
		port_restart(state, slot);
	if (!port->since)
		port->since = to_wall(view->totals.value[L2PC_A_TOTALS_OPENED], view->now);
	for (int s = 0; s < SUMS; s++)
		port->current[s] = view->totals.value[sum_attrs[s]];
	for (size_t i = 0; i < view->count; i++)
		station_merge(&state->delta, &view->stations[i], view->now);
}

static int order_idle(const void *a, const void *b)
{
	const struct saved_station *x = a, *y = b;
	int order = (x->delta.port > y->delta.port) - (x->delta.port < y->delta.port);

	return order ? order : (x->last < y->last) - (x->last > y->last);
}

/* Drop the idlest stations of ports that have too many. */
static void stations_limit(struct delta *delta)
{
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
	stations_limit(&state->delta);
	state->saved = clock_wall() / SECOND;
	state->read = clock_boot();
	state->slept = clock_slept();
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
	station->packets = saved->packets + saved->delta.packets;
	station->bytes = saved->bytes + saved->delta.bytes;
	station->tx_packets = saved->tx_packets + saved->delta.tx_packets;
	station->tx_bytes = saved->tx_bytes + saved->delta.tx_bytes;
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

bool state_has_tx(const struct state *state)
{
	for (size_t i = 0; i < state->delta.ports; i++)
		if (port_has_tx(delta_port_at(&state->delta, i)))
			return true;
	/* A recording may have less in its sums than in its stations, or no sums. */
	for (size_t i = 0; i < state->delta.stations; i++) {
		const struct saved_station *saved = delta_station_at(&state->delta, i);

		if (saved->tx_packets || saved->delta.tx_packets)
			return true;
	}
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
}
