// SPDX-License-Identifier: GPL-2.0
/*
 * Output as JSON: one array, or for events one object a line.
 * Copyright (C) the l2packet_counter authors
 *
 * Keys are the names of the netlink attributes with _ for -, numbers are raw,
 * moments are CLOCK_BOOTTIME in nanoseconds. What the module did not send has no
 * key. Scripts rely on all of this.
 */
#include <stdio.h>

#include "names/names.h"
#include "output/output.h"

static void put_ifname(struct json *json, const char *name)
{
	if (name[0])
		json_string(json, "ifname", name);
}

static void put_totals(struct json *json, const char *key, const struct totals *totals)
{
	json_open(json, key, '{');
	for (unsigned int i = 0; i <= L2PC_A_TOTALS_MAX; i++)
		if (totals_has(totals, i))
			json_u64(json, totals_fields.field[i].key, totals->value[i]);
	json_close(json, '}');
}

/* @has_tx: the port counts sent frames, and 0 is not sent */
static void put_station(struct output *output, const struct station *station, bool has_tx)
{
	const char *name = output_name(output, station), *vendor = output_vendor(output, station);
	struct json *json = &output->json;
	char text[MAC_SIZE];

	json_open(json, NULL, '{');
	if (station->has & BIT(L2PC_A_STATION_MAC))
		json_plain(json, "mac", text_mac(station->mac, text), MAC_SIZE - 1);
	if (station->has & BIT(L2PC_A_STATION_VLAN))
		json_u64(json, "vlan", station->vlan);
	if (station->has & BIT(L2PC_A_STATION_PACKETS))
		json_u64(json, "packets", station->packets);
	if (station->has & BIT(L2PC_A_STATION_BYTES))
		json_u64(json, "bytes", station->bytes);
	if (has_tx || station->has & BIT(L2PC_A_STATION_TX_PACKETS))
		json_u64(json, "tx_packets", station->tx_packets);
	if (has_tx || station->has & BIT(L2PC_A_STATION_TX_BYTES))
		json_u64(json, "tx_bytes", station->tx_bytes);
	if (station->has & BIT(L2PC_A_STATION_FIRST_SEEN))
		json_u64(json, "first_seen", station->first_seen);
	if (station->has & BIT(L2PC_A_STATION_LAST_SEEN))
		json_u64(json, "last_seen", station->last_seen);
	if (name)
		json_string(json, "name", name);
	if (vendor)
		json_string(json, "vendor", vendor);
	if (output->names && names_local(station->mac))
		json_true(json, "local");
	json_close(json, '}');
}

/* What is between the braces: an event puts its own keys before. */
static void put_view_keys(struct output *output, const struct view *view)
{
	struct json *json = &output->json;
	bool has_tx = view_has_tx(view);

	put_ifname(json, view->ifname);
	if (view->has & BIT(L2PC_A_STATIONS_IFINDEX))
		json_u64(json, "ifindex", view->ifindex);
	if (view->all_time || view->has & BIT(L2PC_A_STATIONS_VIEW))
		json_string(json, "view", view_name(view));
	if (view->now)
		json_u64(json, "now", view->now);
	if (view->has & BIT(L2PC_A_STATIONS_TOTALS))
		put_totals(json, "totals", &view->totals);
	json_open(json, "stations", '[');
	for (size_t i = 0; i < view->count; i++)
		put_station(output, &view->stations[i], has_tx);
	json_close(json, ']');
	if (!view->hidden.stations)
		return;
	json_open(json, "not_shown", '{');
	json_u64(json, "stations", view->hidden.stations);
	json_u64(json, "packets", view->hidden.packets);
	json_u64(json, "bytes", view->hidden.bytes);
	if (has_tx) {
		json_u64(json, "tx_packets", view->hidden.tx_packets);
		json_u64(json, "tx_bytes", view->hidden.tx_bytes);
	}
	json_close(json, '}');
}

static void put_port_keys(struct json *json, const struct port *port)
{
	put_ifname(json, port->ifname);
	if (port->pattern[0])
		json_string(json, "pattern", port->pattern);
	for (unsigned int i = 0; i < port_fields.count; i++) {
		const struct field *field = &port_fields.field[i];

		if (field->kind != FIELD_U64 || !(port->has & BIT(i)))
			continue;
		if (field->names)
			json_string(json, field->key, enum_name(field->names, port->value[i]));
		else
			json_u64(json, field->key, port->value[i]);
	}
	for (enum l2pc_view v = L2PC_VIEW_WINDOW; v <= L2PC_VIEW_LIFETIME; v++)
		if (port_totals(port, v))
			put_totals(json, enum_name(&view_names, v), port_totals(port, v));
}

static void put_view(struct output *output, const struct view *view)
{
	json_open(&output->json, NULL, '{');
	put_view_keys(output, view);
	json_close(&output->json, '}');
}

static void put_port(struct output *output, const struct port *port)
{
	json_open(&output->json, NULL, '{');
	put_port_keys(&output->json, port);
	json_close(&output->json, '}');
}

static void put_closed(struct output *output, const struct view *closed)
{
	struct json *json = &output->json;

	json_open(json, NULL, '{');
	put_ifname(json, closed->ifname);
	if (closed->has & BIT(L2PC_A_STATIONS_IFINDEX))
		json_u64(json, "ifindex", closed->ifindex);
	if (closed->has & BIT(L2PC_A_STATIONS_TOTALS))
		put_totals(json, "totals", &closed->totals);
	json_close(json, '}');
}

static void put_event(struct output *output, const struct event *event)
{
	struct json *json = &output->json;
	char stamp[OUTPUT_STAMP];

	json_open(json, NULL, '{');
	if (output->timestamps)
		json_string(json, "timestamp", output_stamp(stamp));
	json_string(json, "event", event->name);
	if (output_is_station_event(event))
		put_view_keys(output, &event->view);
	else
		put_port_keys(json, &event->port);
	json_close(json, '}');
}

const struct format format_json = {
	.view = put_view,
	.port = put_port,
	.pattern = put_port,
	.closed = put_closed,
	.event = put_event,
};
