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

#include "fold.h"
#include "lifetime.h"
#include "stamps.h"

/**
 * l2pc_first_seen_at_rank() - before whom the first stations were first seen
 * @archive: the stations
 * @rank: how many of them
 *
 * Return: the place before which exactly @rank stations lie, or all if there are
 * no more.
 */
struct l2pc_stamp l2pc_first_seen_at_rank(const struct l2pc_archive *archive,
					  u32 rank)
{
	struct l2pc_stamps stamps = { .shift = L2PC_STAMPS_TOP };
	struct l2pc_stamps keys = { .shift = L2PC_STAMPS_TOP };
	const struct l2pc_station *station;
	u32 index;

	if (archive->used <= rank)
		return (struct l2pc_stamp){ U64_MAX, U64_MAX };
	do {
		l2pc_archive_for_each(archive, index, station)
			l2pc_stamp_note(&stamps, station->first_seen);
	} while (l2pc_stamp_descend(&stamps, &rank));
	do {
		l2pc_archive_for_each(archive, index, station)
			if (station->first_seen == stamps.prefix)
				l2pc_stamp_note(&keys, station->key);
	} while (l2pc_stamp_descend(&keys, &rank));
	return (struct l2pc_stamp){ stamps.prefix, keys.prefix };
}

/*
 * What a CPU needs that was idle and makes itself a table which is the biggest at
 * once. Of bigger ports it is window.c that makes the biggest tables. Without memory
 * there are no seeds.
 */
static void seeds_publish(struct l2pc_window *window)
{
	const struct l2pc_archive *stations = &window->lifetime.stations;
	const struct l2pc_station *station;
	struct l2pc_seeds *seeds = NULL;
	u32 index;

	if (window->known && l2pc_table_bits_max(&window->writers) <= L2PC_ATOMIC_BITS)
		seeds = kvmalloc(sizeof(*seeds) + window->known * sizeof(seeds->keys[0]),
				 GFP_KERNEL | __GFP_NOWARN);
	if (seeds) {
		seeds->count = 0;
		l2pc_archive_for_each(stations, index, station)
			if (l2pc_stamped_before(station->first_seen, station->key,
						&window->known_before))
				seeds->keys[seeds->count++] = station->key;
	}
	seeds = xchg(&window->writers.seeds, seeds);
	if (!seeds)
		return;
	/* No CPU is making itself a table from the old ones. */
	synchronize_net();
	kvfree(seeds);
}

/**
 * l2pc_lifetime_learn() - say which stations the port knows from now on
 * @window: the port's counts
 *
 * Everybody in lifetime, or, when those are more than half the bound, the half that
 * was there first.
 *
 * Context: process, may sleep for a grace period.
 */
void l2pc_lifetime_learn(struct l2pc_window *window)
{
	const struct l2pc_archive *stations = &window->lifetime.stations;
	u32 half = l2pc_writers_half(&window->writers);

	window->known = min(stations->used, half);
	window->known_before = l2pc_first_seen_at_rank(stations, half);
	seeds_publish(window);
}

/*
 * The place in the order by last_seen before which @rank stations lie, of those
 * in @lifetime and of @closed's new ones.
 */
static struct l2pc_stamp last_seen_at_rank(const struct l2pc_archive *lifetime,
					   const struct l2pc_archive *closed,
					   u32 rank)
{
	struct l2pc_stamps stamps = { .shift = L2PC_STAMPS_TOP };
	struct l2pc_stamps keys = { .shift = L2PC_STAMPS_TOP };
	const struct l2pc_station *station;
	u32 index;

	do {
		l2pc_archive_for_each(lifetime, index, station)
			l2pc_stamp_note(&stamps, station->last_seen);
		l2pc_archive_for_each(closed, index, station)
			if (!l2pc_archive_find(lifetime, station->key))
				l2pc_stamp_note(&stamps, station->last_seen);
	} while (l2pc_stamp_descend(&stamps, &rank));
	do {
		l2pc_archive_for_each(lifetime, index, station)
			if (station->last_seen == stamps.prefix)
				l2pc_stamp_note(&keys, station->key);
		l2pc_archive_for_each(closed, index, station)
			if (station->last_seen == stamps.prefix &&
			    !l2pc_archive_find(lifetime, station->key))
				l2pc_stamp_note(&keys, station->key);
	} while (l2pc_stamp_descend(&keys, &rank));
	return (struct l2pc_stamp){ stamps.prefix, keys.prefix };
}

/*
 * Take the stations that were heard last before @before out of lifetime. Returns
 * whether there were any.
 */
static bool lifetime_evict(struct l2pc_window *window,
			   const struct l2pc_stamp *before)
{
	struct l2pc_archive *lifetime = &window->lifetime.stations;
	const u32 used = lifetime->used;
	struct l2pc_station *station;
	u32 steps = 0;
	u32 index = 0;

	for (; index < lifetime->used; l2pc_walk_pause(++steps)) {
		station = &lifetime->stations[index];
		if (!l2pc_stamped_before(station->last_seen, station->key, before)) {
			index++;
			continue;
		}
		l2pc_sums_forget(&window->lifetime, station);
		/* Another one takes the place: look again. */
		l2pc_archive_del(lifetime, station);
	}
	return lifetime->used != used;
}

/**
 * l2pc_lifetime_merge() - add the window just closed to lifetime
 * @window: the port's counts, the closed window in @previous
 *
 * When that would hold more than max_stations, the ones idle longest leave it:
 * their counts become untracked.
 *
 * Return: did any leave it?
 */
bool l2pc_lifetime_merge(struct l2pc_window *window)
{
	const struct l2pc_archive *closed = &window->previous.stations;
	struct l2pc_archive *lifetime = &window->lifetime.stations;
	u32 max_stations = l2pc_window_max_stations(window);
	struct l2pc_stamp leave_before = {};
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
			if (l2pc_stamped_before(station->last_seen, station->key,
						&leave_before) &&
			    !l2pc_archive_find(lifetime, station->key))
				l2pc_sums_forget(&window->lifetime, station);
		left = lifetime_evict(window, &leave_before);
	}

	/* Whoever is later than that and not in lifetime is new. */
	l2pc_archive_reserve(lifetime, min(lifetime->used + fresh, max_stations));
	l2pc_archive_for_each(closed, index, station) {
		if (l2pc_stamped_before(station->last_seen, station->key,
					&leave_before) ||
		    l2pc_archive_find(lifetime, station->key))
			continue;
		to = NULL;
		if (lifetime->used < max_stations)
			to = l2pc_archive_claim(lifetime, station->key);
		if (to)
			l2pc_station_add(to, station);
		else
			l2pc_sums_forget(&window->lifetime, station);
	}
	l2pc_archive_trim(lifetime);
	l2pc_counters_add(&window->lifetime.counters, &window->previous.counters);
	return left;
}

/* A station that is forgotten: told, and taken out of what it is in. */
static void station_expire(struct l2pc_window *window, struct l2pc_sums *sums,
			   struct l2pc_station *station, bool told)
{
	l2pc_notice_forget(window, station, told);
	l2pc_sums_forget(sums, station);
	l2pc_archive_del(&sums->stations, station);
}

/**
 * l2pc_lifetime_expire() - forget the stations last seen before a moment
 * @window: the port's counts; the open window is in @folded, but for what was
 *	counted since
 * @before: the moment, boot time in nanoseconds
 * @gone: filled in with them, with all they had, if there is memory for it; NULL:
 *	nobody will be told
 *
 * Return: was any forgotten?
 */
bool l2pc_lifetime_expire(struct l2pc_window *window, u64 before,
			  struct l2pc_news *gone)
{
	struct l2pc_archive *lifetime = &window->lifetime.stations;
	struct l2pc_archive *open = &window->folded.stations;
	const u32 before_all = lifetime->used + open->used;
	struct l2pc_station *station, *other;
	bool forgotten;
	u32 steps = 0;
	u32 index;

	/* With a deletion another one takes the place: look again. */
	for (index = 0; index < lifetime->used; l2pc_walk_pause(++steps)) {
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
			station_expire(window, &window->folded, other, gone);
		}
		if (!l2pc_news_add(gone, &sum))
			gone->lost = true;
		station_expire(window, &window->lifetime, station, gone);
	}
	for (index = 0; index < open->used; l2pc_walk_pause(++steps)) {
		station = &open->stations[index];
		if (station->last_seen >= before ||
		    l2pc_archive_find(lifetime, station->key)) {
			index++;
			continue;
		}
		if (!l2pc_news_add(gone, station))
			gone->lost = true;
		station_expire(window, &window->folded, station, gone);
	}
	forgotten = lifetime->used + open->used != before_all;
	if (forgotten)
		l2pc_notice_trim(window);
	l2pc_archive_trim(lifetime);
	l2pc_archive_trim(open);
	l2pc_lifetime_learn(window);
	l2pc_fold_recount(window, &window->folded);
	return forgotten;
}
