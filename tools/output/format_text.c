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

#include <net/if_arp.h>

#include "output/output.h"
#include "util/files.h"

void port_check_older(const struct port *port)
{
	static bool warned;
	char version[64];

	if (!port->older || warned)
		return;
	warned = true;
	if (!file_line("/sys/module/l2packet_counter/version", version, sizeof(version)))
		snprintf(version, sizeof(version), "?");
	error_print(
		"note: the loaded module (version %s) is older than this tool (%s); it counts by its own hooks until it is loaded again",
		version, L2PC_VERSION);
}

const char *port_hook(const struct port *port)
{
	uint64_t hook = port->value[L2PC_A_PORT_HOOK], type = port->value[L2PC_A_PORT_DEVICE_TYPE];
	static char text[128];

	if (!(port->has & BIT(L2PC_A_PORT_HOOK)))
		return "";
	if (hook == L2PC_HOOK_KIND_RX_HANDLER)
		return "counted by rx_handler (only frames that nothing before it takes)";
	if (hook == L2PC_HOOK_KIND_NONE &&
	    port->value[L2PC_A_PORT_STATE] == L2PC_PORT_STATE_NO_DEVICE)
		return "not counted, there is no device";
	if (hook != L2PC_HOOK_KIND_NONE)
		snprintf(text, sizeof(text), "counted by %s", enum_name(&hook_names, hook));
	else if (port->has & BIT(L2PC_A_PORT_DEVICE_TYPE) && type != ARPHRD_ETHER)
		snprintf(text, sizeof(text),
			 "not counted: not an Ethernet device now (ARPHRD type %" PRIu64 ")", type);
	else
		return "not counted: the device cannot be counted now (see dmesg, or the messages of l2pc run)";
	return text;
}

/* As they would be typed: "hook tap vlan on"; empty when none was sent. */
static const char *port_settings(const struct port *port)
{
	static char text[256];

	text[0] = 0;
	for (size_t i = 0; i < SETTINGS; i++) {
		const struct setting *setting = &settings[i];
		uint64_t value = port->value[setting->attr];

		if (!(port->has & BIT(setting->attr)) || (setting->attr == L2PC_A_PORT_TX && !value))
			continue;
		text_add(text, sizeof(text), " ", setting->name);
		if (setting->names)
			text_append(text, sizeof(text), " %s", enum_name(setting->names, value));
		else
			text_append(text, sizeof(text), " %" PRIu64, value);
	}
	return text;
}

static void text_end(struct output *output)
{
	if (!output->blocks)
		puts("no ports; add one: sudo l2pc add eth0");
}

/* "24 packets": where it was sent. Return: what separates the next sum. */
static const char *print_sum(const struct output *output, const struct totals *totals,
			     unsigned int attr, const char *word, const char *comma)
{
	uint64_t value = totals->value[attr];
	char buffer[TEXT_SIZE];

	if (!totals_has(totals, attr))
		return comma;
	printf("%s%s %s%s", comma, output_number(output, value, true, buffer), word,
	       text_plural(value));
	return ", ";
}

/* Sums that are shown where they are not 0: "3 untracked, 9 skipped" */
static void print_other_sums(const struct output *output, const struct totals *totals,
			     enum direction direction, const char *comma)
{
	const struct {
		uint64_t value;
		const char *word;
	} others[] = {
		{ totals_value(totals, direction, L2PC_A_TOTALS_UNTRACKED_PACKETS), "untracked" },
		{ totals_skipped(totals, direction), "skipped" },
		{ totals_value(totals, direction, L2PC_A_TOTALS_MALFORMED_PACKETS), "malformed" },
	};
	uint64_t forgotten = totals_value(totals, direction, L2PC_A_TOTALS_FORGOTTEN_PACKETS);
	char buffer[TEXT_SIZE];

	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		if (others[i].value) {
			printf("%s%s %s", comma, output_number(output, others[i].value, true, buffer),
			       others[i].word);
			comma = ", ";
		}
		if (!i && forgotten && output->statistics)
			printf(" (%s of stations since forgotten)",
			       output_number(output, forgotten, true, buffer));
	}
}

/*
 * "24 packets, 20936 bytes, 4 stations, 3 untracked, 9 skipped"; with sent frames
 * "RX 24 packets, 20936 bytes, 3 untracked; TX 9 packets, 540 bytes; 4 stations"
 */
static void print_sums(const struct output *output, const struct totals *totals)
{
	bool has_tx = totals_has_tx(totals);

	for (enum direction d = RX; d <= (has_tx ? TX : RX); d++) {
		const char *comma = has_tx ? (d == TX ? "; TX " : "RX ") : "";

		comma = print_sum(output, totals, totals_attr(d, L2PC_A_TOTALS_PACKETS), "packet",
				  comma);
		comma = print_sum(output, totals, totals_attr(d, L2PC_A_TOTALS_BYTES), "byte", comma);
		if (!has_tx)
			comma = print_sum(output, totals, L2PC_A_TOTALS_STATIONS, "station", comma);
		print_other_sums(output, totals, d, comma);
	}
	if (has_tx)
		print_sum(output, totals, L2PC_A_TOTALS_STATIONS, "station", "; ");
}

static uint64_t time_since(const struct output *output, uint64_t then)
{
	return output->now > then ? output->now - then : 0;
}

/* " 12", where it was sent */
static void print_window_id(const struct totals *totals)
{
	if (totals_has(totals, L2PC_A_TOTALS_WINDOW_ID))
		printf(" %" PRIu64, totals->value[L2PC_A_TOTALS_WINDOW_ID]);
}

static void print_port_sums(const struct output *output, enum l2pc_view view,
			    const struct totals *totals)
{
	char title[40], buffer[TEXT_SIZE];

	snprintf(title, sizeof(title), "%s", enum_name(&view_names, view));
	if (view != L2PC_VIEW_LIFETIME && totals_has(totals, L2PC_A_TOTALS_WINDOW_ID))
		text_append(title, sizeof(title), " %" PRIu64,
			    totals->value[L2PC_A_TOTALS_WINDOW_ID]);
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
	output->blocks++;
	color_print(COLOR_PORT, output_ifname(port->ifname));
	putchar(':');
	if (port_hook(port)[0])
		printf(" %s", port_hook(port));
	if (port->pattern[0])
		printf("%s pattern %s", port_hook(port)[0] ? "," : "", output_pattern(port->pattern));
	putchar('\n');
	if (port_settings(port)[0])
		printf("    %s\n", port_settings(port));
	for (enum l2pc_view v = L2PC_VIEW_WINDOW; v <= L2PC_VIEW_LIFETIME; v++)
		if (port_totals(port, v))
			print_port_sums(output, v, port_totals(port, v));
}

/* ", 2 ports, 3 interfaces missed" */
static void print_pattern_ports(const struct output *output, const struct port *pattern)
{
	uint64_t ports = pattern->value[L2PC_A_PORT_PORTS];
	uint64_t missed = pattern->value[L2PC_A_PORT_MISSED];
	char buffer[TEXT_SIZE];

	printf(", %s port%s", output_number(output, ports, true, buffer), text_plural(ports));
	if (missed)
		printf(", %s interface%s missed", output_number(output, missed, true, buffer),
		       text_plural(missed));
}

static void text_pattern(struct output *output, const struct port *pattern)
{
	output->blocks++;
	color_print(COLOR_PORT, output_pattern(pattern->pattern));
	printf(": pattern");
	print_pattern_ports(output, pattern);
	putchar('\n');
	if (port_settings(pattern)[0])
		printf("    %s\n", port_settings(pattern));
}

static void text_closed(struct output *output, const struct view *closed)
{
	output->blocks++;
	color_print(COLOR_PORT, output_ifname(closed->ifname));
	printf(": closed window");
	print_window_id(&closed->totals);
	printf(": ");
	print_sums(output, &closed->totals);
	putchar('\n');
}

static void print_event_prefix(const struct output *output, const struct event *event)
{
	const char *ifname = output_event_ifname(event), *pattern = event->port.pattern;
	char stamp[OUTPUT_STAMP];

	if (output->timestamps)
		printf("[%s] ", output_stamp(stamp));
	if (ifname[0]) {
		color_print(COLOR_PORT, output_ifname(ifname));
		printf(": ");
	} else if (pattern[0]) {
		color_print(COLOR_PORT, output_pattern(pattern));
		printf(": ");
	}
	color_print(COLOR_TITLE, event->name);
}

/* ", 12 packets, 744 bytes"; a new station has no counts yet. */
static void print_counts(const struct output *output, const struct station *station,
			 enum direction direction, const char *comma)
{
	bool tx = direction == TX;
	uint64_t packets = station_packets(station, direction);
	uint64_t bytes = station_bytes(station, direction);
	char text[TEXT_SIZE];

	if (station->has & BIT(tx ? L2PC_A_STATION_TX_PACKETS : L2PC_A_STATION_PACKETS))
		printf("%s%s packet%s", comma, output_number(output, packets, true, text),
		       text_plural(packets));
	if (station->has & BIT(tx ? L2PC_A_STATION_TX_BYTES : L2PC_A_STATION_BYTES))
		printf(", %s byte%s", output_number(output, bytes, true, text), text_plural(bytes));
}

/* " 02:00:00:00:00:01 vlan 5 (printer, local), 12 packets, 744 bytes" */
static void print_event_station(const struct output *output, const struct station *station)
{
	const char *name = output_name(output, station), *origin = output_origin(output, station);
	bool has_tx = station->has & BIT(L2PC_A_STATION_TX_PACKETS);
	char mac[MAC_SIZE], shown[256];

	putchar(' ');
	color_print(COLOR_MAC, text_mac(station->mac, mac));
	if (station->has & BIT(L2PC_A_STATION_VLAN))
		printf(" vlan %u", station->vlan);
	if (name)
		printf(" (%s", text_plain(name, false, shown, sizeof(shown)));
	if (origin)
		printf("%s%s", name ? ", " : " (", text_plain(origin, false, shown, sizeof(shown)));
	if (name || origin)
		putchar(')');
	print_counts(output, station, RX, has_tx ? ", RX " : ", ");
	print_counts(output, station, TX, ", TX ");
}

static void print_event_settings(const struct port *port)
{
	if (port_hook(port)[0])
		printf(", %s", port_hook(port));
	if (port->pattern[0] && !port_is_pattern(port))
		printf(", pattern %s", output_pattern(port->pattern));
	if (port_settings(port)[0])
		printf(", %s", port_settings(port));
}

void output_event(struct output *output, const struct event *event)
{
	const struct port *port = &event->port;

	if (output_is_station_event(event)) {
		/* One line a station, whatever came in one message. */
		for (size_t i = 0; i < event->view.count; i++) {
			print_event_prefix(output, event);
			print_event_station(output, &event->view.stations[i]);
			putchar('\n');
		}
		return;
	}
	print_event_prefix(output, event);
	if (event->cmd == L2PC_CMD_WINDOW_CLOSE_NTF) {
		print_window_id(&port->previous);
		printf(": ");
		print_sums(output, &port->previous);
	} else if (event->cmd == L2PC_CMD_UNTRACKED_NTF) {
		if (port->has & BIT(L2PC_A_PORT_MAX_STATIONS))
			printf(", all %" PRIu64 " places for stations are taken",
			       port->value[L2PC_A_PORT_MAX_STATIONS]);
	} else if (event->cmd == L2PC_CMD_PORTS_FULL_NTF) {
		printf(", not counted: there are as many ports as there may be, pattern %s",
		       output_pattern(port->pattern));
		print_pattern_ports(output, port);
	} else if (!event->cmd && !port->has) {
		printf(": events came faster than they were read; the ports as they are now:");
	} else {
		print_event_settings(port);
	}
	putchar('\n');
}

const struct format format_text = {
	.view = output_view,
	.port = text_port,
	.pattern = text_pattern,
	.closed = text_closed,
	.end = text_end,
	.event = output_event,
};
