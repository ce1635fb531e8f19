// SPDX-License-Identifier: GPL-2.0
/*
 * The stations and ports of top.
 * Copyright (C) the l2packet_counter authors
 */
#include "top/top.h"

double store_seconds(const struct top_port *port, uint64_t then)
{
	if (!then || port->view.now <= then)
		return 0;
	return (double)(port->view.now - then) / (double)SECOND;
}

static void on_reset(void *data)
{
	struct store *store = data;

	delta_rewind(&store->delta);
}

static void on_port(const struct view *view, void *data)
{
	const struct totals *totals = &view->totals;
	struct store *store = data;
	struct delta *delta = &store->delta;
	uint64_t opened = totals->value[L2PC_A_TOTALS_OPENED];
	enum delta_start start;
	struct top_port *port;
	size_t slot;

	delta_assign(delta, view, 1, &slot);
	start = delta_enter(delta, slot, view);
	port = store_port(store, slot);
	if (start == DELTA_RESTARTED || (start == DELTA_NEW && delta->scan > 1)) {
		port->before = port->since = opened ? opened : view->now;
		for (enum direction d = RX; d < DIRECTIONS; d++)
			port->packets_before[d] = port->bytes_before[d] = 0;
	} else if (start == DELTA_NEW) {
		port->since = view->now;
	} else if (!delta->again) {
		port->before = port->view.now;
		for (enum direction d = RX; d < DIRECTIONS; d++) {
			port->packets_before[d] =
				totals_value(&port->view.totals, d, L2PC_A_TOTALS_PACKETS);
			port->bytes_before[d] = totals_value(&port->view.totals, d, L2PC_A_TOTALS_BYTES);
		}
	}
	port->view = *view;
	port->stations = 0;
	port->seconds = store_seconds(port, port->before);
}

static void on_station(const struct station *station, void *data)
{
	struct store *store = data;
	struct top_port *port = store_port(store, store->delta.current);
	enum delta_start start;
	struct entry *e = (struct entry *)delta_station(&store->delta, station, &start);

	if (start != DELTA_SAME) {
		/* Those that were there before top did not just come. */
		bool came = start == DELTA_RESTARTED || port->before;

		e->delta.packets = came ? 0 : station->packets;
		e->delta.bytes = came ? 0 : station->bytes;
		e->delta.tx_packets = came ? 0 : station->tx_packets;
		e->delta.tx_bytes = came ? 0 : station->tx_bytes;
		e->base_packets = add_counts(e->delta.packets, e->delta.tx_packets);
	}
	if (!store->delta.again)
		for (enum direction d = RX; d < DIRECTIONS; d++)
			e->new_packets[d] = e->new_bytes[d] = 0;
	e->new_packets[RX] += (float)(station->packets - e->delta.packets);
	e->new_bytes[RX] += (float)(station->bytes - e->delta.bytes);
	e->new_packets[TX] += (float)(station->tx_packets - e->delta.tx_packets);
	e->new_bytes[TX] += (float)(station->tx_bytes - e->delta.tx_bytes);
	e->delta.packets = station->packets;
	e->delta.bytes = station->bytes;
	e->delta.tx_packets = station->tx_packets;
	e->delta.tx_bytes = station->tx_bytes;
	e->first_seen = station->first_seen;
	e->last_seen = station->last_seen;
	store->tagged |= e->delta.vlan != NO_VLAN;
	port->stations++;
}

static const struct walker walker = {
	.reset = on_reset,
	.port = on_port,
	.station = on_station,
};

int store_read(struct store *store, struct source *source, const char *ifname,
	       enum l2pc_view view)
{
	int error;

	delta_scan(&store->delta);
	store->tagged = false;
	error = source_walk(source, ifname, view, &walker, store);
	if (!error)
		delta_sweep(&store->delta);
	return error;
}

void store_init(struct store *store)
{
	*store = (struct store){ 0 };
	delta_init(&store->delta, sizeof(struct top_port), sizeof(struct entry));
}
