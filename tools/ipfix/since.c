// SPDX-License-Identifier: GPL-2.0
/*
 * IPFIX: what a port has counted since its last records.
 * Copyright (C) the l2packet_counter authors
 *
 * Differences are taken from lifetime counters. Windows may close faster than they are
 * read, and the event that reports one may be lost. What was not sent is part of the
 * difference of the next round.
 *
 * In a view, the frames of the stations and the untracked ones are those of the port. So
 * the frames of the port that are in no station's record go into one record without a
 * station: untracked ones, and those of stations that the module forgot before their last
 * frames were sent.
 *
 * Both directions of a station are records of their own. "Exported" is what went into
 * records; "sent" are frames that the port has sent.
 */
#include "ipfix/ipfix.h"
#include "util/clock.h"

#define MILLISECOND	UINT64_C(1000000)

/* A port whose records are sent. */
struct sending {
	struct ipfix *ipfix;
	struct ipfix_port *port;
	const struct view *view;
	uint64_t wall;		/* the time of day, ns */
	uint64_t boot;		/* the same by the clock of @view */
	size_t directions;	/* that there may be records of */
	size_t committed;	/* records before this one are exported; two a station with TX */
	size_t at;		/* the one whose turn it is */
	struct ipfix_sums pending[DIRECTIONS];	/* in records that are not committed */
};

static void counters_export(struct delta_station *exported, const struct station *station,
			    enum direction direction)
{
	if (direction == TX) {
		exported->tx_packets = station->tx_packets;
		exported->tx_bytes = station->tx_bytes;
	} else {
		exported->packets = station->packets;
		exported->bytes = station->bytes;
	}
}

/* Send what was added: later differences start there. */
static void records_commit(struct sending *s)
{
	struct ipfix *ipfix = s->ipfix;

	if (ipfix->held || (ipfix->message.records && !ipfix_finish(ipfix)))
		return;
	ipfix_start(ipfix);
	for (; s->committed < s->at; s->committed++) {
		const struct station *station = &s->view->stations[s->committed / s->directions];

		counters_export(delta_find(&ipfix->delta, station), station,
				s->committed % s->directions);
	}
	for (enum direction d = RX; d < DIRECTIONS; d++) {
		s->port->exported[d].packets += s->pending[d].packets;
		s->port->exported[d].bytes += s->pending[d].bytes;
		s->pending[d] = (struct ipfix_sums){ 0 };
	}
}

static void record_add(struct sending *s, const struct ipfix_record *record)
{
	if (!ipfix_add(&s->ipfix->message, record)) {
		records_commit(s);
		if (!s->ipfix->held)
			ipfix_add(&s->ipfix->message, record);
	}
	s->pending[record->direction].packets += record->packets;
	s->pending[record->direction].bytes += record->bytes;
}

/* Milliseconds since 1970 of a time since boot. */
static uint64_t to_wall(const struct sending *s, uint64_t boot)
{
	uint64_t ago = s->boot > boot ? s->boot - boot : 0;

	return s->wall > ago ? (s->wall - ago) / MILLISECOND : 0;
}

static void add_station(struct sending *s, const struct station *station,
			const struct delta_station *exported, enum direction direction)
{
	uint64_t start = s->port->since, end = station->last_seen;
	struct ipfix_record record = {
		.station = true,
		.direction = direction,
		.mac = mac_number(station->mac),
		.vlan = exported->vlan,
		.ifindex = s->port->domain,
		.ip_version = 4,
		.packets = station_packets(station, direction) -
			   (direction == TX ? exported->tx_packets : exported->packets),
		.bytes = station_bytes(station, direction) -
			 (direction == TX ? exported->tx_bytes : exported->bytes),
	};

	if (!record.packets && !record.bytes)
		return;
	if (start < station->first_seen)
		start = station->first_seen;
	if (end > s->view->now)
		end = s->view->now;
	if (end < start)
		end = start;
	record.start = to_wall(s, start);
	record.end = to_wall(s, end);
	record_add(s, &record);
}

/* Add a record of the port's frames that are in none; there may be more in records. */
static void add_rest(struct sending *s, enum direction direction)
{
	const struct ipfix_sums *exported = &s->port->exported[direction];
	const struct ipfix_sums *pending = &s->pending[direction];
	uint64_t packets = totals_value(&s->view->totals, direction, L2PC_A_TOTALS_PACKETS);
	uint64_t bytes = totals_value(&s->view->totals, direction, L2PC_A_TOTALS_BYTES);
	uint64_t of_packets = exported->packets + pending->packets;
	uint64_t of_bytes = exported->bytes + pending->bytes;
	struct ipfix_record rest = {
		.direction = direction,
		.start = to_wall(s, s->port->since),
		.end = to_wall(s, s->view->now),
		.ifindex = s->port->domain,
		.ip_version = 4,
	};

	if (packets > of_packets) {
		rest.packets = packets - of_packets;
		rest.bytes = bytes > of_bytes ? bytes - of_bytes : 0;
		record_add(s, &rest);
	}
}

/* Frames that were read, and are in no record. */
static uint64_t unexported(const struct ipfix_port *port)
{
	const uint64_t packets[DIRECTIONS] = { port->delta.packets, port->delta.tx_packets };
	uint64_t sum = 0;

	for (enum direction d = RX; d < DIRECTIONS; d++)
		if (packets[d] > port->exported[d].packets)
			sum += packets[d] - port->exported[d].packets;
	return sum;
}

/* Start with a port whose counters are new: what is there already is exported, or nothing. */
static void port_restart(struct ipfix_port *port, const struct view *view, bool baseline)
{
	const struct totals *totals = &view->totals;

	port->since = totals->value[L2PC_A_TOTALS_OPENED];
	for (enum direction d = RX; d < DIRECTIONS; d++) {
		port->exported[d].packets =
			baseline ? totals_value(totals, d, L2PC_A_TOTALS_PACKETS) : 0;
		port->exported[d].bytes = baseline ? totals_value(totals, d, L2PC_A_TOTALS_BYTES) : 0;
	}
}

uint64_t ipfix_port_send(struct ipfix *ipfix, size_t slot, const struct view *view)
{
	struct ipfix_port *port = delta_port_at(&ipfix->delta, slot);
	struct sending s = {
		.ipfix = ipfix,
		.port = port,
		.view = view,
		.wall = clock_wall(),
		/* A recording has the clock of another machine, or of another day. */
		.boot = source_is_recorded(&ipfix->source) ? view->now : clock_boot(),
		.directions = view_has_tx(view) ? DIRECTIONS : 1,
	};
	uint64_t lost = unexported(port);
	enum delta_start start = delta_enter(&ipfix->delta, slot, view);
	/* What came before the exporter may have been sent by the one before. */
	bool baseline = start == DELTA_NEW && ipfix->delta.scan == 1, sends;

	if (view->ifindex)
		port->domain = view->ifindex;
	if (start != DELTA_SAME)
		port_restart(port, view, baseline);
	sends = !baseline && ipfix_domain_start(ipfix, port->domain, s.directions > 1);
	for (size_t i = 0; i < view->count; i++) {
		static const struct station nothing;
		const struct station *station = &view->stations[i];
		enum delta_start began;
		struct delta_station *exported = delta_station(&ipfix->delta, station, &began);

		for (enum direction d = RX; d < DIRECTIONS && began != DELTA_SAME; d++)
			counters_export(exported, baseline ? station : &nothing, d);
		for (enum direction d = RX; d < s.directions && sends && !ipfix->held; d++, s.at++)
			add_station(&s, station, exported, d);
	}
	for (enum direction d = RX; d < s.directions && sends && !ipfix->held; d++)
		add_rest(&s, d);
	if (sends && !ipfix->held)
		records_commit(&s);
	if (baseline || (sends && !ipfix->held))
		port->since = view->now;
	return start == DELTA_RESTARTED ? lost : 0;
}

uint64_t ipfix_ports_forget(struct delta *delta)
{
	uint64_t lost = 0;

	for (size_t i = 0; i < delta->ports; i++) {
		const struct ipfix_port *port = delta_port_at(delta, i);

		if (port->delta.scan == delta->scan)
			continue;
		lost += unexported(port);
		delta_release(delta, i);
	}
	delta_sweep(delta);
	return lost;
}
