// SPDX-License-Identifier: GPL-2.0
/*
 * Which stations are shown, and in which order.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdlib.h>
#include <string.h>

#include "names/names.h"
#include "output/select.h"
#include "output/sort.h"

static const char *const sort_strings[] = {
	[SORT_PACKETS] = "packets", [SORT_BYTES] = "bytes", [SORT_LAST] = "last",
	[SORT_FIRST] = "first",	    [SORT_MAC] = "mac",	    [SORT_NAME] = "name",
};

const struct enum_names sort_names = ENUM_NAMES(sort_strings);

/* The smallest of these stands first. */

static uint64_t key_packets(const struct station *station)
{
	return ~station->packets;
}

static uint64_t key_bytes(const struct station *station)
{
	return ~station->bytes;
}

static uint64_t key_last(const struct station *station)
{
	return ~station->last_seen;
}

static uint64_t key_first(const struct station *station)
{
	return station->first_seen;
}

static uint64_t key_none(const struct station *station)
{
	(void)station;
	return 0;
}

/* What has no name comes last. */
static int compare_names(const void *a, const void *b)
{
	const struct station *x = a, *y = b;
	int order = x->name && y->name ? strcmp(x->name, y->name) : !x->name - !y->name;

	return order ? order : station_order(x, y);
}

static void sort_view(enum sort key, struct view *view)
{
	static uint64_t (*const keys[])(const struct station *station) = {
		[SORT_PACKETS] = key_packets, [SORT_BYTES] = key_bytes, [SORT_LAST] = key_last,
		[SORT_FIRST] = key_first,     [SORT_MAC] = key_none,
	};

	if (key != SORT_NAME) {
		sort_stations(view->stations, view->count, keys[key]);
		return;
	}
	for (size_t i = 0; i < view->count; i++)
		view->stations[i].name = names_find(view->stations[i].mac);
	qsort(view->stations, view->count, sizeof(*view->stations), compare_names);
}

static void reverse_view(struct view *view)
{
	for (size_t i = 0, j = view->count; i + 1 < j; i++) {
		struct station station = view->stations[i];

		view->stations[i] = view->stations[--j];
		view->stations[j] = station;
	}
}

#define FILTERS	(OPTION(VLAN) | OPTION(SINCE) | OPTION(LOCAL) | OPTION(GLOBAL) | \
		 OPTION(EXCLUDE_SELF))

bool select_matches_all(const struct options *options)
{
	return !(options->given & FILTERS);
}

bool select_matches(const struct options *options, const struct station *station, uint64_t now)
{
	if (options_have(options, OPT_VLAN)) {
		bool tagged = station->has & BIT(L2PC_A_STATION_VLAN);
		uint64_t wanted = options->number[OPT_VLAN];

		if (wanted == VLAN_NONE ? tagged : !tagged)
			return false;
		if (wanted < VLAN_ANY && station->vlan != wanted)
			return false;
	}
	if (options_have(options, OPT_SINCE) &&
	    station->last_seen + options->number[OPT_SINCE] < now)
		return false;
	if (options_have(options, OPT_LOCAL) && !names_local(station->mac))
		return false;
	if (options_have(options, OPT_GLOBAL) && names_local(station->mac))
		return false;
	return !options_have(options, OPT_EXCLUDE_SELF) || !names_own(station->mac);
}

static void hide_station(struct view *view, const struct station *station)
{
	view->hidden.stations++;
	view->hidden.packets += station->packets;
	view->hidden.bytes += station->bytes;
}

static int compare_mac(const void *a, const void *b)
{
	const struct station *x = a, *y = b;

	return memcmp(x->mac, y->mac, sizeof(x->mac));
}

/* Stations with one address become one without a VLAN. */
static void merge_vlans(struct view *view)
{
	uint64_t *stations = &view->totals.value[L2PC_A_TOTALS_STATIONS];
	size_t kept = 0;

	qsort(view->stations, view->count, sizeof(*view->stations), compare_mac);
	for (size_t i = 0; i < view->count; i++) {
		struct station *from = &view->stations[i], *to;

		if (!kept || compare_mac(&view->stations[kept - 1], from)) {
			view->stations[kept] = *from;
			to = &view->stations[kept++];
		} else {
			to = &view->stations[kept - 1];
			to->packets += from->packets;
			to->bytes += from->bytes;
			if (from->first_seen < to->first_seen)
				to->first_seen = from->first_seen;
			if (from->last_seen > to->last_seen)
				to->last_seen = from->last_seen;
			to->has |= from->has;
		}
		to->has &= (uint16_t)~BIT(L2PC_A_STATION_VLAN);
		to->vlan = 0;
	}
	/* The sums say how many stations there are, also of those left out below. */
	*stations -= *stations < view->count - kept ? *stations : view->count - kept;
	view->count = kept;
}

static void filter_view(const struct options *options, struct view *view)
{
	size_t kept = 0;

	if (select_matches_all(options))
		return;
	for (size_t i = 0; i < view->count; i++) {
		if (select_matches(options, &view->stations[i], view->now))
			view->stations[kept++] = view->stations[i];
		else
			hide_station(view, &view->stations[i]);
	}
	view->count = kept;
}

void select_view(const struct options *options, struct view *view)
{
	enum sort key = (enum sort)options->number[OPT_SORT];

	if (!view->count)
		return;
	if (options_have(options, OPT_NO_VLAN))
		merge_vlans(view);
	filter_view(options, view);

	/* Before the order is made, or the order would tell the addresses. */
	if (options_have(options, OPT_ANONYMIZE)) {
		for (size_t i = 0; i < view->count; i++)
			anonymous_mac(view->stations[i].mac);
		if (key == SORT_NAME)
			key = SORT_MAC;
	}
	sort_view(key, view);
	if (options_have(options, OPT_REVERSE))
		reverse_view(view);

	if (options_have(options, OPT_LIMIT) && view->count > options->number[OPT_LIMIT]) {
		for (size_t i = options->number[OPT_LIMIT]; i < view->count; i++)
			hide_station(view, &view->stations[i]);
		view->count = options->number[OPT_LIMIT];
	}
}
