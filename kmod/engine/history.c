// SPDX-License-Identifier: GPL-2.0
/*
 * History: the sums of all closed windows, and the stations known from them.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/atomic.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>

#include "discover.h"
#include "fold.h"
#include "history.h"
#include "select.h"

/**
 * l2pc_first_seen_at_rank() - find the end of the first stations, by first_seen
 * @archive: the stations
 * @rank: number of first stations
 *
 * Return: the position with exactly @rank stations before it; with all stations before
 * it, if there are no more than @rank.
 */
struct l2pc_order l2pc_first_seen_at_rank(const struct l2pc_archive *archive,
					  u32 rank)
{
	struct l2pc_select times = { .shift = L2PC_SELECT_TOP };
	struct l2pc_select keys = { .shift = L2PC_SELECT_TOP };
	const struct l2pc_station *station;
	u32 index;

	if (archive->used <= rank)
		return (struct l2pc_order){ U64_MAX, U64_MAX };
	do {
		l2pc_archive_for_each(archive, index, station)
			l2pc_select_add(&times, station->first_seen);
	} while (l2pc_select_descend(&times, &rank));
	do {
		l2pc_archive_for_each(archive, index, station)
			if (station->first_seen == times.prefix)
				l2pc_select_add(&keys, station->key);
	} while (l2pc_select_descend(&keys, &rank));
	return (struct l2pc_order){ times.prefix, keys.prefix };
}

/*
 * Publish the known stations for tables that a CPU makes in softirq. Only an idle CPU
 * needs them, when its first table is the biggest at the same time. In bigger ports
 * the biggest tables come from prealloc.c. Without memory there are no placeholder
 * cells.
 */
static void placeholders_publish(struct l2pc_counts *counts)
{
	const struct l2pc_archive *stations = &counts->history.stations;
	const struct l2pc_station *station;
	struct l2pc_placeholders *placeholders = NULL;
	bool tx = counts->writers.tx;
	u32 index;

	if (counts->known && l2pc_table_bits_max(&counts->writers) <= L2PC_ATOMIC_BITS)
		placeholders = kvmalloc(sizeof(*placeholders) +
					l2pc_writers_cells(&counts->writers, counts->known) *
					sizeof(placeholders->keys[0]),
					GFP_KERNEL | __GFP_NOWARN);
	if (placeholders) {
		placeholders->count = 0;
		l2pc_archive_for_each(stations, index, station) {
			if (!l2pc_order_before(station->first_seen, station->key,
					       &counts->known_before))
				continue;
			if (station->packets)
				placeholders->keys[placeholders->count++] = station->key;
			if (tx && station->tx_packets)
				placeholders->keys[placeholders->count++] =
					station->key | L2PC_KEY_TX;
		}
	}
	placeholders = xchg(&counts->writers.placeholders, placeholders);
	/* A CPU may still read the old ones. */
	if (placeholders)
		kvfree_rcu(placeholders, rcu);
}

/**
 * l2pc_history_update_known() - update which stations are known
 * @counts: the port's counts
 *
 * Known are all stations of the history; if those are more than half of max_stations,
 * the half that was first seen earliest.
 *
 * Context: process, may sleep.
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
 * Find the position in the order by last_seen with @rank stations before it, among the
 * stations of @history and the new ones of @closed.
 */
static struct l2pc_order last_seen_at_rank(const struct l2pc_archive *history,
					   const struct l2pc_archive *closed,
					   u32 rank)
{
	struct l2pc_select times = { .shift = L2PC_SELECT_TOP };
	struct l2pc_select keys = { .shift = L2PC_SELECT_TOP };
	const struct l2pc_station *station;
	u32 index;

	do {
		l2pc_archive_for_each(history, index, station)
			l2pc_select_add(&times, station->last_seen);
		l2pc_archive_for_each(closed, index, station)
			if (!l2pc_archive_find(history, station->key))
				l2pc_select_add(&times, station->last_seen);
	} while (l2pc_select_descend(&times, &rank));
	do {
		l2pc_archive_for_each(history, index, station)
			if (station->last_seen == times.prefix)
				l2pc_select_add(&keys, station->key);
		l2pc_archive_for_each(closed, index, station)
			if (station->last_seen == times.prefix &&
			    !l2pc_archive_find(history, station->key))
				l2pc_select_add(&keys, station->key);
	} while (l2pc_select_descend(&keys, &rank));
	return (struct l2pc_order){ times.prefix, keys.prefix };
}

/*
 * Evict the stations last seen before @before from the history. Returns whether there
 * were any.
 */
static bool history_evict(struct l2pc_counts *counts,
			  const struct l2pc_order *before)
{
	struct l2pc_archive *history = &counts->history.stations;
	const u32 used = history->used;
	struct l2pc_station *station;
	u32 steps = 0;
	u32 index = 0;

	for (; index < history->used; steps = l2pc_walk_next(steps)) {
		station = &history->stations[index];
		if (!l2pc_order_before(station->last_seen, station->key, before)) {
			index++;
			continue;
		}
		l2pc_sums_evict(&counts->history, station);
		/* The last station moves to this index: repeat it. */
		l2pc_archive_del(history, station);
	}
	return history->used != used;
}

/**
 * l2pc_history_merge() - add the closed window to the history
 * @counts: the port's counts, with the closed window in @previous
 *
 * If the history would exceed max_stations, the stations idle longest are evicted:
 * their frames become untracked. Updates the known stations.
 *
 * Return: true when a station was evicted.
 */
bool l2pc_history_merge(struct l2pc_counts *counts)
{
	const struct l2pc_archive *closed = &counts->previous.stations;
	struct l2pc_archive *history = &counts->history.stations;
	u32 max_stations = l2pc_counts_max_stations(counts);
	struct l2pc_order evict_before = {};
	struct l2pc_station *station, *to;
	bool evicted = false;
	u32 new = 0;
	u32 index;

	l2pc_archive_for_each(closed, index, station) {
		to = l2pc_archive_find(history, station->key);
		if (to)
			l2pc_station_add(to, station);
		else
			new++;
	}

	if ((u64)history->used + new > max_stations) {
		evict_before = last_seen_at_rank(history, closed,
						 history->used + new -
						 max_stations);
		/* New stations first: after the eviction, evicted ones would pass for new. */
		l2pc_archive_for_each(closed, index, station)
			if (l2pc_order_before(station->last_seen, station->key,
					      &evict_before) &&
			    !l2pc_archive_find(history, station->key))
				l2pc_sums_evict(&counts->history, station);
		evicted = history_evict(counts, &evict_before);
	}

	/* A later station that is not in the history is new. */
	l2pc_archive_reserve(history, min(history->used + new, max_stations));
	l2pc_archive_for_each(closed, index, station) {
		if (l2pc_order_before(station->last_seen, station->key,
				      &evict_before) ||
		    l2pc_archive_find(history, station->key))
			continue;
		to = NULL;
		if (history->used < max_stations)
			to = l2pc_archive_claim(history, station->key);
		if (to)
			l2pc_station_add(to, station);
		else
			l2pc_sums_evict(&counts->history, station);
	}
	l2pc_archive_trim(history);
	l2pc_counters_add(&counts->history.counters, &counts->previous.counters);
	l2pc_counters_add(&counts->history.tx_counters, &counts->previous.tx_counters);
	l2pc_history_update_known(counts);
	return evicted;
}

/* Remove an expired station from sums: its frames become untracked. */
static void station_expire(struct l2pc_counts *counts, struct l2pc_sums *sums,
			   struct l2pc_station *station, bool reporting)
{
	l2pc_discovery_forget(counts, station, reporting);
	l2pc_sums_evict(sums, station);
	l2pc_archive_del(&sums->stations, station);
}

/**
 * l2pc_history_expire() - expire the stations last seen before a given time
 * @counts: the port's counts, folded into @open but for frames counted since
 * @before: boot time in nanoseconds
 * @expired: filled in with the stations and their counts, as far as there is memory;
 *	NULL: there is no listener
 *
 * Return: true when a station expired.
 */
bool l2pc_history_expire(struct l2pc_counts *counts, u64 before,
			 struct l2pc_station_list *expired)
{
	struct l2pc_archive *history = &counts->history.stations;
	struct l2pc_archive *open = &counts->open.stations;
	const u32 used = history->used + open->used;
	struct l2pc_station *station, *other;
	bool any;
	u32 steps = 0;
	u32 index;

	/* A deletion moves the last station to this index: repeat it. */
	for (index = 0; index < history->used; steps = l2pc_walk_next(steps)) {
		struct l2pc_station sum;

		station = &history->stations[index];
		other = l2pc_archive_find(open, station->key);
		if (station->last_seen >= before ||
		    (other && other->last_seen >= before)) {
			index++;
			continue;
		}
		sum = *station;
		if (other) {
			l2pc_station_add(&sum, other);
			station_expire(counts, &counts->open, other, expired);
		}
		if (!l2pc_station_list_add(expired, &sum))
			expired->lost = true;
		station_expire(counts, &counts->history, station, expired);
	}
	for (index = 0; index < open->used; steps = l2pc_walk_next(steps)) {
		station = &open->stations[index];
		if (station->last_seen >= before ||
		    l2pc_archive_find(history, station->key)) {
			index++;
			continue;
		}
		if (!l2pc_station_list_add(expired, station))
			expired->lost = true;
		station_expire(counts, &counts->open, station, expired);
	}
	any = history->used + open->used != used;
	if (any)
		l2pc_discovery_trim(counts);
	l2pc_archive_trim(history);
	l2pc_archive_trim(open);
	l2pc_history_update_known(counts);
	l2pc_fold_recount(counts, &counts->open);
	return any;
}
