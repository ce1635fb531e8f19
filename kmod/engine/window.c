// SPDX-License-Identifier: GPL-2.0
/*
 * Windows: open, close, expire, grow, each an exchange of the CPUs' tables.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/atomic.h>
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/netdevice.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "counts.h"
#include "discover.h"
#include "fold.h"
#include "history.h"
#include "prealloc.h"
#include "window.h"
#include "writer_alloc.h"

/* Check whether a CPU counted frames in these tables. Placeholder cells have none. */
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

/* Fold and free the tables that were exchanged out, after a grace period. */
static void fold_exchanged(struct l2pc_counts *counts)
{
	u64 stations = (u64)l2pc_fold_estimate(counts, false) + counts->open.stations.used;
	int cpu;

	/* Growing step by step takes more, and without memory claiming fails in any case. */
	l2pc_archive_reserve(&counts->open.stations,
			     min_t(u64, stations, l2pc_counts_max_stations(counts)));
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
 * Give every CPU a new table, and fold the old ones. A CPU that counted nothing since
 * the last switch gets no table, if it can allocate one for its next frame.
 *
 * A CPU may be in the middle of a frame when its table is exchanged. It counts that
 * frame in the old table, so the old tables are folded only after a grace period. By
 * the exchange no other code has them.
 */
static void window_switch(struct l2pc_counts *counts, u64 *when)
{
	struct l2pc_counters now, tx_now;
	int cpu;

	lockdep_assert_held(&counts->lock);

	for_each_possible_cpu(cpu) {
		struct l2pc_writer *writer =
			per_cpu_ptr(counts->writers.percpu, cpu);

		writer->next = NULL;
		if (!L2PC_WRITERS_ALLOCATE ||
		    chain_counted(writer, READ_ONCE(writer->active)))
			writer->next = l2pc_prealloc_table(counts, writer, 0, cpu);
		if (!writer->next)
			writer->next = l2pc_table_none;
	}
	for_each_possible_cpu(cpu) {
		struct l2pc_writer *writer =
			per_cpu_ptr(counts->writers.percpu, cpu);

		/* Full barrier, pairs with the reads of active in the packet path. */
		writer->next = xchg(&writer->active, writer->next);
		/* The spare was made for the old table. */
		l2pc_table_free(xchg(&writer->spare, NULL));
	}
	now = l2pc_counters_read(&counts->writers);
	tx_now = l2pc_counters_read_tx(&counts->writers);
	*when = ktime_get_boottime_ns();
	synchronize_net();
	fold_exchanged(counts);
	l2pc_counters_add(&counts->open.counters, &now);
	l2pc_counters_sub(&counts->open.counters, &counts->base);
	counts->base = now;
	l2pc_counters_add(&counts->open.tx_counters, &tx_now);
	l2pc_counters_sub(&counts->open.tx_counters, &counts->tx_base);
	counts->tx_base = tx_now;
}

/**
 * l2pc_counts_init() - initialise a port's counts
 * @counts: filled in
 * @first_bits: log2 of the number of cells of a CPU's first table
 * @max_stations: maximum number of stations
 * @ops: called in softirq; requests l2pc_counts_grow() and l2pc_discovery_scan() in
 *	process context
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
 * @counts: without readers; the hook was unregistered a grace period ago
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
 * l2pc_counts_set_max_stations() - change the maximum number of stations
 * @counts: the port's counts
 * @max_stations: the new maximum
 *
 * A larger maximum applies immediately. A smaller one applies to tables from the next
 * window on, and to archives from the next fold on.
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
 * l2pc_counts_set_tx() - prepare for sent frames, or for none
 * @counts: the port's counts
 * @tx: sent frames are counted as well: tables may have two cells for each station
 *
 * To be called before the first sent frame is counted, and after the last one. What was
 * counted stays.
 *
 * Context: process, may sleep.
 */
void l2pc_counts_set_tx(struct l2pc_counts *counts, bool tx)
{
	mutex_lock(&counts->lock);
	WRITE_ONCE(counts->writers.tx, tx);
	l2pc_history_update_known(counts);
	mutex_unlock(&counts->lock);
}

/**
 * l2pc_window_close() - close the window and open the next one
 * @counts: the port's counts
 * @closed: filled in with the closed window's totals; may be NULL
 *
 * Never fails: without memory stations become untracked. A snapshot taken after the
 * return has only frames that arrived after the call.
 *
 * Context: process, sleeps for grace periods.
 * Return: true when stations were evicted from the history.
 */
bool l2pc_window_close(struct l2pc_counts *counts, struct l2pc_totals *closed)
{
	bool evicted;
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
	counts->closed_tx_packets += counts->closed.tx_packets;
	counts->closed_tx_bytes += counts->closed.tx_bytes;
	counts->opened = when;
	l2pc_discovery_close(counts);
	evicted = l2pc_history_merge(counts);
	/* The new tables have their placeholder cells, which request no scan. */
	if (evicted)
		window_switch(counts, &when);
	if (closed)
		*closed = counts->closed;
	mutex_unlock(&counts->lock);
	return evicted;
}

/**
 * l2pc_counts_rotate() - fold the tables without closing the window
 * @counts: the port's counts
 *
 * Needed at least once a day: a cell's timestamps are 32 bits of jiffies.
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
 * l2pc_counts_expire() - expire idle stations
 * @counts: the port's counts
 * @idle: timeout in nanoseconds
 * @expired: filled in with the stations, as far as there is memory; NULL: there is no
 *	listener
 *
 * The stations leave the open window and the history. Their frames become untracked,
 * so that the sums hold.
 *
 * Context: process, sleeps for grace periods.
 * Return: true when a station expired.
 */
bool l2pc_counts_expire(struct l2pc_counts *counts, u64 idle,
			struct l2pc_station_list *expired)
{
	bool any;
	u64 now;

	mutex_lock(&counts->lock);
	window_switch(counts, &now);
	any = l2pc_history_expire(counts, now > idle ? now - idle : 0, expired);
	/* The new tables have their placeholder cells, which request no scan. */
	if (any)
		window_switch(counts, &now);
	mutex_unlock(&counts->lock);
	return any;
}

/**
 * l2pc_counts_grow() - give bigger tables to the CPUs that need them
 * @counts: the port's counts
 *
 * A CPU with a bigger table no longer needs the tables before its active one: those
 * are folded and freed.
 *
 * Context: process, may sleep for a grace period.
 * Return: number of CPUs that got one.
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
		/* The older ones of @table: the CPU may have switched since. */
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
