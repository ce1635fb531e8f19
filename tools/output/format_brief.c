// SPDX-License-Identifier: GPL-2.0
/*
 * A short line each, without titles and sums, as ip -br has them.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>

#include "output/output.h"

static void print_counts(const struct output *output, uint64_t packets, bool has_packets,
			 uint64_t bytes, bool has_bytes)
{
	char a[TEXT_SIZE], b[TEXT_SIZE];

	printf(" %12s %15s", output_number(output, packets, has_packets, a),
	       output_number(output, bytes, has_bytes, b));
}

/*
 * "eth0  02:00:00:00:00:02  12  18168  printer": name, else vendor, else nothing. With sent
 * frames their packets and bytes follow those received, or with --swap the other way round.
 */
static void print_station(const struct output *output, const struct view *view,
			  const struct station *s, bool has_tx)
{
	char address[TEXT_SIZE], shown[256];
	const char *who = output_name(output, s);

	if (!who)
		who = output_origin(output, s);
	text_mac(s->mac, address);
	if (s->has & BIT(L2PC_A_STATION_VLAN))
		text_append(address, sizeof(address), "/%u", s->vlan);
	printf("%s%-15s%s %s%-22s%s", color_on(COLOR_PORT), output_ifname(view->ifname),
	       color_off(COLOR_PORT), color_on(COLOR_MAC), address, color_off(COLOR_MAC));
	if (has_tx && output->swap)
		print_counts(output, s->tx_packets, true, s->tx_bytes, true);
	print_counts(output, s->packets, s->has & BIT(L2PC_A_STATION_PACKETS), s->bytes,
		     s->has & BIT(L2PC_A_STATION_BYTES));
	if (has_tx && !output->swap)
		print_counts(output, s->tx_packets, true, s->tx_bytes, true);
	if (who)
		printf("  %s", text_plain(who, false, shown, sizeof(shown)));
	putchar('\n');
}

static void brief_view(struct output *output, const struct view *view)
{
	bool has_tx = view_has_tx(view);

	for (size_t i = 0; i < view->count; i++)
		print_station(output, view, &view->stations[i], has_tx);
}

/*
 * "eth0  tap  24  20936  4": packets, bytes and stations of the window. With sent frames
 * their packets and bytes stand before the stations.
 */
static void print_sums(const struct output *output, const char *ifname, const char *word,
		       const struct totals *totals)
{
	const uint64_t *value = totals->value;
	char buffer[TEXT_SIZE];

	printf("%s%-15s%s %-10s", color_on(COLOR_PORT), output_ifname(ifname),
	       color_off(COLOR_PORT), word);
	print_counts(output, value[L2PC_A_TOTALS_PACKETS], totals_has(totals, L2PC_A_TOTALS_PACKETS),
		     value[L2PC_A_TOTALS_BYTES], totals_has(totals, L2PC_A_TOTALS_BYTES));
	if (totals_has_tx(totals))
		print_counts(output, value[L2PC_A_TOTALS_TX_PACKETS], true,
			     value[L2PC_A_TOTALS_TX_BYTES], true);
	printf(" %8s", output_number(output, value[L2PC_A_TOTALS_STATIONS],
				     totals_has(totals, L2PC_A_TOTALS_STATIONS), buffer));
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
