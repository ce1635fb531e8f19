// SPDX-License-Identifier: GPL-2.0
/*
 * A short line each, without titles and sums, as ip -br has them.
 * Copyright (C) the l2packet_counter authors
 */
#include <inttypes.h>
#include <stdio.h>

#include "names/names.h"
#include "output/output.h"
#include "util/color.h"
#include "util/text.h"

static const char *format_number(const struct output *output, uint64_t value, bool has,
				 char buffer[TEXT_SIZE])
{
	if (!has)
		return "-";
	return output->human ? text_human((double)value, buffer) : text_number(value, buffer);
}

/* "eth0  02:00:00:00:00:02  12  18168  printer": name, else vendor, else nothing. */
static void print_station(const struct output *output, const struct view *view,
			  const struct station *s)
{
	char mac[MAC_SIZE], address[TEXT_SIZE], packets[TEXT_SIZE], bytes[TEXT_SIZE], shown[256];
	const char *who = output_name(output, s);

	if (!who)
		who = output->names && names_local(s->mac) ? "local" : output_vendor(output, s);
	text_mac(s->mac, mac);
	if (s->has & BIT(L2PC_A_STATION_VLAN))
		snprintf(address, sizeof(address), "%s/%u", mac, s->vlan);
	else
		snprintf(address, sizeof(address), "%s", mac);
	printf("%s%-15s%s %s%-22s%s %12s %15s", color_on(COLOR_PORT), output_ifname(view->ifname),
	       color_off(COLOR_PORT), color_on(COLOR_MAC), address, color_off(COLOR_MAC),
	       format_number(output, s->packets, s->has & BIT(L2PC_A_STATION_PACKETS), packets),
	       format_number(output, s->bytes, s->has & BIT(L2PC_A_STATION_BYTES), bytes));
	if (who)
		printf("  %s", text_plain(who, false, shown, sizeof(shown)));
	putchar('\n');
}

static void brief_view(struct output *output, const struct view *view)
{
	for (size_t i = 0; i < view->count; i++)
		print_station(output, view, &view->stations[i]);
}

/*
 * "eth0  tap  24  20936  4  counting": packets, bytes and stations of the window, then
 * the state; a closed window has none.
 */
static void print_totals(const struct output *output, const char *ifname, const char *word,
			 const struct totals *totals, const char *state)
{
	char packets[TEXT_SIZE], bytes[TEXT_SIZE], stations[TEXT_SIZE];

	printf("%s%-15s%s %-10s %12s %15s %8s%s%s\n", color_on(COLOR_PORT), output_ifname(ifname),
	       color_off(COLOR_PORT), word,
	       format_number(output, totals->value[L2PC_A_TOTALS_PACKETS],
			     totals_has(totals, L2PC_A_TOTALS_PACKETS), packets),
	       format_number(output, totals->value[L2PC_A_TOTALS_BYTES],
			     totals_has(totals, L2PC_A_TOTALS_BYTES), bytes),
	       format_number(output, totals->value[L2PC_A_TOTALS_STATIONS],
			     totals_has(totals, L2PC_A_TOTALS_STATIONS), stations),
	       state ? "  " : "", state ? state : "");
}

static void brief_port(struct output *output, const struct port *port)
{
	char hook[TEXT_SIZE];

	snprintf(hook, sizeof(hook), "%s",
		 port->has & BIT(L2PC_A_PORT_HOOK) ?
			 enum_name(&hook_names, port->value[L2PC_A_PORT_HOOK]) :
			 "-");
	print_totals(output, port->ifname, hook, &port->window,
		     port->has & BIT(L2PC_A_PORT_STATE) ?
			     enum_name(&state_names, port->value[L2PC_A_PORT_STATE]) :
			     "-");
}

static void brief_closing(struct output *output, const struct closing *closing)
{
	print_totals(output, closing->ifname, "closed", &closing->totals, NULL);
}

/* Events are lines in any case. */
static void brief_event(struct output *output, const struct event *event)
{
	format_text.event(output, event);
}

const struct format format_brief = {
	.view = brief_view,
	.port = brief_port,
	.closing = brief_closing,
	.event = brief_event,
};
