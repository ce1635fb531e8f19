// SPDX-License-Identifier: GPL-2.0
/*
 * Snapshots: a view's stations and totals, all read at the same time.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "area.h"
#include "fold.h"
#include "snapshot.h"

/*
 * Allocate memory for the open window, and copy the folded part, if it can be copied
 * unchanged: the same stations are kept apart, within max_stations.
 */
static int open_reserve(const struct l2pc_counts *counts, struct l2pc_sums *sums,
			u64 key_mask, u32 stations)
{
	const struct l2pc_sums *open = &counts->open;
	u32 max_stations = l2pc_counts_max_stations(counts);

	if (key_mask != ~0ULL || !open->stations.used ||
	    open->stations.used > max_stations ||
	    open->unknown > max_stations - counts->known)
		return l2pc_archive_reserve(&sums->stations, stations);
	sums->unknown = open->unknown;
	return l2pc_archive_copy(&sums->stations, &open->stations, stations);
}

/* Add the open window: its folded part, and the live tables. */
static int open_add(const struct l2pc_counts *counts, struct l2pc_sums *sums,
		    u64 key_mask, u32 stations)
{
	struct l2pc_counters now = l2pc_counters_read(&counts->writers);
	struct l2pc_counters tx_now = l2pc_counters_read_tx(&counts->writers);
	const struct l2pc_station *station;
	int err = open_reserve(counts, sums, key_mask, stations);
	u32 index;

	if (err)
		return err;
	if (!sums->stations.used)
		l2pc_archive_for_each(&counts->open.stations, index, station)
			l2pc_fold_station(counts, sums, station, key_mask);
	l2pc_fold_tables(counts, sums, true, key_mask);
	l2pc_counters_add(&sums->counters, &counts->open.counters);
	l2pc_counters_add(&sums->counters, &now);
	l2pc_counters_sub(&sums->counters, &counts->base);
	l2pc_counters_add(&sums->tx_counters, &counts->open.tx_counters);
	l2pc_counters_add(&sums->tx_counters, &tx_now);
	l2pc_counters_sub(&sums->tx_counters, &counts->tx_base);
	return sums->refused ? -ENOMEM : 0;
}

/* Add closed windows, which are within max_stations already. */
static int closed_add(struct l2pc_sums *sums, const struct l2pc_sums *from,
		      u64 key_mask)
{
	const struct l2pc_station *station;
	struct l2pc_station *to;
	u32 index;
	int err;

	/* Not for both archives of the lifetime view: they mostly have the same stations. */
	err = l2pc_archive_reserve(&sums->stations, from->stations.used);
	if (err)
		return err;
	l2pc_archive_for_each(&from->stations, index, station) {
		to = l2pc_archive_claim(&sums->stations, station->key & key_mask);
		if (!to)
			return -ENOMEM;
		l2pc_station_add(to, station);
	}
	l2pc_counters_add(&sums->counters, &from->counters);
	l2pc_counters_add(&sums->tx_counters, &from->tx_counters);
	return 0;
}

/* Set first_seen of stations of the history: the first frame on the port. */
static void first_seen_set(const struct l2pc_counts *counts, struct l2pc_sums *sums)
{
	const struct l2pc_station *known;
	struct l2pc_station *station;
	u32 index;

	if (!counts->history.stations.used)
		return;
	l2pc_archive_for_each(&sums->stations, index, station) {
		known = l2pc_archive_find(&counts->history.stations, station->key);
		if (known)
			station->first_seen = min(station->first_seen,
						  known->first_seen);
	}
}

/* Estimate the number of stations of a view. */
static u32 stations_estimate(const struct l2pc_counts *counts, enum l2pc_view view)
{
	u64 stations = (u64)l2pc_fold_estimate(counts, true) + counts->open.stations.used;

	if (view == L2PC_VIEW_LIFETIME)
		stations = max_t(u64, stations, counts->history.stations.used);
	return min_t(u64, stations, l2pc_counts_max_stations(counts));
}

/* Set number, start and end of a view's window. */
static void totals_set_window(const struct l2pc_counts *counts, enum l2pc_view view,
			      struct l2pc_totals *totals)
{
	totals->id = counts->id;
	totals->opened = view == L2PC_VIEW_LIFETIME ? counts->added :
						      counts->opened;
	totals->closed = 0;
	if (view == L2PC_VIEW_PREVIOUS) {
		totals->id = counts->closed.id;
		totals->opened = counts->closed.opened;
		totals->closed = counts->closed.closed;
	}
}

/* Get the memory of an area: whole pages, or a power of two of them. */
static size_t memory_size(const void *object, size_t size)
{
	if (!object)
		return 0;
	return is_vmalloc_addr(object) ? PAGE_ALIGN(size) : PAGE_SIZE << get_order(size);
}

/**
 * l2pc_snapshot_read() - read a view
 * @counts: the port's counts
 * @view: the view
 * @key_mask: ~0, or L2PC_KEY_MASK_NO_VLAN to add up the VLANs of an address
 * @snapshot: filled in; to be freed with l2pc_snapshot_free()
 *
 * Does not slow the packet path, which counts concurrently. A frame counted before the
 * call is in the snapshot.
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int l2pc_snapshot_read(struct l2pc_counts *counts, enum l2pc_view view,
		       u64 key_mask, struct l2pc_snapshot *snapshot)
{
	struct l2pc_totals window;
	struct l2pc_sums sums;
	int err;

	memset(snapshot, 0, sizeof(*snapshot));
	l2pc_sums_init(&sums, counts->writers.hash_key);
	mutex_lock(&counts->lock);
	if (view == L2PC_VIEW_PREVIOUS)
		err = closed_add(&sums, &counts->previous, key_mask);
	else
		err = open_add(counts, &sums, key_mask, stations_estimate(counts, view));
	if (!err && view == L2PC_VIEW_LIFETIME)
		err = closed_add(&sums, &counts->history, key_mask);
	if (!err && view != L2PC_VIEW_LIFETIME)
		first_seen_set(counts, &sums);
	totals_set_window(counts, view, &snapshot->totals);
	mutex_unlock(&counts->lock);
	if (err) {
		l2pc_archive_free(&sums.stations);
		return err;
	}

	window = snapshot->totals;
	snapshot->totals = l2pc_sums_total(&sums);
	snapshot->totals.id = window.id;
	snapshot->totals.opened = window.opened;
	snapshot->totals.closed = window.closed;
	/* No lookup follows, only the array is needed. */
	l2pc_area_free(sums.stations.slots);
	snapshot->stations = sums.stations.stations;
	snapshot->count = sums.stations.used;
	snapshot->size = memory_size(snapshot->stations, sums.stations.capacity *
				     sizeof(*snapshot->stations));
	return 0;
}

/*
 * Memory of the snapshots that unprivileged readers hold, and its maximum, in bytes. A
 * reader with a thousand unfinished dumps gets -EAGAIN, and does not exhaust memory.
 */
#define SNAPSHOTS_HELD_MAX	(64L << 20)

static atomic_long_t snapshots_held = ATOMIC_LONG_INIT(0);

/**
 * l2pc_snapshot_charge() - charge a snapshot to the budget of unprivileged readers
 * @snapshot: a new snapshot
 *
 * A single snapshot is allowed at any size.
 *
 * Return: 0; -EAGAIN when the budget is used up, with the snapshot freed.
 */
int l2pc_snapshot_charge(struct l2pc_snapshot *snapshot)
{
	long held = atomic_long_add_return(snapshot->size, &snapshots_held);

	snapshot->charged = snapshot->size;
	if (held <= SNAPSHOTS_HELD_MAX || held == (long)snapshot->size)
		return 0;
	l2pc_snapshot_free(snapshot);
	return -EAGAIN;
}

/**
 * l2pc_snapshot_free() - free a snapshot
 * @snapshot: may be freed twice
 */
void l2pc_snapshot_free(struct l2pc_snapshot *snapshot)
{
	atomic_long_sub(snapshot->charged, &snapshots_held);
	snapshot->charged = 0;
	l2pc_area_free(snapshot->stations);
	snapshot->stations = NULL;
	snapshot->count = 0;
}

/**
 * l2pc_counts_totals() - read the totals of all views, all at the same time
 * @counts: the port's counts
 * @open: filled in: the open window
 * @closed: filled in: the last closed window; its id is 0 when there is none
 * @lifetime: filled in: all closed windows and the open one
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int l2pc_counts_totals(struct l2pc_counts *counts, struct l2pc_totals *open,
		       struct l2pc_totals *closed, struct l2pc_totals *lifetime)
{
	const struct l2pc_station *station;
	struct l2pc_sums sums;
	u32 index;
	int err;

	l2pc_sums_init(&sums, counts->writers.hash_key);
	mutex_lock(&counts->lock);
	err = open_add(counts, &sums, ~0ULL, stations_estimate(counts, L2PC_VIEW_WINDOW));
	if (err)
		goto unlock;
	*open = l2pc_sums_total(&sums);
	*closed = counts->closed;
	*lifetime = *open;
	totals_set_window(counts, L2PC_VIEW_WINDOW, open);
	totals_set_window(counts, L2PC_VIEW_LIFETIME, lifetime);
	lifetime->packets += counts->closed_packets;
	lifetime->bytes += counts->closed_bytes;
	lifetime->tx_packets += counts->closed_tx_packets;
	lifetime->tx_bytes += counts->closed_tx_bytes;
	l2pc_counters_add(&lifetime->counters, &counts->history.counters);
	l2pc_counters_add(&lifetime->tx_counters, &counts->history.tx_counters);
	lifetime->stations = counts->history.stations.used;
	l2pc_archive_for_each(&sums.stations, index, station)
		if (!l2pc_archive_find(&counts->history.stations, station->key))
			lifetime->stations++;
unlock:
	mutex_unlock(&counts->lock);
	l2pc_archive_free(&sums.stations);
	return err;
}
