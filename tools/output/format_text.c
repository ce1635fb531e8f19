// SPDX-License-Identifier: GPL-2.0
/*
 * Output for people: ports, windows that were closed, events.
 * Copyright (C) the l2packet_counter authors
 *
 * Numbers are written out in full, moments as ages, settings as they would be
 * typed. What the module did not send is not said. Views are in format_table.c.
 */
#include <inttypes.h>
#include <stdio.h>

#include "names/names.h"
#include "output/output.h"
#include "output/port_text.h"
#include "util/color.h"
#include "util/text.h"

static void text_end(struct output *output)
{
	if (!output->blocks)
		puts("no ports; add one: sudo l2pc add eth0");
}

static const char *format_number(const struct output *output, uint64_t value,
				 char buffer[TEXT_SIZE])
{
	return output->human ? text_human((double)value, buffer) : text_number(value, buffer);
}

/* "24 packets, 20936 bytes, 4 stations, 3 untracked, 9 skipped" */
static void print_sums(const struct output *output, const struct totals *totals)
{
	static const struct {
		unsigned int attr;
		const char *one;
	} main_ones[] = {
		{ L2PC_A_TOTALS_PACKETS, "packet" },
		{ L2PC_A_TOTALS_BYTES, "byte" },
		{ L2PC_A_TOTALS_STATIONS, "station" },
	};
	const char *comma = "";
	char buffer[TEXT_SIZE];

	for (size_t i = 0; i < ARRAY_SIZE(main_ones); i++) {
		uint64_t value = totals->value[main_ones[i].attr];

		if (!totals_has(totals, main_ones[i].attr))
			continue;
		printf("%s%s %s%s", comma, format_number(output, value, buffer), main_ones[i].one,
		       text_plural(value));
		comma = ", ";
	}
	/* What is seldom is said when there is any. */
	if (totals->value[L2PC_A_TOTALS_UNTRACKED_PACKETS])
		printf("%s%s untracked", comma,
		       format_number(output, totals->value[L2PC_A_TOTALS_UNTRACKED_PACKETS],
				     buffer));
	if (totals->value[L2PC_A_TOTALS_FORGOTTEN_PACKETS] && output->statistics)
		printf(" (%s of stations since forgotten)",
		       format_number(output, totals->value[L2PC_A_TOTALS_FORGOTTEN_PACKETS],
				     buffer));
	if (totals_skipped(totals))
		printf("%s%s skipped", comma,
		       format_number(output, totals_skipped(totals), buffer));
	if (totals->value[L2PC_A_TOTALS_MALFORMED_PACKETS])
		printf("%s%s malformed", totals_skipped(totals) ? ", " : comma,
		       format_number(output, totals->value[L2PC_A_TOTALS_MALFORMED_PACKETS],
				     buffer));
}

static uint64_t time_since(const struct output *output, uint64_t then)
{
	return output->now > then ? output->now - then : 0;
}

static void print_port_sums(const struct output *output, const struct port *port, unsigned int attr,
			    const char *name, const struct totals *totals)
{
	char title[40], buffer[TEXT_SIZE];

	if (!(port->has & BIT(attr)))
		return;
	if (attr != L2PC_A_PORT_LIFETIME && totals_has(totals, L2PC_A_TOTALS_WINDOW_ID))
		snprintf(title, sizeof(title), "%s %" PRIu64, name,
			 totals->value[L2PC_A_TOTALS_WINDOW_ID]);
	else
		snprintf(title, sizeof(title), "%s", name);
	printf("    %-13s ", title);
	print_sums(output, totals);
	if (totals_has(totals, L2PC_A_TOTALS_CLOSED))
		printf(", closed %s ago",
		       text_span(time_since(output, totals->value[L2PC_A_TOTALS_CLOSED]), buffer));
	else if (totals_has(totals, L2PC_A_TOTALS_OPENED))
		printf(", in %s",
		       text_span(time_since(output, totals->value[L2PC_A_TOTALS_OPENED]), buffer));
	putchar('\n');
}

static void text_port(struct output *output, const struct port *port)
{
	char text[PORT_TEXT];

	output->blocks++;
	printf("%s%s%s:", color_on(COLOR_PORT), output_ifname(port->ifname), color_off(COLOR_PORT));
	if (port_hook(port, text)[0])
		printf(" %s", text);
	putchar('\n');
	if (port_settings(port, text)[0])
		printf("    %s\n", text);
	print_port_sums(output, port, L2PC_A_PORT_WINDOW, "window", &port->window);
	print_port_sums(output, port, L2PC_A_PORT_PREVIOUS, "previous", &port->previous);
	print_port_sums(output, port, L2PC_A_PORT_LIFETIME, "lifetime", &port->lifetime);
}

static void text_closing(struct output *output, const struct closing *closing)
{
	const struct totals *totals = &closing->totals;

	output->blocks++;
	printf("%s%s%s: closed window", color_on(COLOR_PORT), output_ifname(closing->ifname),
	       color_off(COLOR_PORT));
	if (totals_has(totals, L2PC_A_TOTALS_WINDOW_ID))
		printf(" %" PRIu64, totals->value[L2PC_A_TOTALS_WINDOW_ID]);
	printf(": ");
	print_sums(output, totals);
	putchar('\n');
}

static void print_event_prefix(const struct output *output, const struct event *event)
{
	const char *ifname = event->port.ifname[0] ? event->port.ifname : event->view.ifname;
	char stamp[OUTPUT_STAMP];

	if (output->timestamps)
		printf("[%s] ", output_stamp(stamp));
	if (ifname[0])
		printf("%s%s%s: ", color_on(COLOR_PORT), output_ifname(ifname),
		       color_off(COLOR_PORT));
	printf("%s%s%s", color_on(COLOR_TITLE), event->name, color_off(COLOR_TITLE));
}

/* " 02:00:00:00:00:01 vlan 5 (printer, local), 12 packets, 744 bytes" */
static void print_event_station(const struct output *output, const struct station *station)
{
	const char *name = output_name(output, station), *vendor = output_vendor(output, station);
	char mac[MAC_SIZE], text[TEXT_SIZE], shown[256];

	printf(" %s%s%s", color_on(COLOR_MAC), text_mac(station->mac, mac), color_off(COLOR_MAC));
	if (station->has & BIT(L2PC_A_STATION_VLAN))
		printf(" vlan %u", station->vlan);
	if (output->names && names_local(station->mac))
		vendor = "local";
	if (name)
		printf(" (%s", text_plain(name, false, shown, sizeof(shown)));
	if (vendor)
		printf("%s%s", name ? ", " : " (", text_plain(vendor, false, shown, sizeof(shown)));
	if (name || vendor)
		putchar(')');
	/* Who is new has no counts yet. */
	if (station->has & BIT(L2PC_A_STATION_PACKETS))
		printf(", %s packet%s", format_number(output, station->packets, text),
		       text_plural(station->packets));
	if (station->has & BIT(L2PC_A_STATION_BYTES))
		printf(", %s byte%s", format_number(output, station->bytes, text),
		       text_plural(station->bytes));
}

static void print_event_settings(const struct port *port)
{
	char text[PORT_TEXT];

	if (port_hook(port, text)[0])
		printf(", %s", text);
	if (port_settings(port, text)[0])
		printf(", %s", text);
}

static void text_event(struct output *output, const struct event *event)
{
	const struct port *port = &event->port;

	if (event->cmd == L2PC_CMD_STATION_NEW_NTF || event->cmd == L2PC_CMD_STATION_EXPIRE_NTF) {
		/* One line a station, whatever came in one message. */
		for (size_t i = 0; i < event->view.count; i++) {
			print_event_prefix(output, event);
			print_event_station(output, &event->view.stations[i]);
			putchar('\n');
		}
		return;
	}
	print_event_prefix(output, event);
	switch (event->cmd) {
	case L2PC_CMD_WINDOW_CLOSE_NTF:
		if (totals_has(&port->previous, L2PC_A_TOTALS_WINDOW_ID))
			printf(" %" PRIu64, port->previous.value[L2PC_A_TOTALS_WINDOW_ID]);
		printf(": ");
		print_sums(output, &port->previous);
		break;
	case L2PC_CMD_UNTRACKED_NTF:
		if (port->has & BIT(L2PC_A_PORT_MAX_STATIONS))
			printf(", all %" PRIu64 " places for stations are taken",
			       port->value[L2PC_A_PORT_MAX_STATIONS]);
		break;
	case 0:
		if (!port->has) {
			printf(": events came faster than they were read; the ports as they are now:");
			break;
		}
		print_event_settings(port);
		break;
	default:
		print_event_settings(port);
	}
	putchar('\n');
}

const struct format format_text = {
	.view = output_view,
	.port = text_port,
	.closing = text_closing,
	.end = text_end,
	.event = text_event,
};
