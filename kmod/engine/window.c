// SPDX-License-Identifier: GPL-2.0
/*
 * Windows: open, close, switch, grow.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/atomic.h>
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/netdevice.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "counts.h"
#include "discover.h"
#include "fold.h"
#include "history.h"
#include "prealloc.h"
#include "window.h"

/* Has the CPU counted anything in these tables? Seeds alone are nothing. */
static bool chain_counted(const struct l2pc_writer *writer,
			  const struct l2pc_table *table)
{
	const struct l2pc_cell *cell;
	struct l2pc_cell copy;
	u32 index;

	for (; table; table = table->older)
		l2pc_table_for_each(table, index, cell)
			if (l2pc_cell_read(writer, cell, &copy))
				return true;
	return false;
}

/* Add up the tables that were exchanged out, after a grace period. */
static void fold_exchanged(struct l2pc_counts *counts)
{
	int cpu;

	l2pc_fold_tables(counts, &counts->open, false, ~0ULL);
	for_each_possible_cpu(cpu) {
		struct l2pc_writer *writer =
			per_cpu_ptr(counts->writers.percpu, cpu);
		struct l2pc_table *table = writer->next;

		writer->next = NULL;
		while (table) {
			struct l2pc_table *older = table->older;

			l2pc_table_free(table);
			table = older;
		}
	}
}

/*
 * Give every CPU a fresh table and add the old ones up. A CPU that counted
 * nothing since the last time gets none.
 *
 * A CPU may be in the middle of a frame when its table is exchanged: it counts
 * that frame in the old one, which is why the old ones are read for good only
 * after a grace period. Nobody else holds them: the exchange gave them to us.
 */
static void window_switch(struct l2pc_counts *counts, u64 *when)
{
	struct l2pc_counters now;
	int cpu;

	lockdep_assert_held(&counts->lock);

	for_each_possible_cpu(cpu) {
		struct l2pc_writer *writer =
			per_cpu_ptr(counts->writers.percpu, cpu);

		writer->next = NULL;
		if (chain_counted(writer, READ_ONCE(writer->active)))
			writer->next = l2pc_prealloc_table(counts, writer, 0, cpu);
		if (!writer->next)
			writer->next = l2pc_table_none;
	}
	for_each_possible_cpu(cpu) {
		struct l2pc_writer *writer =
			per_cpu_ptr(counts->writers.percpu, cpu);

		/* Full barrier, partner of the reads in the packet path. */
		writer->next = xchg(&writer->active, writer->next);
		/* Made for the old table. */
		l2pc_table_free(xchg(&writer->spare, NULL));
	}
	now = l2pc_counters_read(&counts->writers);
	*when = ktime_get_boottime_ns();
	synchronize_net();
	fold_exchanged(counts);
	l2pc_counters_add(&counts->open.counters, &now);
	l2pc_counters_sub(&counts->open.counters, &counts->base);
	counts->base = now;
}

/**
 * l2pc_counts_init() - make a port's counts
 * @counts: filled in
 * @first_bits: log2 of a CPU's first table's cells
 * @max_stations: the bound
 * @ops: called in softirq; the answers in process context are
 *	l2pc_counts_grow() and l2pc_discovery_scan()
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int l2pc_counts_init(struct l2pc_counts *counts, u8 first_bits,
		     u32 max_stations, const struct l2pc_writers_ops *ops)
{
	int err;

	memset(counts, 0, sizeof(*counts));
	err = l2pc_writers_alloc(&counts->writers, first_bits, max_stations, ops);
	if (err)
		return err;
	mutex_init(&counts->lock);
	l2pc_sums_init(&counts->open, counts->writers.hash_key);
	l2pc_sums_init(&counts->previous, counts->writers.hash_key);
	l2pc_sums_init(&counts->history, counts->writers.hash_key);
	counts->id = 1;
	counts->opened = ktime_get_boottime_ns();
	counts->added = counts->opened;
	l2pc_discovery_init(&counts->discovery, counts->writers.hash_key, counts->opened);
	l2pc_history_update_known(counts);
	return 0;
}

/**
 * l2pc_counts_free() - free a port's counts
 * @counts: the hook is gone, a grace period has passed, nobody reads
 *
 * Context: process.
 */
void l2pc_counts_free(struct l2pc_counts *counts)
{
	l2pc_archive_free(&counts->open.stations);
	l2pc_archive_free(&counts->previous.stations);
	l2pc_archive_free(&counts->history.stations);
	l2pc_discovery_free(&counts->discovery);
	l2pc_writers_free(&counts->writers);
	mutex_destroy(&counts->lock);
}

/**
 * l2pc_counts_set_max_stations() - change the bound
 * @counts: the port's counts
 * @max_stations: the new one
 *
 * A larger one holds at once, a smaller one for the tables from the next window
 * on, and for the archives from the next fold on.
 *
 * Context: process, may sleep.
 */
void l2pc_counts_set_max_stations(struct l2pc_counts *counts, u32 max_stations)
{
	mutex_lock(&counts->lock);
	WRITE_ONCE(counts->writers.max_stations, max_stations);
	l2pc_history_update_known(counts);
	l2pc_fold_recount(counts, &counts->open);
	mutex_unlock(&counts->lock);
}

/**
 * l2pc_window_close() - close the window and open the next one
 * @counts: the port's counts
 * @closed: filled in with the closed window's totals; may be NULL
 *
 * A snapshot that begins after this returned shows only frames that arrived
 * after it was called. Never fails: without memory stations become untracked.
 *
 * Context: process, sleeps for grace periods.
 * Return: did any station leave lifetime, for want of a place?
 */
bool l2pc_window_close(struct l2pc_counts *counts, struct l2pc_totals *closed)
{
	bool left;
	u64 when;

	mutex_lock(&counts->lock);
	window_switch(counts, &when);
	l2pc_archive_free(&counts->previous.stations);
	counts->previous = counts->open;
	l2pc_sums_init(&counts->open, counts->writers.hash_key);
	counts->closed = l2pc_sums_total(&counts->previous);
	counts->closed.id = counts->id++;
	counts->closed.opened = counts->opened;
	counts->closed.closed = when;
	counts->closed_packets += counts->closed.packets;
	counts->closed_bytes += counts->closed.bytes;
	counts->opened = when;
	l2pc_discovery_close(counts);
	left = l2pc_history_merge(counts);
	l2pc_history_update_known(counts);
	/* Places are kept for them: who comes back there would be no news. */
	if (left)
		window_switch(counts, &when);
	if (closed)
		*closed = counts->closed;
	mutex_unlock(&counts->lock);
	return left;
}

/**
 * l2pc_counts_rotate() - add the tables up without closing the window
 * @counts: the port's counts
 *
 * To be called at least once a day: a cell's stamps are 32 bits of jiffies.
 *
 * Context: process, sleeps for a grace period.
 */
void l2pc_counts_rotate(struct l2pc_counts *counts)
{
	u64 when;

	mutex_lock(&counts->lock);
	window_switch(counts, &when);
	mutex_unlock(&counts->lock);
}

/**
 * l2pc_counts_expire() - forget the stations not heard for a while
 * @counts: the port's counts
 * @idle: for how long, in nanoseconds
 * @gone: filled in with them, if there is memory for it
 *
 * They leave the open window and lifetime; their counts go to untracked, so
 * that the sums hold.
 *
 * Context: process, sleeps for grace periods.
 * Return: was any forgotten?
 */
bool l2pc_counts_expire(struct l2pc_counts *counts, u64 idle,
			struct l2pc_station_list *gone)
{
	bool forgotten;
	u64 now;

	mutex_lock(&counts->lock);
	window_switch(counts, &now);
	forgotten = l2pc_history_expire(counts, now > idle ? now - idle : 0,
					 gone);
	/* Places were kept for them: who comes back there would be no news. */
	if (forgotten)
		window_switch(counts, &now);
	mutex_unlock(&counts->lock);
	return forgotten;
}

/**
 * l2pc_counts_grow() - give CPUs the spares they want
 * @counts: the port's counts
 *
 * CPUs that got one have no use any more for the tables before their current
 * one: those are added up and freed.
 *
 * Context: process, may sleep for a grace period.
 * Return: how many CPUs got one.
 */
unsigned int l2pc_counts_grow(struct l2pc_counts *counts)
{
	bool detached = false;
	unsigned int made = 0;
	int cpu;

	mutex_lock(&counts->lock);
	for_each_possible_cpu(cpu) {
		struct l2pc_writer *writer =
			per_cpu_ptr(counts->writers.percpu, cpu);
		struct l2pc_table *table;

		writer->next = NULL;
		table = l2pc_prealloc_spare(counts, writer, cpu);
		if (!table || table == l2pc_table_none)
			continue;
		made++;
		/* Not of the active one: it may be another by now. */
		writer->next = table->older;
		l2pc_table_link(table, NULL);
		if (writer->next)
			detached = true;
	}
	if (detached) {
		synchronize_net();
		fold_exchanged(counts);
	}
	mutex_unlock(&counts->lock);
	return made;
}
