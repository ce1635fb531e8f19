// SPDX-License-Identifier: GPL-2.0
/*
 * What a port has counted since it was told last, station by station.
 * Copyright (C) the l2packet_counter authors
 *
 * Lifetime counters less what was told of them. No window is asked for: windows may
 * close faster than anybody reads, and the event that says so may be lost. What no
 * record came out of is told the next time, with what came since.
 *
 * A view is one moment: the frames of its stations and the untracked ones are those
 * of the port. So what of the port's frames is in no station's record is told in one
 * without a station: untracked ones, and those of stations that were forgotten before
 * their last frames were told.
 */
#include <stdlib.h>
#include <string.h>

#include "ipfix/ipfix.h"
#include "util/clock.h"
#include "util/errors.h"

#define MILLISECOND	UINT64_C(1000000)

/* The module reckons moments from jiffies: the same one may be some milliseconds later
 * at the next look.
 */
#define STAMP_SLACK	(50 * MILLISECOND)

/**
 * struct telling - a port whose turn it is
 * @port: the port
 * @view: as it is now
 * @teller: is told, NULL once nothing goes out any more
 * @next: how far each station of @view is told
 * @settled: stations before this one are
 * @at: stations before this one were looked at
 */
struct telling {
	struct ipfix_port *port;
	const struct view *view;
	const struct ipfix_teller *teller;
	struct ipfix_base *next;
	size_t settled;
	size_t at;
};

static int by_address(const void *a, const void *b)
{
	return station_order(a, b);
}

static struct ipfix_base base_of(const struct station *station)
{
	struct ipfix_base base = {
		.vlan = station->has & BIT(L2PC_A_STATION_VLAN) ? station->vlan : -1,
	};

	memcpy(base.mac, station->mac, sizeof(base.mac));
	return base;
}

/* In the order of station_order(). */
static int base_order(const struct ipfix_base *x, const struct ipfix_base *y)
{
	int order = memcmp(x->mac, y->mac, sizeof(x->mac));

	return order ? order : (x->vlan > y->vlan) - (x->vlan < y->vlan);
}

/* The port of that lifetime: by its device, which a renamed one keeps, else by name. */
static struct ipfix_port *port_find(struct ipfix_ports *ports, const struct view *view, bool by_name)
{
	for (size_t i = 0; i < ports->count; i++) {
		struct ipfix_port *port = &ports->port[i];

		if (port->there || port->opened != view->totals.value[L2PC_A_TOTALS_OPENED])
			continue;
		if (by_name ? !strcmp(port->ifname, view->ifname) :
			      view->ifindex && port->ifindex == view->ifindex)
			return port;
	}
	return NULL;
}

static struct ipfix_port *port_of(struct ipfix_ports *ports, const struct view *view)
{
	struct ipfix_port *port = port_find(ports, view, false);

	if (!port)
		port = port_find(ports, view, true);
	if (port)
		return port;
	ports->port = array_grow(ports->port, &ports->room, ports->count, sizeof(*ports->port));
	port = memset(&ports->port[ports->count++], 0, sizeof(*port));
	port->opened = port->since = view->totals.value[L2PC_A_TOTALS_OPENED];
	return port;
}

/* What was handed over has gone out: it is told. */
static void settle(struct telling *t)
{
	if (!t->teller)
		return;
	if (!t->teller->settle(t->teller->data)) {
		t->teller = NULL;
		return;
	}
	for (; t->settled < t->at; t->settled++) {
		const struct station *station = &t->view->stations[t->settled];
		struct ipfix_base *base = &t->next[t->settled];

		t->port->told_packets += station->packets - base->packets;
		t->port->told_bytes += station->bytes - base->bytes;
		base->packets = station->packets;
		base->bytes = station->bytes;
	}
}

static void tell(struct telling *t, const struct ipfix_record *record)
{
	if (!t->teller || t->teller->tell(record, t->teller->data))
		return;
	settle(t);
	if (t->teller)
		t->teller->tell(record, t->teller->data);
}

/* Milliseconds of the day's clock. */
static uint64_t to_wall(const struct telling *t, uint64_t boot)
{
	uint64_t wall = t->teller->wall, now = t->teller->boot;

	if (boot > now)
		return wall / MILLISECOND;
	return wall > now - boot ? (wall - (now - boot)) / MILLISECOND : 0;
}

static void tell_station(struct telling *t, const struct station *station,
			 const struct ipfix_base *base)
{
	uint64_t start = t->port->since, end = station->last_seen;
	struct ipfix_record record = {
		.mac = station->mac,
		.vlan = base->vlan,
		.ifindex = t->port->ifindex,
		.packets = station->packets - base->packets,
		.bytes = station->bytes - base->bytes,
	};

	if (!t->teller || (!record.packets && !record.bytes))
		return;
	if (start < station->first_seen)
		start = station->first_seen;
	if (end > t->view->now)
		end = t->view->now;
	if (end < start)
		end = start;
	record.start = to_wall(t, start);
	record.end = to_wall(t, end);
	tell(t, &record);
}

/* The port's frames that are in no record; none when more were told than it has. */
static void tell_rest(struct telling *t)
{
	const struct totals *totals = &t->view->totals;
	uint64_t packets = t->port->told_packets, bytes = t->port->told_bytes;
	struct ipfix_record rest = { .vlan = -1, .ifindex = t->port->ifindex };

	if (!t->teller)
		return;
	/* What was handed over and has not gone out yet. */
	for (size_t i = t->settled; i < t->at; i++) {
		packets += t->view->stations[i].packets - t->next[i].packets;
		bytes += t->view->stations[i].bytes - t->next[i].bytes;
	}
	if (totals->value[L2PC_A_TOTALS_PACKETS] > packets)
		rest.packets = totals->value[L2PC_A_TOTALS_PACKETS] - packets;
	if (rest.packets && totals->value[L2PC_A_TOTALS_BYTES] > bytes)
		rest.bytes = totals->value[L2PC_A_TOTALS_BYTES] - bytes;
	rest.start = to_wall(t, t->port->since);
	rest.end = to_wall(t, t->view->now);
	if (rest.packets)
		tell(t, &rest);
	settle(t);
	if (!t->teller)
		return;
	t->port->told_packets += rest.packets;
	t->port->told_bytes += rest.bytes;
}

/*
 * Where each station was, if it was there: both are in the order of addresses. One that
 * has less than was told, or was first seen after the port was read, was forgotten in
 * between and has begun anew.
 */
static void bases_find(struct telling *t, uint64_t before)
{
	const struct ipfix_port *port = t->port;
	size_t old = 0;

	for (size_t i = 0; i < t->view->count; i++) {
		const struct station *station = &t->view->stations[i];
		struct ipfix_base *next = &t->next[i];

		*next = base_of(station);
		while (old < port->count && base_order(&port->base[old], next) < 0)
			old++;
		if (old == port->count || base_order(&port->base[old], next))
			continue;
		if (station->packets < port->base[old].packets ||
		    station->bytes < port->base[old].bytes || station->first_seen > before)
			continue;
		next->packets = port->base[old].packets;
		next->bytes = port->base[old].bytes;
	}
}

/* What came before the exporter is not told: it may have been, by the one before. */
static void begin_here(struct telling *t)
{
	const struct totals *totals = &t->view->totals;

	for (size_t i = 0; i < t->view->count; i++) {
		t->next[i].packets = t->view->stations[i].packets;
		t->next[i].bytes = t->view->stations[i].bytes;
	}
	t->port->told_packets = totals->value[L2PC_A_TOTALS_PACKETS];
	t->port->told_bytes = totals->value[L2PC_A_TOTALS_BYTES];
}

void ipfix_since(struct ipfix_ports *ports, struct view *view, const struct ipfix_teller *teller)
{
	uint64_t slept = clock_slept();
	struct telling t = { .view = view, .teller = teller };
	bool fresh;

	t.port = port_of(ports, view);
	t.port->there = true;
	memcpy(t.port->ifname, view->ifname, sizeof(t.port->ifname));
	if (view->ifindex)
		t.port->ifindex = view->ifindex;
	t.port->packets = view->totals.value[L2PC_A_TOTALS_PACKETS];
	fresh = !t.port->read;
	if (view->count) {
		qsort(view->stations, view->count, sizeof(*view->stations), by_address);
		t.next = calloc(view->count, sizeof(*t.next));
		if (!t.next)
			out_of_memory();
	}
	/* A suspension moves moments by its length. */
	bases_find(&t, t.port->read + STAMP_SLACK + (slept > ports->slept ? slept - ports->slept : 0));
	if (fresh && !ports->begun) {
		begin_here(&t);
	} else {
		if (!teller->begin(t.port->ifindex, teller->data))
			t.teller = NULL;
		for (; t.teller && t.at < view->count; t.at++)
			tell_station(&t, &view->stations[t.at], &t.next[t.at]);
		tell_rest(&t);
	}
	free(t.port->base);
	t.port->base = t.next;
	t.port->count = view->count;
	t.port->read = view->now;
	if (t.teller || (fresh && !ports->begun))
		t.port->since = view->now;
}

void ipfix_since_begin(struct ipfix_ports *ports)
{
	for (size_t i = 0; i < ports->count; i++)
		ports->port[i].there = false;
}

uint64_t ipfix_since_end(struct ipfix_ports *ports)
{
	uint64_t lost = 0;
	size_t kept = 0;

	for (size_t i = 0; i < ports->count; i++) {
		struct ipfix_port *port = &ports->port[i];

		if (port->there) {
			ports->port[kept++] = *port;
			continue;
		}
		if (port->packets > port->told_packets)
			lost += port->packets - port->told_packets;
		free(port->base);
	}
	ports->count = kept;
	ports->begun = true;
	ports->slept = clock_slept();
	return lost;
}

void ipfix_since_free(struct ipfix_ports *ports)
{
	for (size_t i = 0; i < ports->count; i++)
		free(ports->port[i].base);
	free(ports->port);
	*ports = (struct ipfix_ports){ 0 };
}
