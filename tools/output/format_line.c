// SPDX-License-Identifier: GPL-2.0
/*
 * A record a line, for scripts: fields with a tab between them, - for what is not
 * known. l2pc(8) promises the fields and their order; new ones come at the end.
 * Copyright (C) the l2packet_counter authors
 *
 *   station DEV VIEW MAC VLAN PACKETS BYTES FIRST LAST NAME VENDOR TX-PACKETS TX-BYTES
 *   sum     DEV VIEW WINDOW OPENED CLOSED STATIONS PACKETS BYTES UNTRACKED-PACKETS
 *           UNTRACKED-BYTES FORGOTTEN-PACKETS FORGOTTEN-BYTES MULTICAST BROADCAST
 *           INVALID MALFORMED, then TX-PACKETS TX-BYTES and from UNTRACKED-PACKETS on the
 *           same of sent frames
 *   port    DEV IFINDEX HOOK STATE WANTED VLAN RESET-INTERVAL MAX-STATIONS
 *           STATION-TIMEOUT DEVICE-TYPE TX PATTERN KEEP
 *   pattern PATTERN WANTED VLAN RESET-INTERVAL MAX-STATIONS STATION-TIMEOUT TX KEEP PORTS
 *           MISSED
 *   event   NAME DEV, then the fields of a station, a sum, a port or a pattern
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output/output.h"

/* UTF-8 whatever the locale is, as JSON is; a tab inside would not end a field. */
static void put_text(const char *value)
{
	char *shown = strdup(value && value[0] ? value : "-");

	if (!shown)
		out_of_memory();
	putchar('\t');
	fputs(printable(shown), stdout);
	free(shown);
}

static void put_number(uint64_t value, bool has)
{
	char buffer[TEXT_SIZE];

	putchar('\t');
	fputs(has ? text_number(value, buffer) : "-", stdout);
}

/* @has_tx: the port counts sent frames, and 0 is not sent */
static void put_station(const struct output *output, const struct station *s, bool has_tx)
{
	char mac[MAC_SIZE];

	put_text(s->has & BIT(L2PC_A_STATION_MAC) ? text_mac(s->mac, mac) : NULL);
	put_number(s->vlan, s->has & BIT(L2PC_A_STATION_VLAN));
	put_number(s->packets, s->has & BIT(L2PC_A_STATION_PACKETS));
	put_number(s->bytes, s->has & BIT(L2PC_A_STATION_BYTES));
	put_number(s->first_seen, s->has & BIT(L2PC_A_STATION_FIRST_SEEN));
	put_number(s->last_seen, s->has & BIT(L2PC_A_STATION_LAST_SEEN));
	put_text(output_name(output, s));
	put_text(output_vendor(output, s));
	put_number(s->tx_packets, has_tx || s->has & BIT(L2PC_A_STATION_TX_PACKETS));
	put_number(s->tx_bytes, has_tx || s->has & BIT(L2PC_A_STATION_TX_BYTES));
}

static void put_totals(const struct totals *totals)
{
	static const unsigned int fields[] = {
		L2PC_A_TOTALS_WINDOW_ID, L2PC_A_TOTALS_OPENED, L2PC_A_TOTALS_CLOSED,
		L2PC_A_TOTALS_STATIONS, L2PC_A_TOTALS_PACKETS, L2PC_A_TOTALS_BYTES,
		L2PC_A_TOTALS_UNTRACKED_PACKETS, L2PC_A_TOTALS_UNTRACKED_BYTES,
		L2PC_A_TOTALS_FORGOTTEN_PACKETS, L2PC_A_TOTALS_FORGOTTEN_BYTES,
		L2PC_A_TOTALS_SKIPPED_MULTICAST, L2PC_A_TOTALS_SKIPPED_BROADCAST,
		L2PC_A_TOTALS_SKIPPED_INVALID, L2PC_A_TOTALS_MALFORMED_PACKETS,
		L2PC_A_TOTALS_TX_PACKETS, L2PC_A_TOTALS_TX_BYTES,
		L2PC_A_TOTALS_TX_UNTRACKED_PACKETS, L2PC_A_TOTALS_TX_UNTRACKED_BYTES,
		L2PC_A_TOTALS_TX_FORGOTTEN_PACKETS, L2PC_A_TOTALS_TX_FORGOTTEN_BYTES,
		L2PC_A_TOTALS_TX_SKIPPED_MULTICAST, L2PC_A_TOTALS_TX_SKIPPED_BROADCAST,
		L2PC_A_TOTALS_TX_SKIPPED_INVALID, L2PC_A_TOTALS_TX_MALFORMED_PACKETS,
	};

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		put_number(totals->value[fields[i]], totals_has(totals, fields[i]));
}

static void print_totals(const char *ifname, const char *view, const struct totals *totals)
{
	fputs("sum", stdout);
	put_text(ifname);
	put_text(view);
	put_totals(totals);
	putchar('\n');
}

static void line_view(struct output *output, const struct view *view)
{
	bool has_tx = view_has_tx(view);

	for (size_t i = 0; i < view->count; i++) {
		fputs("station", stdout);
		put_text(view->ifname);
		put_text(view_name(view));
		put_station(output, &view->stations[i], has_tx);
		putchar('\n');
	}
	if (view->totals.has)
		print_totals(view->ifname, view_name(view), &view->totals);
}

#define PATTERN_ONLY (BIT(L2PC_A_PORT_PORTS) | BIT(L2PC_A_PORT_MISSED))
#define PORT_ONLY                                                                              \
	(BIT(L2PC_A_PORT_IFINDEX) | BIT(L2PC_A_PORT_HOOK) | BIT(L2PC_A_PORT_STATE) |           \
	 BIT(L2PC_A_PORT_DEVICE_TYPE))

/* Write all fields of a port or a pattern but those in @without, bits L2PC_A_PORT_x. */
static void put_fields(const struct port *port, uint32_t without)
{
	for (unsigned int i = 0; i < port_fields.count; i++) {
		const struct field *field = &port_fields.field[i];

		if (!field->key || without & BIT(i))
			continue;
		if (field->kind == FIELD_PATTERN)
			put_text(port->pattern);
		else if (field->kind != FIELD_U64)
			continue;
		else if (field->names && port->has & BIT(i))
			put_text(enum_name(field->names, port->value[i]));
		else
			put_number(port->value[i], port->has & BIT(i));
	}
}

static void put_port(const struct port *port)
{
	put_fields(port, PATTERN_ONLY);
}

static void put_pattern(const struct port *pattern)
{
	put_text(pattern->pattern);
	put_fields(pattern, PORT_ONLY | BIT(L2PC_A_PORT_PATTERN));
}

static void line_pattern(struct output *output, const struct port *pattern)
{
	(void)output;
	fputs("pattern", stdout);
	put_pattern(pattern);
	putchar('\n');
}

static void line_port(struct output *output, const struct port *port)
{
	(void)output;
	fputs("port", stdout);
	put_text(port->ifname);
	put_port(port);
	putchar('\n');
	for (enum l2pc_view v = L2PC_VIEW_WINDOW; v <= L2PC_VIEW_LIFETIME; v++)
		if (port_totals(port, v))
			print_totals(port->ifname, enum_name(&view_names, v), port_totals(port, v));
}

static void line_closed(struct output *output, const struct view *closed)
{
	(void)output;
	print_totals(closed->ifname, "previous", &closed->totals);
}

static void put_event(const struct output *output, const struct event *event)
{
	char stamp[OUTPUT_STAMP];

	if (output->timestamps)
		printf("%s\t", output_stamp(stamp));
	fputs("event", stdout);
	put_text(event->name);
	put_text(output_event_ifname(event));
}

static void line_event(struct output *output, const struct event *event)
{
	if (output_is_station_event(event)) {
		for (size_t i = 0; i < event->view.count; i++) {
			put_event(output, event);
			put_station(output, &event->view.stations[i], false);
			putchar('\n');
		}
		return;
	}
	put_event(output, event);
	if (event->cmd == L2PC_CMD_WINDOW_CLOSE_NTF)
		put_totals(&event->port.previous);
	else if (port_is_pattern(&event->port))
		put_pattern(&event->port);
	else if (event->port.has)
		put_port(&event->port);
	putchar('\n');
}

const struct format format_line = {
	.view = line_view,
	.port = line_port,
	.pattern = line_pattern,
	.closed = line_closed,
	.event = line_event,
};
