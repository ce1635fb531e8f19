// SPDX-License-Identifier: GPL-2.0
/*
 * Discovery: the search for new stations, for listeners.
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
 * l2pc_discovery_init() - initialise discovery, without allocating
 * @discovery: filled in
 * @hash_key: the port's hash key
 * @since: boot time in nanoseconds; stations first seen earlier are not reported
 */
void l2pc_discovery_init(struct l2pc_discovery *discovery,
			 const u64 hash_key[2], u64 since)
{
	memset(discovery, 0, sizeof(*discovery));
	l2pc_archive_init(&discovery->reported, hash_key);
	discovery->since = since;
}

/**
 * l2pc_discovery_free() - free the memory
 * @discovery: not used any more
 */
void l2pc_discovery_free(struct l2pc_discovery *discovery)
{
	l2pc_archive_free(&discovery->reported);
	l2pc_station_list_free(&discovery->pending_new);
}

/*
 * Add a station to those reported, and to the pending events if it is new. Returns
 * false without memory: a later scan tries again.
 */
static bool scan_station(struct l2pc_counts *counts, u64 key, u64 first_seen)
{
	struct l2pc_discovery *discovery = &counts->discovery;
	const struct l2pc_station new = {
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
	if (first_seen < discovery->since ||
	    l2pc_station_list_add(&discovery->pending_new, &new))
		return true;
	l2pc_archive_del(&discovery->reported, reported);
	return false;
}

/* Scan an archive for stations first seen before @before. False: some lack memory. */
static bool scan_archive(struct l2pc_counts *counts,
			 const struct l2pc_archive *archive, u64 before)
{
	const struct l2pc_station *station;
	bool done = true;
	u32 index;

	l2pc_archive_for_each(archive, index, station)
		if (station->first_seen < before)
			done &= scan_station(counts, station->key, station->first_seen);
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
					scan_station(counts, copy.key & ~L2PC_KEY_TX,
						     first_seen);
			}
	}
}

/* Scan the open window for stations first seen before @before. */
static void scan_open(struct l2pc_counts *counts, u64 before)
{
	scan_archive(counts, &counts->open.stations, before);
	scan_live(counts, before);
}

/* Check for untracked frames, in either direction. */
static void scan_untracked(struct l2pc_counts *counts,
			   const struct l2pc_counters *counters,
			   const struct l2pc_counters *tx_counters)
{
	/* Frames of forgotten stations have events of their own. */
	if (counters->untracked_packets + tx_counters->untracked_packets ==
	    counters->forgotten_packets + tx_counters->forgotten_packets ||
	    counts->discovery.untracked_reported)
		return;
	counts->discovery.untracked_pending = true;
	counts->discovery.untracked_reported = true;
}

/**
 * l2pc_discovery_close() - scan the closed window, and start the next one
 * @counts: the port's counts, with the closed window in @previous and not in @history
 */
void l2pc_discovery_close(struct l2pc_counts *counts)
{
	struct l2pc_discovery *discovery = &counts->discovery;

	lockdep_assert_held(&counts->lock);
	if (discovery->listening) {
		/* No later scan has these stations. */
		if (!scan_archive(counts, &counts->previous.stations, U64_MAX))
			discovery->pending_new.lost = true;
		scan_untracked(counts, &counts->previous.counters,
			       &counts->previous.tx_counters);
	}
	/* From here on the history has them. */
	l2pc_archive_free(&discovery->reported);
	discovery->untracked_reported = false;
}

/**
 * l2pc_discovery_forget() - remove a station from those reported
 * @counts: the port's counts, with the station still in them
 * @station: the station; it is reported as new when it comes back
 * @reporting: the station's expiry is reported
 *
 * An expired station is reported as new first. It may have come and gone between two
 * scans, or l2pc_discovery.reported had no slot for it.
 */
void l2pc_discovery_forget(struct l2pc_counts *counts,
			   const struct l2pc_station *station, bool reporting)
{
	struct l2pc_discovery *discovery = &counts->discovery;
	const struct l2pc_station new = {
		.key = station->key,
		.first_seen = station->first_seen,
	};
	struct l2pc_station *reported;

	lockdep_assert_held(&counts->lock);
	reported = l2pc_archive_find(&discovery->reported, station->key);
	if (reported)
		l2pc_archive_del(&discovery->reported, reported);
	else if (reporting && discovery->listening &&
		 new.first_seen >= discovery->since &&
		 !l2pc_archive_find(&counts->history.stations, new.key) &&
		 !l2pc_station_list_add(&discovery->pending_new, &new))
		discovery->pending_new.lost = true;
}

/**
 * l2pc_discovery_trim() - drop reported stations that have no slot in the open window
 * @counts: the port's counts, folded into @open but for frames counted since
 *
 * For when slots become free. Every station with a cell on some CPU is reported, but not
 * every such station gets a slot. Stations without one could fill l2pc_discovery.reported
 * until the window is closed. Then stations that take the free slots would not be
 * reported.
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

static void scan_pending_clear(struct l2pc_counts *counts)
{
	int cpu;

	for_each_possible_cpu(cpu)
		WRITE_ONCE(per_cpu_ptr(counts->writers.percpu, cpu)->scan_pending,
			   false);
}

/**
 * l2pc_discovery_start() - start a scan that was requested, before looking for listeners
 * @counts: the port's counts
 *
 * A station that comes after a listener is found by the scan, because that sees the
 * listener, or requests another one.
 *
 * Context: process.
 */
void l2pc_discovery_start(struct l2pc_counts *counts)
{
	scan_pending_clear(counts);
	/* Pairs with the listener's system call and the frame that comes after it. */
	smp_mb();
}

/**
 * l2pc_discovery_scan() - scan for new stations, and for untracked frames
 * @counts: the port's counts
 * @listening: there is a listener; without one the state is freed
 *
 * Called for each l2pc_writers_ops.request_scan.
 *
 * Context: process, may sleep for a grace period.
 * Return: nanoseconds of work, without waiting for the lock and the grace period.
 */
u64 l2pc_discovery_scan(struct l2pc_counts *counts, bool listening)
{
	struct l2pc_discovery *discovery = &counts->discovery;
	struct l2pc_counters counters, tx_counters;
	u64 now, start;

	scan_pending_clear(counts);
	/*
	 * A CPU that claims a cell from here on requests a scan again. A CPU that
	 * claimed one without seeing the flag cleared did so before this scan. Pairs
	 * with writer_request_scan() and l2pc_writer_claims_inline().
	 */
	if (listening)
		synchronize_net();

	mutex_lock(&counts->lock);
	start = ktime_get_boottime_ns();
	if (listening) {
		/* Old stations first: a station may be old on one CPU and new on another. */
		if (!discovery->listening)
			scan_open(counts, discovery->since);
		scan_open(counts, U64_MAX);
		counters = l2pc_counters_read(&counts->writers);
		l2pc_counters_sub(&counters, &counts->base);
		l2pc_counters_add(&counters, &counts->open.counters);
		tx_counters = l2pc_counters_read_tx(&counts->writers);
		l2pc_counters_sub(&tx_counters, &counts->tx_base);
		l2pc_counters_add(&tx_counters, &counts->open.tx_counters);
		scan_untracked(counts, &counters, &tx_counters);
	} else {
		l2pc_archive_free(&discovery->reported);
		l2pc_station_list_free(&discovery->pending_new);
		discovery->untracked_pending = false;
		/* Timestamps have the resolution of jiffies. */
		now = ktime_get_boottime_ns();
		discovery->since = now - min_t(u64, now, L2PC_CLOCK_SLACK_NS);
	}
	discovery->listening = listening;
	now = ktime_get_boottime_ns();
	mutex_unlock(&counts->lock);
	return now - start;
}

/**
 * l2pc_discovery_fetch() - fetch the pending new stations
 * @counts: the port's counts
 * @new: filled in; to be freed with l2pc_station_list_free()
 * @untracked: set to whether an event of untracked frames is pending
 *
 * Context: process, may sleep.
 */
void l2pc_discovery_fetch(struct l2pc_counts *counts,
			  struct l2pc_station_list *new, bool *untracked)
{
	mutex_lock(&counts->lock);
	*new = counts->discovery.pending_new;
	memset(&counts->discovery.pending_new, 0, sizeof(counts->discovery.pending_new));
	*untracked = counts->discovery.untracked_pending;
	counts->discovery.untracked_pending = false;
	mutex_unlock(&counts->lock);
}
