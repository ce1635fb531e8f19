// SPDX-License-Identifier: GPL-2.0
/*
 * Noticing: which stations are news, for those who listen.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/timekeeping.h>
#include <linux/limits.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "clock.h"
#include "counts.h"
#include "discover.h"
#include "fold.h"

/**
 * l2pc_discovery_init() - nothing noticed yet; allocates nothing
 * @discovery: filled in
 * @hash_key: the port's hash key
 * @since: boot time in nanoseconds before which nothing is news
 */
void l2pc_discovery_init(struct l2pc_discovery *discovery, const u64 hash_key[2], u64 since)
{
	memset(discovery, 0, sizeof(*discovery));
	l2pc_archive_init(&discovery->reported, hash_key);
	discovery->since = since;
}

/**
 * l2pc_discovery_free() - give the memory back
 * @discovery: not used any more
 */
void l2pc_discovery_free(struct l2pc_discovery *discovery)
{
	l2pc_archive_free(&discovery->reported);
	l2pc_station_list_free(&discovery->pending_new);
}

/* Returns false when there is no memory: then it is to be told at a later look. */
static bool scan_station(struct l2pc_counts *counts, u64 key, u64 first_seen)
{
	struct l2pc_discovery *discovery = &counts->discovery;
	const struct l2pc_station fresh = {
		.key = key,
		.first_seen = first_seen,
	};
	struct l2pc_station *reported;

	if (l2pc_archive_find(&counts->history.stations, key) ||
	    l2pc_archive_find(&discovery->reported, key) ||
	    discovery->reported.used >= l2pc_counts_max_stations(counts))
		return true;
	reported = l2pc_archive_claim(&discovery->reported, key);
	if (!reported)
		return false;
	if (first_seen < discovery->since || l2pc_station_list_add(&discovery->pending_new, &fresh))
		return true;
	l2pc_archive_del(&discovery->reported, reported);
	return false;
}

/* Returns false when there was no memory for some. */
static bool scan_archive(struct l2pc_counts *counts,
			   const struct l2pc_archive *archive, u64 before)
{
	const struct l2pc_station *station;
	bool done = true;
	u32 index;

	l2pc_archive_for_each(archive, index, station)
		if (station->first_seen < before)
			done &= scan_station(counts, station->key,
					       station->first_seen);
	return done;
}

static void scan_live(struct l2pc_counts *counts, u64 before)
{
	const struct l2pc_clock clock = l2pc_clock_now();
	const struct l2pc_writer *writer;
	const struct l2pc_table *table;
	const struct l2pc_cell *cell;
	struct l2pc_cell copy;
	u64 first_seen;
	u32 index;
	int cpu;

	for_each_possible_cpu(cpu) {
		writer = per_cpu_ptr(counts->writers.percpu, cpu);
		for (table = l2pc_fold_chain(writer, true); table;
		     table = table->older)
			l2pc_table_for_each(table, index, cell) {
				if (!l2pc_cell_read(writer, cell, &copy))
					continue;
				first_seen = l2pc_clock_time(&clock, copy.first_seen);
				if (first_seen < before)
					scan_station(counts, copy.key, first_seen);
			}
	}
}

/* The open window's stations that were first seen before a moment. */
static void scan_open(struct l2pc_counts *counts, u64 before)
{
	scan_archive(counts, &counts->open.stations, before);
	scan_live(counts, before);
}

static void scan_untracked(struct l2pc_counts *counts,
			     const struct l2pc_counters *counters)
{
	/* Those who were forgotten are told one by one. */
	if (counters->untracked_packets == counters->forgotten_packets ||
	    counts->discovery.untracked_reported)
		return;
	counts->discovery.untracked_pending = true;
	counts->discovery.untracked_reported = true;
}

/**
 * l2pc_discovery_close() - look at the window just closed
 * @counts: the port's counts; that window in @previous, not yet in @history
 */
void l2pc_discovery_close(struct l2pc_counts *counts)
{
	struct l2pc_discovery *discovery = &counts->discovery;

	lockdep_assert_held(&counts->lock);
	if (discovery->listening) {
		/* There is no later look at these. */
		if (!scan_archive(counts, &counts->previous.stations, U64_MAX))
			discovery->pending_new.lost = true;
		scan_untracked(counts, &counts->previous.counters);
	}
	/* From here on lifetime has them. */
	l2pc_archive_free(&discovery->reported);
	discovery->untracked_reported = false;
}

/**
 * l2pc_discovery_forget() - a station is news again when it comes back
 * @counts: the port's counts, the station still in them
 * @station: the station
 * @told: somebody will be told that it went
 *
 * Who is told that it went has been told that it came: it may have come and gone
 * before anybody looked, or when there was no place to notice it in.
 */
void l2pc_discovery_forget(struct l2pc_counts *counts,
			const struct l2pc_station *station, bool told)
{
	struct l2pc_discovery *discovery = &counts->discovery;
	const struct l2pc_station fresh = {
		.key = station->key,
		.first_seen = station->first_seen,
	};
	struct l2pc_station *reported;

	lockdep_assert_held(&counts->lock);
	reported = l2pc_archive_find(&discovery->reported, station->key);
	if (reported)
		l2pc_archive_del(&discovery->reported, reported);
	else if (told && discovery->listening && fresh.first_seen >= discovery->since &&
		 !l2pc_archive_find(&counts->history.stations, fresh.key) &&
		 !l2pc_station_list_add(&discovery->pending_new, &fresh))
		discovery->pending_new.lost = true;
}

/**
 * l2pc_discovery_trim() - places become free: who has none is not to take one here
 * @counts: the port's counts, all of them in @open, but for what was counted since
 *
 * Noticed is whoever has a cell, on some CPU; not all of them find a place in the end.
 * Without this, those could fill what is noticed until the window is closed, and none
 * of the stations that take the free places would be told.
 */
void l2pc_discovery_trim(struct l2pc_counts *counts)
{
	struct l2pc_archive *reported = &counts->discovery.reported;
	struct l2pc_station *station;
	u32 steps = 0;
	u32 index = 0;

	lockdep_assert_held(&counts->lock);
	if (reported->used < l2pc_counts_max_stations(counts))
		return;
	while (index < reported->used) {
		station = &reported->stations[index];
		if (l2pc_archive_find(&counts->open.stations, station->key))
			index++;
		else
			l2pc_archive_del(reported, station);
		steps = l2pc_walk_next(steps);
	}
}

/**
 * l2pc_discovery_scan() - look for news
 * @counts: the port's counts
 * @listening: does anybody want them?
 *
 * The answer to l2pc_writers_ops.request_scan, and to be called as often as that.
 *
 * Context: process, may sleep for a grace period.
 * Return: how long the look took, in nanoseconds, without the waiting for others.
 */
u64 l2pc_discovery_scan(struct l2pc_counts *counts, bool listening)
{
	struct l2pc_discovery *discovery = &counts->discovery;
	struct l2pc_counters counters;
	u64 now, began;
	int cpu;

	for_each_possible_cpu(cpu)
		WRITE_ONCE(per_cpu_ptr(counts->writers.percpu, cpu)->scan_pending, false);
	/*
	 * Whoever claims a cell from here on says so, and who has not seen that
	 * has claimed it before we look. The partner is writer_request_scan().
	 */
	if (listening)
		synchronize_net();

	mutex_lock(&counts->lock);
	began = ktime_get_boottime_ns();
	if (listening) {
		/* A station may be old on one CPU, and new on one that comes first. */
		if (!discovery->listening)
			scan_open(counts, discovery->since);
		scan_open(counts, U64_MAX);
		counters = l2pc_counters_read(&counts->writers);
		l2pc_counters_sub(&counters, &counts->base);
		l2pc_counters_add(&counters, &counts->open.counters);
		scan_untracked(counts, &counters);
	} else {
		l2pc_archive_free(&discovery->reported);
		l2pc_station_list_free(&discovery->pending_new);
		discovery->untracked_pending = false;
		/* Stamps are as fine as jiffies. */
		now = ktime_get_boottime_ns();
		discovery->since = now - min_t(u64, now, L2PC_CLOCK_SLACK_NS);
	}
	discovery->listening = listening;
	now = ktime_get_boottime_ns();
	mutex_unlock(&counts->lock);
	return now - began;
}

/**
 * l2pc_discovery_fetch() - take the news that nobody has taken yet
 * @counts: the port's counts
 * @fresh: filled in; to be freed with l2pc_station_list_free()
 * @untracked: have untracked frames begun?
 *
 * Context: process, may sleep.
 */
void l2pc_discovery_fetch(struct l2pc_counts *counts, struct l2pc_station_list *fresh,
		      bool *untracked)
{
	mutex_lock(&counts->lock);
	*fresh = counts->discovery.pending_new;
	memset(&counts->discovery.pending_new, 0, sizeof(counts->discovery.pending_new));
	*untracked = counts->discovery.untracked_pending;
	counts->discovery.untracked_pending = false;
	mutex_unlock(&counts->lock);
}
