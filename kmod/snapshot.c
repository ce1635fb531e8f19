// SPDX-License-Identifier: GPL-2.0
/*
 * Snapshots: one consistent reading of a port.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "fold.h"
#include "snapshot.h"

/* The open window: what is folded already, and the live tables. */
static void add_open(const struct l2pc_window *window,
		     struct l2pc_sums *sums, u64 key_mask)
{
	struct l2pc_counters now = l2pc_counters_read(&window->writers);
	const struct l2pc_station *station;
	u32 index;

	l2pc_archive_for_each(&window->folded.stations, index, station)
		l2pc_fold_station(window, sums, station, key_mask);
	l2pc_fold_tables(window, sums, true, key_mask);
	l2pc_counters_add(&sums->counters, &window->folded.counters);
	l2pc_counters_add(&sums->counters, &now);
	l2pc_counters_sub(&sums->counters, &window->base);
}

/* Closed windows: nothing to bound, they are bounded. */
static int add_closed(struct l2pc_sums *sums, const struct l2pc_sums *from,
		      u64 key_mask)
{
	const struct l2pc_station *station;
	struct l2pc_station *to;
	u32 index;

	l2pc_archive_for_each(&from->stations, index, station) {
		to = l2pc_archive_claim(&sums->stations, station->key & key_mask);
		if (!to)
			return -ENOMEM;
		l2pc_station_add(to, station);
	}
	l2pc_counters_add(&sums->counters, &from->counters);
	return 0;
}

/* A station the port knows was first seen then, not when this window opened. */
static void first_seen_on_port(const struct l2pc_window *window,
			       struct l2pc_sums *sums)
{
	const struct l2pc_station *known;
	struct l2pc_station *station;
	u32 index;

	l2pc_archive_for_each(&sums->stations, index, station) {
		known = l2pc_archive_find(&window->lifetime.stations, station->key);
		if (known)
			station->first_seen = min(station->first_seen,
						  known->first_seen);
	}
}

/* How many stations a view can have: what its parts have, added up. */
static u32 estimate(const struct l2pc_window *window, enum l2pc_view view)
{
	u64 stations = 0;
	int cpu;

	if (view == L2PC_VIEW_PREVIOUS)
		return window->previous.stations.used;
	for_each_possible_cpu(cpu) {
		const struct l2pc_writer *writer =
			per_cpu_ptr(window->writers.percpu, cpu);

		stations = max_t(u64, stations,
				 READ_ONCE(l2pc_fold_chain(writer, true)->used));
	}
	stations = max_t(u64, stations, window->folded.stations.used);
	if (view == L2PC_VIEW_LIFETIME)
		stations = max_t(u64, stations, window->lifetime.stations.used);
	return min_t(u64, stations, l2pc_window_max_stations(window));
}

/**
 * l2pc_window_snapshot() - read a view
 * @window: the port's counts
 * @view: which one
 * @key_mask: ~0, or L2PC_KEY_MASK_NO_VLAN to add VLANs together
 * @snapshot: filled in; to be freed with l2pc_snapshot_free()
 *
 * The packet path goes on meanwhile and is not slower for it. Each frame
 * counted before the call is in the snapshot.
 *
 * Context: process, may sleep.
 * Return: 0, or -ENOMEM.
 */
int l2pc_window_snapshot(struct l2pc_window *window, enum l2pc_view view,
			 u64 key_mask, struct l2pc_snapshot *snapshot)
{
	const struct l2pc_station *station;
	struct l2pc_sums sums;
	u32 index;
	int err;

	memset(snapshot, 0, sizeof(*snapshot));
	l2pc_sums_init(&sums, window->writers.seed);
	mutex_lock(&window->lock);
	err = l2pc_archive_reserve(&sums.stations, estimate(window, view));
	if (err)
		goto unlock;

	if (view != L2PC_VIEW_PREVIOUS)
		add_open(window, &sums, key_mask);
	if (view == L2PC_VIEW_PREVIOUS)
		err = add_closed(&sums, &window->previous, key_mask);
	if (view == L2PC_VIEW_LIFETIME)
		err = add_closed(&sums, &window->lifetime, key_mask);
	if (!err && view == L2PC_VIEW_WINDOW)
		first_seen_on_port(window, &sums);
	snapshot->id = window->id - (view == L2PC_VIEW_PREVIOUS);
	snapshot->opened = view == L2PC_VIEW_PREVIOUS ? window->previous_opened :
							window->opened;
unlock:
	mutex_unlock(&window->lock);
	if (err) {
		l2pc_archive_free(&sums.stations);
		return err;
	}

	/* Close the gaps in place: what was a hash is a list from here on. */
	snapshot->stations = sums.stations.slots;
	snapshot->counters = sums.counters;
	snapshot->packets = sums.counters.untracked_packets;
	snapshot->bytes = sums.counters.untracked_bytes;
	l2pc_archive_for_each(&sums.stations, index, station) {
		snapshot->packets += station->packets;
		snapshot->bytes += station->bytes;
		snapshot->stations[snapshot->count++] = *station;
	}
	return 0;
}

/**
 * l2pc_snapshot_free() - give a snapshot's memory back
 * @snapshot: may be freed twice
 */
void l2pc_snapshot_free(struct l2pc_snapshot *snapshot)
{
	kvfree(snapshot->stations);
	snapshot->stations = NULL;
	snapshot->count = 0;
}
