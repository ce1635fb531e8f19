// SPDX-License-Identifier: GPL-2.0
/*
 * A record a line, for scripts: fields with a tab between them, - for what is not
 * known. l2pc(8) promises the fields and their order; new ones come at the end.
 * Copyright (C) the l2packet_counter authors
 *
 *   station DEV VIEW MAC VLAN PACKETS BYTES FIRST LAST NAME VENDOR
 *   sum     DEV VIEW WINDOW OPENED CLOSED STATIONS PACKETS BYTES UNTRACKED-PACKETS
 *           UNTRACKED-BYTES FORGOTTEN-PACKETS FORGOTTEN-BYTES MULTICAST BROADCAST
 *           INVALID MALFORMED
 *   port    DEV IFINDEX HOOK STATE WANTED VLAN RESET-INTERVAL MAX-STATIONS
 *           STATION-TIMEOUT DEVICE-TYPE
 *   event   NAME DEV, then a station's, a sum's or a port's fields
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output/output.h"
#include "util/errors.h"
#include "util/text.h"

/* UTF-8 whatever the locale is, as JSON is; a tab in it would be no field's end. */
static void text(const char *value)
{
	char *shown = strdup(value && value[0] ? value : "-");

	if (!shown)
		out_of_memory();
	putchar('\t');
	fputs(printable(shown), stdout);
	free(shown);
}

static void number(uint64_t value, bool has)
{
	char buffer[TEXT_SIZE];

	putchar('\t');
	fputs(has ? text_number(value, buffer) : "-", stdout);
}

static void station_fields(const struct output *output, const struct station *s)
{
	char mac[MAC_SIZE];

	text(s->has & BIT(L2PC_A_STATION_MAC) ? text_mac(s->mac, mac) : NULL);
	number(s->vlan, s->has & BIT(L2PC_A_STATION_VLAN));
	number(s->packets, s->has & BIT(L2PC_A_STATION_PACKETS));
	number(s->bytes, s->has & BIT(L2PC_A_STATION_BYTES));
	number(s->first_seen, s->has & BIT(L2PC_A_STATION_FIRST_SEEN));
	number(s->last_seen, s->has & BIT(L2PC_A_STATION_LAST_SEEN));
	text(output_name(output, s));
	text(output_vendor(output, s));
}

static void sum_fields(const struct totals *totals)
{
	static const unsigned int fields[] = {
		L2PC_A_TOTALS_WINDOW_ID, L2PC_A_TOTALS_OPENED, L2PC_A_TOTALS_CLOSED,
		L2PC_A_TOTALS_STATIONS, L2PC_A_TOTALS_PACKETS, L2PC_A_TOTALS_BYTES,
		L2PC_A_TOTALS_UNTRACKED_PACKETS, L2PC_A_TOTALS_UNTRACKED_BYTES,
		L2PC_A_TOTALS_FORGOTTEN_PACKETS, L2PC_A_TOTALS_FORGOTTEN_BYTES,
		L2PC_A_TOTALS_SKIPPED_MULTICAST, L2PC_A_TOTALS_SKIPPED_BROADCAST,
		L2PC_A_TOTALS_SKIPPED_INVALID, L2PC_A_TOTALS_MALFORMED_PACKETS,
	};

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		number(totals->value[fields[i]], totals_has(totals, fields[i]));
}

static void sum(const char *ifname, const char *view, const struct totals *totals)
{
	fputs("sum", stdout);
	text(ifname);
	text(view);
	sum_fields(totals);
	putchar('\n');
}

static void view(struct output *output, const struct view *view)
{
	for (size_t i = 0; i < view->count; i++) {
		fputs("station", stdout);
		text(view->ifname);
		text(view_name(view));
		station_fields(output, &view->stations[i]);
		putchar('\n');
	}
	if (view->totals.has)
		sum(view->ifname, view_name(view), &view->totals);
}

static void port_fields(const struct port *port)
{
	for (unsigned int i = 0; i <= L2PC_A_PORT_MAX; i++) {
		const struct words *words = port_words(i);

		if (!port_keys[i])
			continue;
		if (words && port->has & BIT(i))
			text(words_get(words, port->value[i]));
		else
			number(port->value[i], port->has & BIT(i));
	}
}

static void port(struct output *output, const struct port *port)
{
	(void)output;
	fputs("port", stdout);
	text(port->ifname);
	port_fields(port);
	putchar('\n');
	if (port->has & BIT(L2PC_A_PORT_WINDOW))
		sum(port->ifname, "window", &port->window);
	if (port->has & BIT(L2PC_A_PORT_PREVIOUS))
		sum(port->ifname, "previous", &port->previous);
	if (port->has & BIT(L2PC_A_PORT_LIFETIME))
		sum(port->ifname, "lifetime", &port->lifetime);
}

static void closing(struct output *output, const struct closing *closing)
{
	(void)output;
	sum(closing->ifname, "previous", &closing->totals);
}

static void event_begin(const struct output *output, const struct event *event)
{
	char stamp[OUTPUT_STAMP];

	if (output->timestamps)
		printf("%s\t", output_stamp(stamp));
	fputs("event", stdout);
	text(event->name);
	text(event->port.ifname[0] ? event->port.ifname : event->view.ifname);
}

static void event(struct output *output, const struct event *event)
{
	if (event->cmd == L2PC_CMD_STATION_NEW_NTF || event->cmd == L2PC_CMD_STATION_EXPIRE_NTF) {
		for (size_t i = 0; i < event->view.count; i++) {
			event_begin(output, event);
			station_fields(output, &event->view.stations[i]);
			putchar('\n');
		}
		return;
	}
	event_begin(output, event);
	if (event->cmd == L2PC_CMD_WINDOW_CLOSE_NTF)
		sum_fields(&event->port.previous);
	else if (event->port.has)
		port_fields(&event->port);
	putchar('\n');
}

const struct format format_line = {
	.view = view,
	.port = port,
	.closing = closing,
	.event = event,
};
