// SPDX-License-Identifier: GPL-2.0
/*
 * Delta: ports and stations found again, and counters that started again.
 * Copyright (C) the l2packet_counter authors
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "source/delta.h"
#include "util/clock.h"
#include "util/files.h"

/*
 * The module computes timestamps from jiffies. The same one may be reported some ticks
 * later at the next scan, and NTP slews the clock by up to 500 ppm in between.
 */
#define STAMP_JITTER	UINT64_C(50000000)
#define STAMP_DRIFT	2000

#define NO_SLOT		SIZE_MAX

void delta_init(struct delta *delta, size_t port_size, size_t station_size)
{
	*delta = (struct delta){ .port_size = port_size, .station_size = station_size };
	if (!file_line("/proc/sys/kernel/random/boot_id", delta->boot, sizeof(delta->boot)))
		strcpy(delta->boot, "unknown");
}

void delta_free(struct delta *delta)
{
	free(delta->port);
	free(delta->station);
	free(delta->index);
	index_free(&delta->known);
	*delta = (struct delta){ 0 };
}

void delta_rewind(struct delta *delta)
{
	delta->next = delta->station;
	delta->port_unused = 0;
	delta->known_valid = false;
	for (size_t i = 0; i < delta->ports; i++)
		((struct delta_port *)delta_port_at(delta, i))->claimed = false;
}

void delta_scan(struct delta *delta)
{
	delta->scan++;
	delta_rewind(delta);
}

/* --- ports ------------------------------------------------------------------ */

/*
 * Check whether the counters of a port went on. Ports loaded together started at the same
 * time: with fewer packets than before, the counters are of another port.
 */
static bool goes_on(const struct delta *delta, const struct delta_port *port, const struct view *view)
{
	return port->opened == view->totals.value[L2PC_A_TOTALS_OPENED] &&
	       port->packets <= view->totals.value[L2PC_A_TOTALS_PACKETS] &&
	       port->tx_packets <= view->totals.value[L2PC_A_TOTALS_TX_PACKETS] &&
	       !strcmp(port->boot, delta->boot);
}

static bool has_identity(const uint8_t identity[6])
{
	return memcmp(identity, (uint8_t[6]){ 0 }, 6) != 0;
}

static bool same_identity(const uint8_t a[6], const uint8_t b[6])
{
	return !memcmp(a, b, 6);
}

/* How a view matches a port, surest first. */
enum match {
	MATCH_DEVICE,	/* it went on, on its device, whatever the name is now */
	MATCH_NAME,	/* it went on; its device is gone, came back or is not known */
	MATCH_RENAMED,	/* the same, and the device that came has another name */
	MATCH_IDENTITY,	/* another lifetime or window, of the same device by its permanent address */
	MATCH_NAMESAKE,	/* another lifetime or window, of the same name */
	MATCHES
};

static bool is_match(const struct delta *delta, const struct delta_port *port,
		     const struct view *view, enum match match)
{
	bool same = goes_on(delta, port, view), named = !strcmp(port->ifname, view->ifname);

	switch (match) {
	case MATCH_DEVICE:
		return same && port->ifindex && port->ifindex == view->ifindex;
	case MATCH_NAME:
		return same && named;
	case MATCH_RENAMED:
		return same && port->opened && (!port->ifindex || !view->ifindex);
	case MATCH_IDENTITY:
		return has_identity(port->identity) && same_identity(port->identity, view->identity);
	default:
		return named && (!has_identity(port->identity) || !has_identity(view->identity) ||
				 same_identity(port->identity, view->identity));
	}
}

/* What is equal where a view matches a port. */
static uint32_t match_hash(enum match match, uint32_t ifindex, const char *ifname, uint64_t opened,
			   const uint8_t identity[6])
{
	uint64_t number = 0;

	switch (match) {
	case MATCH_DEVICE:
		return index_number(ifindex, MATCH_DEVICE);
	case MATCH_RENAMED:
		return index_number(opened, MATCH_RENAMED);
	case MATCH_IDENTITY:
		memcpy(&number, identity, 6);
		return index_number(number, MATCH_IDENTITY);
	default:
		return index_text(ifname);
	}
}

static void index_port(struct delta *delta, size_t slot, enum match match)
{
	const struct delta_port *port = delta_port_at(delta, slot);

	index_add(&delta->known, match_hash(match, port->ifindex, port->ifname, port->opened,
					    port->identity), slot);
}

/*
 * Index all ports once a scan: what is added in it is claimed, and matches no other view.
 * The first port comes first. Counters of another boot did not go on.
 */
static void index_ports(struct delta *delta)
{
	index_clear(&delta->known);
	for (size_t slot = delta->ports; slot-- > 0;) {
		const struct delta_port *port = delta_port_at(delta, slot);

		if (!port->boot[0])
			continue;
		index_port(delta, slot, MATCH_NAMESAKE);
		if (has_identity(port->identity))
			index_port(delta, slot, MATCH_IDENTITY);
		if (strcmp(port->boot, delta->boot))
			continue;
		index_port(delta, slot, MATCH_DEVICE);
		index_port(delta, slot, MATCH_RENAMED);
	}
	delta->known_valid = true;
}

static size_t find_port(const struct delta *delta, const struct view *view, enum match match)
{
	uint32_t hash = match_hash(match, view->ifindex, view->ifname,
				   view->totals.value[L2PC_A_TOTALS_OPENED], view->identity);

	for (uint32_t at = index_first(&delta->known, hash); at; at = index_next(&delta->known, at)) {
		const struct delta_port *port =
			delta_port_at(delta, index_element(&delta->known, at));

		if (!port->claimed && port->boot[0] && is_match(delta, port, view, match))
			return index_element(&delta->known, at);
	}
	return NO_SLOT;
}

static size_t port_add(struct delta *delta)
{
	size_t slot = delta->port_unused;

	while (slot < delta->ports) {
		const struct delta_port *port = delta_port_at(delta, slot);

		if (!port->boot[0] && !port->claimed)
			break;
		slot++;
	}
	if (slot == delta->ports)
		delta->port = array_grow(delta->port, &delta->port_room, delta->ports++, delta->port_size);
	memset(delta_port_at(delta, slot), 0, delta->port_size);
	/* It is unused until its user has filled it. */
	delta->port_unused = slot;
	return slot;
}

size_t delta_port_add(struct delta *delta)
{
	delta->known_valid = false;
	return port_add(delta);
}

static void port_claim(struct delta *delta, size_t slot)
{
	if (slot != NO_SLOT)
		((struct delta_port *)delta_port_at(delta, slot))->claimed = true;
}

void delta_assign(struct delta *delta, const struct view *views, size_t count, size_t *slot)
{
	if (!delta->known_valid)
		index_ports(delta);
	for (size_t v = 0; v < count; v++)
		slot[v] = NO_SLOT;
	for (enum match match = MATCH_DEVICE; match < MATCHES; match++)
		for (size_t v = 0; v < count; v++)
			if (slot[v] == NO_SLOT) {
				slot[v] = find_port(delta, &views[v], match);
				port_claim(delta, slot[v]);
			}
	for (size_t v = 0; v < count; v++) {
		if (slot[v] != NO_SLOT)
			continue;
		slot[v] = port_add(delta);
		port_claim(delta, slot[v]);
	}
}

enum delta_start delta_enter(struct delta *delta, size_t slot, const struct view *view)
{
	struct delta_port *port = delta_port_at(delta, slot);
	uint64_t slept = clock_slept();
	enum delta_start start = DELTA_SAME;

	if (!port->boot[0])
		start = DELTA_NEW;
	else if (!goes_on(delta, port, view))
		start = DELTA_RESTARTED;
	if (start != DELTA_SAME)
		port->started = delta->scan;
	delta->current = slot;
	delta->started = port->started;
	delta->again = port->scan == delta->scan;
	/* A suspension moves timestamps by its length. */
	delta->latest = port->read + STAMP_JITTER;
	if (view->now > port->read)
		delta->latest += (view->now - port->read) / STAMP_DRIFT;
	if (slept > port->slept)
		delta->latest += slept - port->slept;
	memcpy(port->ifname, view->ifname, sizeof(port->ifname));
	memcpy(port->boot, delta->boot, sizeof(port->boot));
	if (has_identity(view->identity))
		memcpy(port->identity, view->identity, sizeof(port->identity));
	port->ifindex = view->ifindex;
	port->scan = delta->scan;
	port->opened = view->totals.value[L2PC_A_TOTALS_OPENED];
	port->packets = view->totals.value[L2PC_A_TOTALS_PACKETS];
	port->tx_packets = view->totals.value[L2PC_A_TOTALS_TX_PACKETS];
	port->read = view->now;
	port->slept = slept;
	return start;
}

void delta_release(struct delta *delta, size_t slot)
{
	memset(delta_port_at(delta, slot), 0, delta->port_size);
	if (slot < delta->port_unused)
		delta->port_unused = slot;
}

/* --- stations --------------------------------------------------------------- */

static inline uint64_t key_of(const uint8_t mac[6], uint16_t vlan)
{
	uint64_t key;

	memcpy(&key, mac, 6);
	memcpy((char *)&key + 6, &vlan, 2);
	return key;
}

static inline bool is_station(const struct delta_station *s, size_t port, uint64_t key)
{
	uint64_t its;

	/* The address and the VLAN behind it. */
	memcpy(&its, (const char *)s + offsetof(struct delta_station, mac), sizeof(its));
	return its == key && s->port == port;
}

/* The index entry of a station, or the free one where it belongs. */
static uint32_t *index_find(const struct delta *delta, size_t port, uint64_t key)
{
	uint32_t mask = (UINT32_C(1) << delta->index_bits) - 1, i;
	uint64_t hash = (key ^ (uint64_t)port << 40) * UINT64_C(0x9e3779b97f4a7c15);

	for (i = (uint32_t)(hash ^ hash >> 32) & mask; delta->index[i]; i = (i + 1) & mask)
		if (is_station(delta_station_at(delta, delta->index[i] - 1), port, key))
			break;
	return &delta->index[i];
}

static void index_all(struct delta *delta)
{
	delta->next = delta->end = delta_station_at(delta, delta->stations);
	memset(delta->index, 0, sizeof(*delta->index) << delta->index_bits);
	for (size_t i = 0; i < delta->stations; i++) {
		const struct delta_station *s = delta_station_at(delta, i);

		*index_find(delta, s->port, key_of(s->mac, s->vlan)) = (uint32_t)i + 1;
	}
}

static void index_grow(struct delta *delta)
{
	unsigned int bits = delta->index_bits ? delta->index_bits + 1 : 10;

	if (delta->index && 4 * (delta->stations + 1) <= 3 * (UINT64_C(1) << delta->index_bits))
		return;
	free(delta->index);
	delta->index = malloc(sizeof(*delta->index) << bits);
	if (!delta->index)
		out_of_memory();
	delta->index_bits = bits;
	index_all(delta);
}

struct delta_station *delta_add(struct delta *delta, size_t slot, const uint8_t mac[6], uint16_t vlan)
{
	struct delta_station *s;

	/* By a quarter: doubling would waste more than the index takes. */
	if (delta->stations == delta->station_room) {
		delta->station_room += delta->station_room / 4 + 256;
		delta->station = realloc(delta->station, delta->station_room * delta->station_size);
		if (!delta->station)
			out_of_memory();
	}
	index_grow(delta);
	s = memset(delta_station_at(delta, delta->stations++), 0, delta->station_size);
	memcpy(s->mac, mac, sizeof(s->mac));
	s->vlan = vlan;
	s->port = (uint32_t)slot;
	*index_find(delta, slot, key_of(mac, vlan)) = (uint32_t)delta->stations;
	delta->next = delta->end = delta_station_at(delta, delta->stations);
	return s;
}

struct delta_station *delta_find(struct delta *delta, const struct station *station)
{
	uint64_t key = key_of(station->mac, station_vlan(station));
	struct delta_station *s = delta->next;

	if (s == delta->end || !is_station(s, delta->current, key)) {
		uint32_t found = delta->index ? *index_find(delta, delta->current, key) : 0;

		if (!found)
			return NULL;
		s = delta_station_at(delta, found - 1);
	}
	delta->next = (struct delta_station *)((char *)s + delta->station_size);
	return s;
}

struct delta_station *delta_station(struct delta *delta, const struct station *station,
				    enum delta_start *start)
{
	struct delta_station *s = delta_find(delta, station);

	*start = DELTA_SAME;
	delta->again = s && s->scan == delta->scan;
	if (!s) {
		*start = DELTA_NEW;
		s = delta_add(delta, delta->current, station->mac, station_vlan(station));
	} else if (station->packets < s->packets || station->bytes < s->bytes ||
		   station->tx_packets < s->tx_packets || station->tx_bytes < s->tx_bytes ||
		   (!delta->again &&
		    (s->scan < delta->started || station->first_seen > delta->latest))) {
		/* The station expired in between, or its port was added again. */
		*start = DELTA_RESTARTED;
	}
	s->scan = delta->scan;
	return s;
}

void delta_sweep(struct delta *delta)
{
	size_t left = 0;

	for (size_t i = 0; i < delta->stations; i++) {
		struct delta_station *s = delta_station_at(delta, i);

		if (s->scan != delta->scan)
			continue;
		if (left != i)
			memcpy(delta_station_at(delta, left), s, delta->station_size);
		left++;
	}
	if (left == delta->stations)
		return;
	delta->stations = left;
	index_all(delta);
}

void delta_sort(struct delta *delta, int (*order)(const void *x, const void *y))
{
	if (!delta->stations)
		return;
	qsort(delta->station, delta->stations, delta->station_size, order);
	index_all(delta);
}

/* A frame without a tag comes before VLAN 0, which is something else. */
int delta_order(const void *x, const void *y)
{
	const struct delta_station *a = x, *b = y;
	int order = (a->port > b->port) - (a->port < b->port);

	if (!order)
		order = memcmp(a->mac, b->mac, sizeof(a->mac));
	return order ? order : (uint16_t)(a->vlan + 1) - (uint16_t)(b->vlan + 1);
}
