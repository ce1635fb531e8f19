// SPDX-License-Identifier: GPL-2.0
/*
 * Lifetime: all closed windows, and who is known from them.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/atomic.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/netdevice.h>

#include "discover.h"
#include "fold.h"
#include "history.h"
#include "select.h"

/**
 * l2pc_first_seen_at_rank() - before whom the first stations were first seen
 * @archive: the stations
 * @rank: how many of them
 *
 * Return: the place before which exactly @rank stations lie, or all if there are
 * no more.
 */
struct l2pc_order l2pc_first_seen_at_rank(const struct l2pc_archive *archive,
					  u32 rank)
{
	struct l2pc_select stamps = { .shift = L2PC_SELECT_TOP };
	struct l2pc_select keys = { .shift = L2PC_SELECT_TOP };
	const struct l2pc_station *station;
	u32 index;

	if (archive->used <= rank)
		return (struct l2pc_order){ U64_MAX, U64_MAX };
	do {
		l2pc_archive_for_each(archive, index, station)
			l2pc_select_add(&stamps, station->first_seen);
	} while (l2pc_select_descend(&stamps, &rank));
	do {
		l2pc_archive_for_each(archive, index, station)
			if (station->first_seen == stamps.prefix)
				l2pc_select_add(&keys, station->key);
	} while (l2pc_select_descend(&keys, &rank));
	return (struct l2pc_order){ stamps.prefix, keys.prefix };
}

/*
 * What a CPU needs that was idle and makes itself a table which is the biggest at
 * once. Of bigger ports it is window.c that makes the biggest tables. Without memory
 * there are no seeds.
 */
static void placeholders_publish(struct l2pc_counts *counts)
{
	const struct l2pc_archive *stations = &counts->history.stations;
	const struct l2pc_station *station;
	struct l2pc_placeholders *placeholders = NULL;
	u32 index;

	if (counts->known && l2pc_table_bits_max(&counts->writers) <= L2PC_ATOMIC_BITS)
		placeholders = kvmalloc(sizeof(*placeholders) + counts->known * sizeof(placeholders->keys[0]),
				 GFP_KERNEL | __GFP_NOWARN);
	if (placeholders) {
		placeholders->count = 0;
		l2pc_archive_for_each(stations, index, station)
			if (l2pc_order_before(station->first_seen, station->key,
						&counts->known_before))
				placeholders->keys[placeholders->count++] = station->key;
	}
	placeholders = xchg(&counts->writers.placeholders, placeholders);
	if (!placeholders)
		return;
	/* No CPU is making itself a table from the old ones. */
	synchronize_net();
	kvfree(placeholders);
}

/**
 * l2pc_history_update_known() - say which stations the port knows from now on
 * @counts: the port's counts
 *
 * Everybody in lifetime, or, when those are more than half the bound, the half that
 * was there first.
 *
 * Context: process, may sleep for a grace period.
 */
void l2pc_history_update_known(struct l2pc_counts *counts)
{
	const struct l2pc_archive *stations = &counts->history.stations;
	u32 half = l2pc_writers_half(&counts->writers);

	counts->known = min(stations->used, half);
	counts->known_before = l2pc_first_seen_at_rank(stations, half);
	placeholders_publish(counts);
}

/*
 * The place in the order by last_seen before which @rank stations lie, of those
 * in @history and of @closed's new ones.
 */
static struct l2pc_order last_seen_at_rank(const struct l2pc_archive *lifetime,
					   const struct l2pc_archive *closed,
					   u32 rank)
{
	struct l2pc_select stamps = { .shift = L2PC_SELECT_TOP };
	struct l2pc_select keys = { .shift = L2PC_SELECT_TOP };
	const struct l2pc_station *station;
	u32 index;

	do {
		l2pc_archive_for_each(lifetime, index, station)
			l2pc_select_add(&stamps, station->last_seen);
		l2pc_archive_for_each(closed, index, station)
			if (!l2pc_archive_find(lifetime, station->key))
				l2pc_select_add(&stamps, station->last_seen);
	} while (l2pc_select_descend(&stamps, &rank));
	do {
		l2pc_archive_for_each(lifetime, index, station)
			if (station->last_seen == stamps.prefix)
				l2pc_select_add(&keys, station->key);
		l2pc_archive_for_each(closed, index, station)
			if (station->last_seen == stamps.prefix &&
			    !l2pc_archive_find(lifetime, station->key))
				l2pc_select_add(&keys, station->key);
	} while (l2pc_select_descend(&keys, &rank));
	return (struct l2pc_order){ stamps.prefix, keys.prefix };
}

/*
 * Take the stations that were heard last before @before out of lifetime. Returns
 * whether there were any.
 */
static bool history_evict(struct l2pc_counts *counts,
			   const struct l2pc_order *before)
{
	struct l2pc_archive *lifetime = &counts->history.stations;
	const u32 used = lifetime->used;
	struct l2pc_station *station;
	u32 steps = 0;
	u32 index = 0;

	for (; index < lifetime->used; steps = l2pc_walk_next(steps)) {
		station = &lifetime->stations[index];
		if (!l2pc_order_before(station->last_seen, station->key, before)) {
			index++;
			continue;
		}
		l2pc_sums_evict(&counts->history, station);
		/* Another one takes the place: look again. */
		l2pc_archive_del(lifetime, station);
	}
	return lifetime->used != used;
}

/**
 * l2pc_history_merge() - add the window just closed to lifetime
 * @counts: the port's counts, the closed window in @previous
 *
 * When that would hold more than max_stations, the ones idle longest leave it:
 * their counts become untracked.
 *
 * Return: did any leave it?
 */
bool l2pc_history_merge(struct l2pc_counts *counts)
{
	const struct l2pc_archive *closed = &counts->previous.stations;
	struct l2pc_archive *lifetime = &counts->history.stations;
	u32 max_stations = l2pc_counts_max_stations(counts);
	struct l2pc_order leave_before = {};
	struct l2pc_station *station, *to;
	bool left = false;
	u32 fresh = 0;
	u32 index;

	l2pc_archive_for_each(closed, index, station) {
		to = l2pc_archive_find(lifetime, station->key);
		if (to)
			l2pc_station_add(to, station);
		else
			fresh++;
	}

	if ((u64)lifetime->used + fresh > max_stations) {
		leave_before = last_seen_at_rank(lifetime, closed,
						 lifetime->used + fresh -
						 max_stations);
		/* New ones that need not come in, while they can be told. */
		l2pc_archive_for_each(closed, index, station)
			if (l2pc_order_before(station->last_seen, station->key,
						&leave_before) &&
			    !l2pc_archive_find(lifetime, station->key))
				l2pc_sums_evict(&counts->history, station);
		left = history_evict(counts, &leave_before);
	}

	/* Whoever is later than that and not in lifetime is new. */
	l2pc_archive_reserve(lifetime, min(lifetime->used + fresh, max_stations));
	l2pc_archive_for_each(closed, index, station) {
		if (l2pc_order_before(station->last_seen, station->key,
					&leave_before) ||
		    l2pc_archive_find(lifetime, station->key))
			continue;
		to = NULL;
		if (lifetime->used < max_stations)
			to = l2pc_archive_claim(lifetime, station->key);
		if (to)
			l2pc_station_add(to, station);
		else
			l2pc_sums_evict(&counts->history, station);
	}
	l2pc_archive_trim(lifetime);
	l2pc_counters_add(&counts->history.counters, &counts->previous.counters);
	return left;
}

/* A station that is forgotten: told, and taken out of what it is in. */
static void station_expire(struct l2pc_counts *counts, struct l2pc_sums *sums,
			   struct l2pc_station *station, bool told)
{
	l2pc_discovery_forget(counts, station, told);
	l2pc_sums_evict(sums, station);
	l2pc_archive_del(&sums->stations, station);
}

/**
 * l2pc_history_expire() - forget the stations last seen before a moment
 * @counts: the port's counts; the open window is in @open, but for what was
 *	counted since
 * @before: the moment, boot time in nanoseconds
 * @gone: filled in with them, with all they had, if there is memory for it; NULL:
 *	nobody will be told
 *
 * Return: was any forgotten?
 */
bool l2pc_history_expire(struct l2pc_counts *counts, u64 before,
			  struct l2pc_station_list *gone)
{
	struct l2pc_archive *lifetime = &counts->history.stations;
	struct l2pc_archive *open = &counts->open.stations;
	const u32 before_all = lifetime->used + open->used;
	struct l2pc_station *station, *other;
	bool forgotten;
	u32 steps = 0;
	u32 index;

	/* With a deletion another one takes the place: look again. */
	for (index = 0; index < lifetime->used; steps = l2pc_walk_next(steps)) {
		struct l2pc_station sum;

		station = &lifetime->stations[index];
		other = l2pc_archive_find(open, station->key);
		if (station->last_seen >= before ||
		    (other && other->last_seen >= before)) {
			index++;
			continue;
		}
		sum = *station;
		if (other) {
			l2pc_station_add(&sum, other);
			station_expire(counts, &counts->open, other, gone);
		}
		if (!l2pc_station_list_add(gone, &sum))
			gone->lost = true;
		station_expire(counts, &counts->history, station, gone);
	}
	for (index = 0; index < open->used; steps = l2pc_walk_next(steps)) {
		station = &open->stations[index];
		if (station->last_seen >= before ||
		    l2pc_archive_find(lifetime, station->key)) {
			index++;
			continue;
		}
		if (!l2pc_station_list_add(gone, station))
			gone->lost = true;
		station_expire(counts, &counts->open, station, gone);
	}
	forgotten = lifetime->used + open->used != before_all;
	if (forgotten)
		l2pc_discovery_trim(counts);
	l2pc_archive_trim(lifetime);
	l2pc_archive_trim(open);
	l2pc_history_update_known(counts);
	l2pc_fold_recount(counts, &counts->open);
	return forgotten;
}
