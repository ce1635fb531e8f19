// SPDX-License-Identifier: GPL-2.0
/*
 * Totals that survive a reboot: taking in what is new, and adding up.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdlib.h>
#include <string.h>

#include "totals/state.h"
#include "util/clock.h"
#include "util/errors.h"
#include "util/files.h"
#include "util/text.h"

/* More stations of a port are not kept: those that were idle longest go. Addresses
 * that are made up anew all the time must not fill the disk.
 */
#define KEPT_MAX	1000000

static const unsigned int sum_attrs[SUMS] = {
	[SUM_PACKETS] = L2PC_A_TOTALS_PACKETS,
	[SUM_BYTES] = L2PC_A_TOTALS_BYTES,
	[SUM_MULTICAST] = L2PC_A_TOTALS_SKIPPED_MULTICAST,
	[SUM_BROADCAST] = L2PC_A_TOTALS_SKIPPED_BROADCAST,
	[SUM_INVALID] = L2PC_A_TOTALS_SKIPPED_INVALID,
};

static uint64_t wall(void)
{
	struct timespec t = clock_wall();

	return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

/* A moment of the boot clock, by the day's clock. */
static uint64_t to_wall(uint64_t boot, uint64_t boot_now)
{
	uint64_t now = wall(), ago = boot_now > boot ? boot_now - boot : 0;

	return now > ago ? now - ago : 0;
}

static const char *boot_id(void)
{
	static char id[STATE_BOOT];

	if (!id[0] && !file_line("/proc/sys/kernel/random/boot_id", id, sizeof(id)))
		strcpy(id, "unknown");
	return id;
}

static int compare(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;
	int order = memcmp(x->mac, y->mac, sizeof(x->mac));

	return order ? order : (x->vlan > y->vlan) - (x->vlan < y->vlan);
}

static int compare_idle(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;

	return (x->last < y->last) - (x->last > y->last);
}

/*
 * Is it the lifetime that was saved last? Ports that were loaded together have one
 * moment; what has less than there was is another of them.
 */
static bool goes_on(const struct kept_port *port, const struct view *view)
{
	return port->opened == view->totals.value[L2PC_A_TOTALS_OPENED] &&
	       port->last[SUM_PACKETS] <= view->totals.value[L2PC_A_TOTALS_PACKETS] &&
	       !strcmp(port->boot, boot_id());
}

/* How sure it is that a view is one of a kept port. */
enum likeness {
	LIKE_SAME,	/* its lifetime, under its name */
	LIKE_RENAMED,	/* its lifetime, under another */
	LIKE_NAMED,	/* another lifetime, under its name */
	LIKENESSES
};

static bool is_like(const struct kept_port *port, const struct view *view, enum likeness likeness)
{
	bool named = !strcmp(port->ifname, view->ifname);

	switch (likeness) {
	case LIKE_SAME:
		return named && goes_on(port, view);
	case LIKE_RENAMED:
		return goes_on(port, view);
	default:
		return named;
	}
}

/*
 * Which kept port each view is of, those first that are sure: two ports may have one
 * name, when an interface is called as one was that is gone. @place: NONE where it
 * is of none.
 */
#define NONE	SIZE_MAX

static void find_places(const struct state *state, const struct views *views, size_t *place)
{
	bool *taken = calloc(state->count + 1, sizeof(*taken));

	if (!taken)
		out_of_memory();
	for (size_t v = 0; v < views->count; v++)
		place[v] = NONE;
	for (enum likeness l = LIKE_SAME; l < LIKENESSES; l++)
		for (size_t v = 0; v < views->count; v++)
			for (size_t i = 0; i < state->count && place[v] == NONE; i++)
				if (!taken[i] && is_like(&state->port[i], &views->view[v], l)) {
					taken[i] = true;
					place[v] = i;
				}
	free(taken);
}

static struct kept_port *port_new(struct state *state)
{
	state->port = array_grow(state->port, &state->room, state->count, sizeof(*state->port));
	return memset(&state->port[state->count++], 0, sizeof(*state->port));
}

static void station_over(struct kept *kept)
{
	kept->packets += kept->last_packets;
	kept->bytes += kept->last_bytes;
	kept->last_packets = kept->last_bytes = 0;
}

/* The lifetime that was saved last has ended, unless the view goes on with it. */
static void lifetime_check(struct kept_port *port, const struct view *view)
{
	uint64_t opened = view->totals.value[L2PC_A_TOTALS_OPENED];

	if (goes_on(port, view))
		return;
	for (int s = 0; s < SUMS; s++) {
		port->over[s] += port->last[s];
		port->last[s] = 0;
	}
	for (size_t i = 0; i < port->count; i++)
		station_over(&port->kept[i]);
	strcpy(port->boot, boot_id());
	port->opened = opened;
	if (!port->since)
		port->since = to_wall(opened, view->now);
}

/*
 * @before: the moment of the last saving, and a little more. The module reckons moments
 * from jiffies: the same one may be some milliseconds later at the next look, and a
 * suspension later after one.
 */
static void station_merge(struct kept *kept, const struct station *station, uint64_t before,
			  uint64_t now)
{
	if (station->packets < kept->last_packets || station->first_seen > before)
		station_over(kept);
	kept->last_packets = station->packets;
	kept->last_bytes = station->bytes;
	kept->last = to_wall(station->last_seen, now);
	if (!kept->first)
		kept->first = to_wall(station->first_seen, now);
}

static void port_merge(struct kept_port *port, const struct view *view, uint64_t before)
{
	size_t known = port->count;

	lifetime_check(port, view);
	for (int s = 0; s < SUMS; s++)
		port->last[s] = view->totals.value[sum_attrs[s]];
	for (size_t i = 0; i < view->count; i++) {
		const struct station *station = &view->stations[i];
		struct kept key = {
			.vlan = station->has & BIT(L2PC_A_STATION_VLAN) ? station->vlan : -1,
		};
		struct kept *kept;

		memcpy(key.mac, station->mac, sizeof(key.mac));
		kept = known ? bsearch(&key, port->kept, known, sizeof(key), compare) : NULL;
		if (!kept) {
			port->kept = array_grow(port->kept, &port->room, port->count, sizeof(key));
			kept = &port->kept[port->count++];
			*kept = key;
		}
		station_merge(kept, station, before, view->now);
	}
	if (port->count > KEPT_MAX) {
		qsort(port->kept, port->count, sizeof(*port->kept), compare_idle);
		port->count = KEPT_MAX;
	}
	if (port->count)
		qsort(port->kept, port->count, sizeof(*port->kept), compare);
}

void state_merge(struct state *state, const struct views *views)
{
	uint64_t slept = clock_slept();
	uint64_t before = state->moment + SECOND + (slept > state->slept ? slept - state->slept : 0);
	size_t *place = calloc(views->count + 1, sizeof(*place));

	if (!place)
		out_of_memory();
	find_places(state, views, place);
	for (size_t i = 0; i < views->count; i++) {
		struct kept_port *port = place[i] == NONE ? port_new(state) : &state->port[place[i]];

		strcpy(port->ifname, views->view[i].ifname);
		port_merge(port, &views->view[i], before);
	}
	free(place);
	state->saved = wall() / SECOND;
	state->moment = clock_boot();
	state->slept = slept;
}

static void put(struct totals *totals, unsigned int attr, uint64_t value)
{
	totals->value[attr] = value;
	totals->has |= BIT(attr);
}

/* A recording may have less in its sums than in its stations, or no sums. */
static uint64_t difference(uint64_t sum, uint64_t parts)
{
	return sum > parts ? sum - parts : 0;
}

static void port_view(const struct kept_port *port, struct view *view)
{
	uint64_t packets = 0, bytes = 0;

	strcpy(view->ifname, port->ifname);
	view->has = BIT(L2PC_A_STATIONS_IFNAME) | BIT(L2PC_A_STATIONS_TOTALS);
	view->all_time = true;
	view->now = wall();
	for (size_t i = 0; i < port->count; i++) {
		const struct kept *kept = &port->kept[i];
		struct station *station = view_station(view);

		memcpy(station->mac, kept->mac, sizeof(station->mac));
		station->has = BIT(L2PC_A_STATION_MAC) | BIT(L2PC_A_STATION_PACKETS) |
			       BIT(L2PC_A_STATION_BYTES) | BIT(L2PC_A_STATION_FIRST_SEEN) |
			       BIT(L2PC_A_STATION_LAST_SEEN);
		if (kept->vlan >= 0) {
			station->vlan = (uint16_t)kept->vlan;
			station->has |= BIT(L2PC_A_STATION_VLAN);
		}
		station->packets = kept->packets + kept->last_packets;
		station->bytes = kept->bytes + kept->last_bytes;
		station->first_seen = kept->first;
		station->last_seen = kept->last;
		packets += station->packets;
		bytes += station->bytes;
	}
	put(&view->totals, L2PC_A_TOTALS_OPENED, port->since);
	for (int s = 0; s < SUMS; s++)
		put(&view->totals, sum_attrs[s], port->over[s] + port->last[s]);
	put(&view->totals, L2PC_A_TOTALS_STATIONS, port->count);
	/* What no station that is kept has sent, so that the sum holds. */
	put(&view->totals, L2PC_A_TOTALS_UNTRACKED_PACKETS,
	    difference(view->totals.value[L2PC_A_TOTALS_PACKETS], packets));
	put(&view->totals, L2PC_A_TOTALS_UNTRACKED_BYTES,
	    difference(view->totals.value[L2PC_A_TOTALS_BYTES], bytes));
}

bool state_views(const struct state *state, const char *ifname, struct views *views)
{
	for (size_t i = 0; i < state->count; i++) {
		if (ifname && strcmp(state->port[i].ifname, ifname))
			continue;
		views->view = array_grow(views->view, &views->room, views->count,
					 sizeof(*views->view));
		views->view[views->count] = (struct view){ 0 };
		port_view(&state->port[i], &views->view[views->count++]);
	}
	return !ifname || views->count;
}

void state_free(struct state *state)
{
	for (size_t i = 0; i < state->count; i++)
		free(state->port[i].kept);
	free(state->port);
	*state = (struct state){ 0 };
}
