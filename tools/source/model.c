// SPDX-License-Identifier: GPL-2.0
/*
 * What the module says, as the tool keeps it: names, order, memory.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdlib.h>
#include <string.h>

#include "source/model.h"

const char *const totals_keys[L2PC_A_TOTALS_MAX + 1] = {
	[L2PC_A_TOTALS_WINDOW_ID] = "window_id",
	[L2PC_A_TOTALS_OPENED] = "opened",
	[L2PC_A_TOTALS_CLOSED] = "closed",
	[L2PC_A_TOTALS_PACKETS] = "packets",
	[L2PC_A_TOTALS_BYTES] = "bytes",
	[L2PC_A_TOTALS_STATIONS] = "stations",
	[L2PC_A_TOTALS_UNTRACKED_PACKETS] = "untracked_packets",
	[L2PC_A_TOTALS_UNTRACKED_BYTES] = "untracked_bytes",
	[L2PC_A_TOTALS_FORGOTTEN_PACKETS] = "forgotten_packets",
	[L2PC_A_TOTALS_FORGOTTEN_BYTES] = "forgotten_bytes",
	[L2PC_A_TOTALS_SKIPPED_MULTICAST] = "skipped_multicast",
	[L2PC_A_TOTALS_SKIPPED_BROADCAST] = "skipped_broadcast",
	[L2PC_A_TOTALS_SKIPPED_INVALID] = "skipped_invalid",
	[L2PC_A_TOTALS_MALFORMED_PACKETS] = "malformed_packets",
};

const char *const port_keys[L2PC_A_PORT_MAX + 1] = {
	[L2PC_A_PORT_IFINDEX] = "ifindex",
	[L2PC_A_PORT_HOOK] = "hook",
	[L2PC_A_PORT_STATE] = "state",
	[L2PC_A_PORT_HOOK_WANTED] = "hook_wanted",
	[L2PC_A_PORT_VLAN] = "vlan",
	[L2PC_A_PORT_RESET_INTERVAL] = "reset_interval",
	[L2PC_A_PORT_MAX_STATIONS] = "max_stations",
	[L2PC_A_PORT_STATION_TIMEOUT] = "station_timeout",
	[L2PC_A_PORT_DEVICE_TYPE] = "device_type",
};

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

const struct enum_names *port_enum_names(unsigned int attr)
{
	switch (attr) {
	case L2PC_A_PORT_HOOK:
		return &hook_names;
	case L2PC_A_PORT_STATE:
		return &state_names;
	case L2PC_A_PORT_HOOK_WANTED:
		return &hook_wanted_names;
	default:
		return NULL;
	}
}

struct station *view_station(struct view *view)
{
	view_append(&(const struct station){ 0 }, view);
	return &view->stations[view->count - 1];
}

void view_append(const struct station *station, void *data)
{
	struct view *view = data;

	view->stations = array_grow(view->stations, &view->room, view->count,
				    sizeof(*view->stations));
	view->stations[view->count++] = *station;
}

int station_order(const struct station *x, const struct station *y)
{
	int order = memcmp(x->mac, y->mac, sizeof(x->mac));

	if (order)
		return order;
	/* A frame without a tag before VLAN 0, which is something else. */
	if ((x->has ^ y->has) & BIT(L2PC_A_STATION_VLAN))
		return x->has & BIT(L2PC_A_STATION_VLAN) ? 1 : -1;
	return (x->vlan > y->vlan) - (x->vlan < y->vlan);
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

void closings_free(struct closings *closings)
{
	free(closings->closing);
	*closings = (struct closings){ 0 };
}
