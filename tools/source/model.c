// SPDX-License-Identifier: GPL-2.0
/*
 * Data model: names, fields, order, memory.
 * Copyright (C) the l2packet_counter authors
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "source/model.h"

static const char *const view_strings[] = {
	[L2PC_VIEW_WINDOW] = "window",
	[L2PC_VIEW_PREVIOUS] = "previous",
	[L2PC_VIEW_LIFETIME] = "lifetime",
};

/* As the module's parameter spells them. */
static const char *const hook_strings[] = {
	[L2PC_HOOK_KIND_NONE] = "none",
	[L2PC_HOOK_KIND_RX_HANDLER] = "rx_handler",
	[L2PC_HOOK_KIND_TAP] = "tap",
	[L2PC_HOOK_KIND_TCX] = "tcx",
	[L2PC_HOOK_KIND_CLSACT] = "clsact",
	[ENUM_OLDER + 2] = "ingress",
};

static const char *const hook_wanted_strings[] = {
	[L2PC_HOOK_WANTED_TAP] = "tap",
	[L2PC_HOOK_WANTED_RX_HANDLER] = "rx_handler",
	[ENUM_OLDER + 0] = "auto",
	[ENUM_OLDER + 2] = "ingress",
};

static const char *const state_strings[] = {
	[L2PC_PORT_STATE_NO_DEVICE] = "no-device",
	[L2PC_PORT_STATE_COUNTING] = "counting",
	[L2PC_PORT_STATE_UNSUPPORTED] = "unsupported",
};

const struct enum_names view_names = ENUM_NAMES(view_strings);
const struct enum_names hook_names = ENUM_NAMES(hook_strings);
const struct enum_names hook_wanted_names = ENUM_NAMES(hook_wanted_strings);
const struct enum_names state_names = ENUM_NAMES(state_strings);

/* A number at its attribute's place in @value. */
#define NUMBER(type, attr, key, names) \
	[attr] = { key, FIELD_U64, attr, offsetof(struct type, value[attr]), names }
#define MEMBER(type, attr, kind, bit, member, names) \
	[attr] = { #member, kind, bit, offsetof(struct type, member), names }

static const struct field totals_field[] = {
	NUMBER(totals, L2PC_A_TOTALS_WINDOW_ID, "window_id", NULL),
	NUMBER(totals, L2PC_A_TOTALS_OPENED, "opened", NULL),
	NUMBER(totals, L2PC_A_TOTALS_CLOSED, "closed", NULL),
	NUMBER(totals, L2PC_A_TOTALS_PACKETS, "packets", NULL),
	NUMBER(totals, L2PC_A_TOTALS_BYTES, "bytes", NULL),
	NUMBER(totals, L2PC_A_TOTALS_STATIONS, "stations", NULL),
	NUMBER(totals, L2PC_A_TOTALS_UNTRACKED_PACKETS, "untracked_packets", NULL),
	NUMBER(totals, L2PC_A_TOTALS_UNTRACKED_BYTES, "untracked_bytes", NULL),
	NUMBER(totals, L2PC_A_TOTALS_FORGOTTEN_PACKETS, "forgotten_packets", NULL),
	NUMBER(totals, L2PC_A_TOTALS_FORGOTTEN_BYTES, "forgotten_bytes", NULL),
	NUMBER(totals, L2PC_A_TOTALS_SKIPPED_MULTICAST, "skipped_multicast", NULL),
	NUMBER(totals, L2PC_A_TOTALS_SKIPPED_BROADCAST, "skipped_broadcast", NULL),
	NUMBER(totals, L2PC_A_TOTALS_SKIPPED_INVALID, "skipped_invalid", NULL),
	NUMBER(totals, L2PC_A_TOTALS_MALFORMED_PACKETS, "malformed_packets", NULL),
	NUMBER(totals, L2PC_A_TOTALS_TX_PACKETS, "tx_packets", NULL),
	NUMBER(totals, L2PC_A_TOTALS_TX_BYTES, "tx_bytes", NULL),
	NUMBER(totals, L2PC_A_TOTALS_TX_UNTRACKED_PACKETS, "tx_untracked_packets", NULL),
	NUMBER(totals, L2PC_A_TOTALS_TX_UNTRACKED_BYTES, "tx_untracked_bytes", NULL),
	NUMBER(totals, L2PC_A_TOTALS_TX_FORGOTTEN_PACKETS, "tx_forgotten_packets", NULL),
	NUMBER(totals, L2PC_A_TOTALS_TX_FORGOTTEN_BYTES, "tx_forgotten_bytes", NULL),
	NUMBER(totals, L2PC_A_TOTALS_TX_SKIPPED_MULTICAST, "tx_skipped_multicast", NULL),
	NUMBER(totals, L2PC_A_TOTALS_TX_SKIPPED_BROADCAST, "tx_skipped_broadcast", NULL),
	NUMBER(totals, L2PC_A_TOTALS_TX_SKIPPED_INVALID, "tx_skipped_invalid", NULL),
	NUMBER(totals, L2PC_A_TOTALS_TX_MALFORMED_PACKETS, "tx_malformed_packets", NULL),
};

static const struct field port_field[] = {
	MEMBER(port, L2PC_A_PORT_IFNAME, FIELD_IFNAME, L2PC_A_PORT_IFNAME, ifname, NULL),
	NUMBER(port, L2PC_A_PORT_IFINDEX, "ifindex", NULL),
	NUMBER(port, L2PC_A_PORT_HOOK, "hook", &hook_names),
	NUMBER(port, L2PC_A_PORT_STATE, "state", &state_names),
	NUMBER(port, L2PC_A_PORT_HOOK_WANTED, "hook_wanted", &hook_wanted_names),
	NUMBER(port, L2PC_A_PORT_VLAN, "vlan", NULL),
	NUMBER(port, L2PC_A_PORT_RESET_INTERVAL, "reset_interval", NULL),
	NUMBER(port, L2PC_A_PORT_MAX_STATIONS, "max_stations", NULL),
	NUMBER(port, L2PC_A_PORT_STATION_TIMEOUT, "station_timeout", NULL),
	NUMBER(port, L2PC_A_PORT_DEVICE_TYPE, "device_type", NULL),
	NUMBER(port, L2PC_A_PORT_TX, "tx", NULL),
	MEMBER(port, L2PC_A_PORT_WINDOW, FIELD_TOTALS, L2PC_A_PORT_WINDOW, window, NULL),
	MEMBER(port, L2PC_A_PORT_PREVIOUS, FIELD_TOTALS, L2PC_A_PORT_PREVIOUS, previous, NULL),
	MEMBER(port, L2PC_A_PORT_LIFETIME, FIELD_TOTALS, L2PC_A_PORT_LIFETIME, lifetime, NULL),
	MEMBER(port, L2PC_A_PORT_PATTERN, FIELD_PATTERN, L2PC_A_PORT_PATTERN, pattern, NULL),
	NUMBER(port, L2PC_A_PORT_KEEP, "keep", NULL),
	NUMBER(port, L2PC_A_PORT_PORTS, "ports", NULL),
	NUMBER(port, L2PC_A_PORT_MISSED, "missed", NULL),
};

static const struct field view_field[] = {
	MEMBER(view, L2PC_A_STATIONS_IFNAME, FIELD_IFNAME, L2PC_A_STATIONS_IFNAME, ifname, NULL),
	MEMBER(view, L2PC_A_STATIONS_IFINDEX, FIELD_U32, L2PC_A_STATIONS_IFINDEX, ifindex, NULL),
	MEMBER(view, L2PC_A_STATIONS_VIEW, FIELD_U32, L2PC_A_STATIONS_VIEW, view, &view_names),
	MEMBER(view, L2PC_A_STATIONS_TOTALS, FIELD_TOTALS, L2PC_A_STATIONS_TOTALS, totals, NULL),
};

/* The attributes of a closed window, with the bits of a view. */
static const struct field closed_field[] = {
	MEMBER(view, L2PC_A_CLOSED_IFNAME, FIELD_IFNAME, L2PC_A_STATIONS_IFNAME, ifname, NULL),
	MEMBER(view, L2PC_A_CLOSED_IFINDEX, FIELD_U32, L2PC_A_STATIONS_IFINDEX, ifindex, NULL),
	MEMBER(view, L2PC_A_CLOSED_TOTALS, FIELD_TOTALS, L2PC_A_STATIONS_TOTALS, totals, NULL),
};

#define COUNTER(attr, member) MEMBER(station, attr, FIELD_U64, attr, member, NULL)

static const struct field station_field[] = {
	MEMBER(station, L2PC_A_STATION_MAC, FIELD_MAC, L2PC_A_STATION_MAC, mac, NULL),
	MEMBER(station, L2PC_A_STATION_VLAN, FIELD_U16, L2PC_A_STATION_VLAN, vlan, NULL),
	COUNTER(L2PC_A_STATION_PACKETS, packets),
	COUNTER(L2PC_A_STATION_BYTES, bytes),
	COUNTER(L2PC_A_STATION_FIRST_SEEN, first_seen),
	COUNTER(L2PC_A_STATION_LAST_SEEN, last_seen),
	COUNTER(L2PC_A_STATION_TX_PACKETS, tx_packets),
	COUNTER(L2PC_A_STATION_TX_BYTES, tx_bytes),
};

const struct fields totals_fields = { totals_field, ARRAY_SIZE(totals_field) };
const struct fields port_fields = { port_field, ARRAY_SIZE(port_field) };
const struct fields view_fields = { view_field, ARRAY_SIZE(view_field) };
const struct fields closed_fields = { closed_field, ARRAY_SIZE(closed_field) };
const struct fields station_fields = { station_field, ARRAY_SIZE(station_field) };

void view_append(const struct station *station, void *data)
{
	struct view *view = data;

	*(struct station *)list_add(view, stations) = *station;
}

int station_order(const void *a, const void *b)
{
	const struct station *x = a, *y = b;
	int order = memcmp(x->mac, y->mac, sizeof(x->mac));

	if (order)
		return order;
	/* A frame without a tag comes before VLAN 0. */
	if ((x->has ^ y->has) & BIT(L2PC_A_STATION_VLAN))
		return x->has & BIT(L2PC_A_STATION_VLAN) ? 1 : -1;
	return (x->vlan > y->vlan) - (x->vlan < y->vlan);
}

bool view_has_tx(const struct view *view)
{
	/* A recording need not have totals. */
	for (size_t i = 0; i < view->count && !view->totals.has; i++)
		if (view->stations[i].has & BIT(L2PC_A_STATION_TX_PACKETS))
			return true;
	return totals_has_tx(&view->totals);
}

uint64_t view_span(const struct view *view)
{
	const struct totals *totals = &view->totals;
	uint64_t from = totals->value[L2PC_A_TOTALS_OPENED], to = view->now;

	if (!totals_has(totals, L2PC_A_TOTALS_OPENED))
		return 0;
	if (totals_has(totals, L2PC_A_TOTALS_CLOSED))
		to = totals->value[L2PC_A_TOTALS_CLOSED];
	return to > from ? to - from : 0;
}

const char *view_name(const struct view *view)
{
	if (view->all_time)
		return "all-time";
	return view->has & BIT(L2PC_A_STATIONS_VIEW) ? enum_name(&view_names, view->view) :
						       "stations";
}

void view_free(struct view *view)
{
	free(view->stations);
	*view = (struct view){ 0 };
}

void views_free(struct views *views)
{
	for (size_t i = 0; i < views->count; i++)
		view_free(&views->view[i]);
	free(views->view);
	*views = (struct views){ 0 };
}

void ports_free(struct ports *ports)
{
	free(ports->port);
	*ports = (struct ports){ 0 };
}

static const char *const switch_strings[] = { "off", "on" };
static const struct enum_names switch_names = ENUM_NAMES(switch_strings);

const struct setting settings[SETTINGS] = {
	{ "hook", NULL, &hook_wanted_names, L2PC_A_PORT_HOOK_WANTED, sizeof(uint32_t), 0, 0 },
	{ "vlan", NULL, &switch_names, L2PC_A_PORT_VLAN, sizeof(uint8_t), 0, 0 },
	{ "reset-interval", "SECONDS", NULL, L2PC_A_PORT_RESET_INTERVAL, sizeof(uint32_t), 0,
	  L2PC_RESET_INTERVAL_MAX },
	{ "max-stations", "N", NULL, L2PC_A_PORT_MAX_STATIONS, sizeof(uint32_t), 1,
	  L2PC_MAX_STATIONS_MAX },
	{ "station-timeout", "SECONDS", NULL, L2PC_A_PORT_STATION_TIMEOUT, sizeof(uint32_t), 0,
	  L2PC_STATION_TIMEOUT_MAX },
	{ "tx", NULL, &switch_names, L2PC_A_PORT_TX, sizeof(uint8_t), 0, 0 },
	{ "keep", "SECONDS", NULL, L2PC_A_PORT_KEEP, sizeof(uint32_t), 0, L2PC_KEEP_MAX },
};
