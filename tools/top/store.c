// SPDX-License-Identifier: GPL-2.0
/*
 * What top knows of stations and ports.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdlib.h>
#include <string.h>

#include "top/store.h"
#include "util/errors.h"
#include "util/text.h"

static uint64_t entry_hash(const uint8_t mac[6], uint16_t vlan, uint16_t port)
{
	uint64_t key = 0;

	memcpy(&key, mac, 6);
	key ^= (uint64_t)vlan << 48 ^ (uint64_t)port << 40;
	key *= UINT64_C(0x9e3779b97f4a7c15);
	return key ^ key >> 32;
}

static inline bool is_entry(const struct entry *e, const uint8_t mac[6], uint16_t vlan, uint16_t port)
{
	return e->vlan == vlan && e->port == port && !memcmp(e->mac, mac, 4) &&
	       !memcmp(e->mac + 4, mac + 4, 2);
}

/* The place in the index of an entry, or the free one where it belongs. */
static uint32_t *index_slot(const struct store *store, const uint8_t mac[6], uint16_t vlan,
			    uint16_t port)
{
	uint32_t mask = (UINT32_C(1) << store->index_bits) - 1;
	uint32_t i = (uint32_t)entry_hash(mac, vlan, port) & mask;

	for (; store->index[i]; i = (i + 1) & mask)
		if (is_entry(&store->entry[store->index[i] - 1], mac, vlan, port))
			break;
	return &store->index[i];
}

/*
 * The entry of a station, or NULL. Mostly it stands behind that of the station before:
 * the module tells them in the same order each time.
 */
static struct entry *entry_find(struct store *store, const uint8_t mac[6], uint16_t vlan,
				uint16_t port)
{
	uint32_t at;

	if (!store->index)
		return NULL;
	if (store->next >= store->count || !is_entry(&store->entry[store->next], mac, vlan, port)) {
		at = *index_slot(store, mac, vlan, port);
		if (!at)
			return NULL;
		store->next = at - 1;
	}
	return &store->entry[store->next++];
}

static void index_all(struct store *store)
{
	memset(store->index, 0, sizeof(*store->index) << store->index_bits);
	for (size_t i = 0; i < store->count; i++) {
		const struct entry *e = &store->entry[i];

		*index_slot(store, e->mac, e->vlan, e->port) = (uint32_t)i + 1;
	}
}

static void index_grow(struct store *store)
{
	unsigned int bits = store->index_bits ? store->index_bits + 1 : 10;

	if (store->index && 4 * (store->count + 1) <= 3 * (UINT64_C(1) << store->index_bits))
		return;
	free(store->index);
	store->index = calloc(UINT64_C(1) << bits, sizeof(*store->index));
	if (!store->index)
		out_of_memory();
	store->index_bits = bits;
	index_all(store);
}

/* Room grows by a quarter: doubling would waste more than the index takes. */
static struct entry *entry_append(struct store *store)
{
	index_grow(store);
	if (store->count == store->room) {
		store->room += store->room / 4 + 256;
		store->entry = realloc(store->entry, store->room * sizeof(*store->entry));
		if (!store->entry)
			out_of_memory();
	}
	return memset(&store->entry[store->count++], 0, sizeof(*store->entry));
}

static void on_begin(void *data)
{
	(void)data;
}

/* Is the window another one than that of the last reading? Lifetime has the number
 * of the open window, which says nothing.
 */
static bool is_other(const struct view *last, const struct view *view)
{
	const unsigned int id = L2PC_A_TOTALS_WINDOW_ID;

	return view->view != L2PC_VIEW_LIFETIME && last->totals.value[id] != view->totals.value[id];
}

static void restart_port(struct top_port *port, const struct view *view)
{
	uint64_t opened = view->totals.value[L2PC_A_TOTALS_OPENED];

	port->before = port->since = opened ? opened : view->now;
	port->packets_before = port->bytes_before = 0;
	port->base_packets = port->base_bytes = 0;
}

/* Two ports may have one name, and at most one of them a device. */
static bool is_same(const struct top_port *port, const struct view *view)
{
	return !strcmp(port->view.ifname, view->ifname) && port->view.ifindex == view->ifindex;
}

static void on_port(const struct view *view, void *data)
{
	const struct totals *totals = &view->totals;
	struct store *store = data;
	struct top_port *port;
	size_t i = 0;

	while (i < store->ports && !is_same(&store->port[i], view))
		i++;
	/* Its device came or went. */
	if (i == store->ports)
		for (i = 0; i < store->ports; i++)
			if (store->port[i].reading != store->reading &&
			    !strcmp(store->port[i].view.ifname, view->ifname))
				break;
	store->current = i;
	store->changed = false;
	if (i == store->ports) {
		store->port = array_grow(store->port, &store->port_room, i, sizeof(*store->port));
		port = memset(&store->port[store->ports++], 0, sizeof(*port));
		port->since = view->now;
		port->base_packets = totals->value[L2PC_A_TOTALS_PACKETS];
		port->base_bytes = totals->value[L2PC_A_TOTALS_BYTES];
	} else {
		port = &store->port[i];
		/* A dump that was interrupted tells of a port twice. */
		if (port->reading != store->reading) {
			port->before = port->view.now;
			port->packets_before = port->view.totals.value[L2PC_A_TOTALS_PACKETS];
			port->bytes_before = port->view.totals.value[L2PC_A_TOTALS_BYTES];
		}
		store->changed = is_other(&port->view, view);
		if (store->changed)
			restart_port(port, view);
	}
	port->view = *view;
	port->reading = store->reading;
	port->stations = 0;
}

static void on_station(const struct station *station, void *data)
{
	uint16_t vlan = station->has & BIT(L2PC_A_STATION_VLAN) ? station->vlan : NO_VLAN;
	struct store *store = data;
	struct top_port *port = &store->port[store->current];
	uint16_t reading = (uint16_t)store->reading;
	struct entry *e = entry_find(store, station->mac, vlan, (uint16_t)store->current);

	if (!e) {
		e = entry_append(store);
		memcpy(e->mac, station->mac, sizeof(e->mac));
		e->vlan = vlan;
		e->port = (uint16_t)store->current;
		*index_slot(store, e->mac, e->vlan, e->port) = (uint32_t)store->count;
		/* Who was there at the first sight of the port did not just come. */
		if (!port->before)
			e->base_packets = e->packets = station->packets,
			e->base_bytes = e->bytes = station->bytes;
		e->reading = (uint16_t)(reading - 1);
	} else if (store->changed && e->reading != reading) {
		e->packets = e->bytes = e->base_packets = e->base_bytes = 0;
	}
	/* Forgotten and come again since: it counts from 0. */
	if (station->packets < e->packets)
		e->packets = e->bytes = e->base_packets = e->base_bytes = 0;
	if (e->reading != reading)
		e->new_packets = e->new_bytes = 0;
	e->new_packets += (float)(station->packets - e->packets);
	e->new_bytes += (float)(station->bytes - e->bytes);
	e->packets = station->packets;
	e->bytes = station->bytes;
	e->first_seen = station->first_seen;
	e->last_seen = station->last_seen;
	e->reading = reading;
	store->tagged |= vlan != NO_VLAN;
	port->stations++;
}

static const struct walker walker = {
	.reset = on_begin,
	.port = on_port,
	.station = on_station,
};

/* Who was not in the reading is gone. Ports keep their places, or entries would
 * have to be changed; one that is gone has no stations.
 */
static void remove_stale(struct store *store)
{
	size_t kept = 0;

	for (size_t i = 0; i < store->count; i++) {
		if (store->entry[i].reading != (uint16_t)store->reading)
			continue;
		if (kept != i)
			store->entry[kept] = store->entry[i];
		kept++;
	}
	if (kept == store->count)
		return;
	store->count = kept;
	index_all(store);
}

int store_read(struct store *store, struct source *source, const char *ifname,
	       enum l2pc_view view)
{
	int error;

	store->reading++;
	store->next = 0;
	store->tagged = false;
	error = source_walk(source, ifname, view, &walker, store);
	if (!error)
		remove_stale(store);
	return error;
}

void store_clear(struct store *store)
{
	free(store->entry);
	free(store->index);
	free(store->port);
	*store = (struct store){ 0 };
}

double store_seconds(const struct top_port *port)
{
	if (!port->before || port->view.now <= port->before)
		return 0;
	return (double)(port->view.now - port->before) / (double)SECOND;
}

double store_age(const struct top_port *port)
{
	if (port->view.now <= port->since)
		return 0;
	return (double)(port->view.now - port->since) / (double)SECOND;
}
