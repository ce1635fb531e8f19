// SPDX-License-Identifier: GPL-2.0
/*
 * Which stations are shown.
 * Copyright (C) the l2packet_counter authors
 */
#include <string.h>

#include "names/names.h"
#include "output/select.h"
#include "output/sort.h"

#define FILTERS	(OPTION(VLAN) | OPTION(SINCE) | OPTION(LOCAL) | OPTION(GLOBAL) | \
		 OPTION(EXCLUDE_SELF) | OPTION(RX) | OPTION(TX))

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
	if (options_have(options, OPT_RX) && !station->packets)
		return false;
	if (options_have(options, OPT_TX) && !station->tx_packets)
		return false;
	return !options_have(options, OPT_EXCLUDE_SELF) || !names_own(station->mac);
}

/* Stations with one address become one without a VLAN. */
static void merge_vlans(struct view *view)
{
	uint64_t *stations = &view->totals.value[L2PC_A_TOTALS_STATIONS];
	size_t kept = 0;

	sort_view(view, SORT_MAC, false, view->count);
	for (size_t i = 0; i < view->count; i++) {
		struct station *from = &view->stations[i], *to;

		to = kept ? &view->stations[kept - 1] : NULL;
		if (!to || memcmp(to->mac, from->mac, sizeof(to->mac))) {
			to = &view->stations[kept++];
			*to = *from;
		} else {
			to->packets += from->packets;
			to->bytes += from->bytes;
			to->tx_packets += from->tx_packets;
			to->tx_bytes += from->tx_bytes;
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
			hidden_add(&view->hidden, &view->stations[i]);
	}
	view->count = kept;
}

void select_view(const struct options *options, struct view *view)
{
	enum sort sort = (enum sort)options->number[OPT_SORT];
	size_t shown;

	if (!view->count)
		return;
	if (options_have(options, OPT_NO_VLAN))
		merge_vlans(view);
	filter_view(options, view);

	/* Before they are sorted: the order would give the addresses away. */
	if (options_have(options, OPT_ANONYMIZE)) {
		for (size_t i = 0; i < view->count; i++)
			anonymous_mac(view->stations[i].mac);
		if (sort == SORT_NAME)
			sort = SORT_MAC;
	}
	shown = view->count;
	if (options_have(options, OPT_LIMIT) && shown > options->number[OPT_LIMIT])
		shown = options->number[OPT_LIMIT];
	sort_view(view, sort, options_have(options, OPT_REVERSE), shown);
	for (size_t i = shown; i < view->count; i++)
		hidden_add(&view->hidden, &view->stations[i]);
	view->count = shown;
}
