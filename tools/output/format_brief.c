// SPDX-License-Identifier: GPL-2.0
/*
 * A short line each, without titles and sums, as ip -br has them.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>

#include "output/output.h"

/* "eth0  02:00:00:00:00:02  12  18168  printer": name, else vendor, else nothing. */
static void print_station(const struct output *output, const char *ifname, const struct station *s)
{
	char address[TEXT_SIZE], packets[TEXT_SIZE], bytes[TEXT_SIZE], shown[256];
	const char *who = output_name(output, s);

	if (!who)
		who = output_origin(output, s);
	text_mac(s->mac, address);
	if (s->has & BIT(L2PC_A_STATION_VLAN))
		text_append(address, sizeof(address), "/%u", s->vlan);
	printf("%s%-15s%s %s%-22s%s %12s %15s", color_on(COLOR_PORT), output_ifname(ifname),
	       color_off(COLOR_PORT), color_on(COLOR_MAC), address, color_off(COLOR_MAC),
	       output_number(output, s->packets, s->has & BIT(L2PC_A_STATION_PACKETS), packets),
	       output_number(output, s->bytes, s->has & BIT(L2PC_A_STATION_BYTES), bytes));
	if (who)
		printf("  %s", text_plain(who, false, shown, sizeof(shown)));
	putchar('\n');
}

static void brief_view(struct output *output, const struct view *view)
{
	for (size_t i = 0; i < view->count; i++)
		print_station(output, view->ifname, &view->stations[i]);
}

/* "eth0  tap  24  20936  4": packets, bytes and stations of the window. */
static void print_sums(const struct output *output, const char *ifname, const char *word,
		       const struct totals *totals)
{
	static const unsigned int attrs[] = {
		L2PC_A_TOTALS_PACKETS, L2PC_A_TOTALS_BYTES, L2PC_A_TOTALS_STATIONS,
	};
	static const int widths[] = { 12, 15, 8 };
	char buffer[TEXT_SIZE];

	printf("%s%-15s%s %-10s", color_on(COLOR_PORT), output_ifname(ifname),
	       color_off(COLOR_PORT), word);
	for (size_t i = 0; i < ARRAY_SIZE(attrs); i++)
		printf(" %*s", widths[i],
		       output_number(output, totals->value[attrs[i]],
				     totals_has(totals, attrs[i]), buffer));
}

static const char *port_word(const struct port *port, unsigned int attr)
{
	return port->has & BIT(attr) ? enum_name(port_fields.field[attr].names, port->value[attr]) :
				       "-";
}

static void brief_port(struct output *output, const struct port *port)
{
	print_sums(output, port->ifname, port_word(port, L2PC_A_PORT_HOOK), &port->window);
	printf("  %s\n", port_word(port, L2PC_A_PORT_STATE));
}

/* "tap*  pattern  2 ports  0 missed" */
static void brief_pattern(struct output *output, const struct port *pattern)
{
	uint64_t ports = pattern->value[L2PC_A_PORT_PORTS];
	char buffer[TEXT_SIZE];

	printf("%s%-15s%s %-10s", color_on(COLOR_PORT), output_pattern(pattern->pattern),
	       color_off(COLOR_PORT), "pattern");
	printf(" %12s port%s", output_number(output, ports, true, buffer), text_plural(ports));
	if (pattern->has & BIT(L2PC_A_PORT_MISSED))
		printf("  %s missed", output_number(output, pattern->value[L2PC_A_PORT_MISSED],
						    true, buffer));
	putchar('\n');
}

static void brief_closed(struct output *output, const struct view *closed)
{
	print_sums(output, closed->ifname, "closed", &closed->totals);
	putchar('\n');
}

const struct format format_brief = {
	.view = brief_view,
	.port = brief_port,
	.pattern = brief_pattern,
	.closed = brief_closed,
	.event = output_event,
};
