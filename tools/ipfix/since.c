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
	size_t committed;	/* records of the stations before this one were sent */
	size_t at;		/* the station whose turn it is */
	uint64_t packets;	/* in records that are not committed */
	uint64_t bytes;
};

/* Send what was added: later differences start there. */
static void records_commit(struct sending *s)
{
	struct ipfix *ipfix = s->ipfix;

	if (ipfix->held || (ipfix->message.records && !ipfix_finish(ipfix)))
		return;
	ipfix_start(ipfix);
	for (; s->committed < s->at; s->committed++) {
		const struct station *station = &s->view->stations[s->committed];
		struct delta_station *sent = delta_find(&ipfix->delta, station);

		sent->packets = station->packets;
		sent->bytes = station->bytes;
	}
	s->port->sent_packets += s->packets;
	s->port->sent_bytes += s->bytes;
	s->packets = s->bytes = 0;
}

static void record_add(struct sending *s, const struct ipfix_record *record)
{
	if (!ipfix_add(&s->ipfix->message, record)) {
		records_commit(s);
		if (!s->ipfix->held)
			ipfix_add(&s->ipfix->message, record);
	}
	s->packets += record->packets;
	s->bytes += record->bytes;
}

/* Milliseconds since 1970 of a time since boot. */
static uint64_t to_wall(const struct sending *s, uint64_t boot)
{
	uint64_t ago = s->boot > boot ? s->boot - boot : 0;

	return s->wall > ago ? (s->wall - ago) / MILLISECOND : 0;
}

static void add_station(struct sending *s, const struct station *station,
			const struct delta_station *sent)
{
	uint64_t start = s->port->since, end = station->last_seen;
	struct ipfix_record record = {
		.station = true,
		.mac = mac_number(station->mac),
		.vlan = sent->vlan,
		.ifindex = s->port->domain,
		.ip_version = 4,
		.packets = station->packets - sent->packets,
		.bytes = station->bytes - sent->bytes,
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
static void add_rest(struct sending *s)
{
	uint64_t packets = s->view->totals.value[L2PC_A_TOTALS_PACKETS];
	uint64_t bytes = s->view->totals.value[L2PC_A_TOTALS_BYTES];
	uint64_t sent_packets = s->port->sent_packets + s->packets;
	uint64_t sent_bytes = s->port->sent_bytes + s->bytes;
	struct ipfix_record rest = {
		.start = to_wall(s, s->port->since),
		.end = to_wall(s, s->view->now),
		.ifindex = s->port->domain,
		.ip_version = 4,
	};

	if (packets > sent_packets) {
		rest.packets = packets - sent_packets;
		rest.bytes = bytes > sent_bytes ? bytes - sent_bytes : 0;
		record_add(s, &rest);
	}
	records_commit(s);
}

static uint64_t unsent(const struct ipfix_port *port)
{
	return port->delta.packets > port->sent_packets ? port->delta.packets - port->sent_packets : 0;
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
	};
	uint64_t lost = unsent(port);
	enum delta_start start = delta_enter(&ipfix->delta, slot, view);
	/* What came before the exporter may have been sent by the one before. */
	bool baseline = start == DELTA_NEW && ipfix->delta.scan == 1, sends;

	if (view->ifindex)
		port->domain = view->ifindex;
	if (start != DELTA_SAME) {
		port->since = view->totals.value[L2PC_A_TOTALS_OPENED];
		port->sent_packets = baseline ? view->totals.value[L2PC_A_TOTALS_PACKETS] : 0;
		port->sent_bytes = baseline ? view->totals.value[L2PC_A_TOTALS_BYTES] : 0;
	}
	sends = !baseline && ipfix_domain_start(ipfix, port->domain);
	for (; s.at < view->count; s.at++) {
		const struct station *station = &view->stations[s.at];
		enum delta_start began;
		struct delta_station *sent = delta_station(&ipfix->delta, station, &began);

		if (began != DELTA_SAME) {
			sent->packets = baseline ? station->packets : 0;
			sent->bytes = baseline ? station->bytes : 0;
		}
		if (sends && !ipfix->held)
			add_station(&s, station, sent);
	}
	if (sends && !ipfix->held)
		add_rest(&s);
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
		lost += unsent(port);
		delta_release(delta, i);
	}
	delta_sweep(delta);
	return lost;
}
