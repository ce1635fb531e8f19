// SPDX-License-Identifier: GPL-2.0
/*
 * Writers: claim cells, switch to bigger tables, count what has no cell.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/minmax.h>

#include "writer.h"

/*
 * Reserve cells for known stations in a table that cannot grow, so that a flood does not
 * fill it. The tables of prealloc.c have them already. Here an idle CPU allocates its
 * own: once, and no bigger than L2PC_ATOMIC_BITS.
 */
static void table_reserve_known(const struct l2pc_writers *writers,
				struct l2pc_table *table)
{
	/* Pairs with the exchange in placeholders_publish(): an address dependency. */
	const struct l2pc_placeholders *placeholders = READ_ONCE(writers->placeholders);
	u32 i;

	for (i = 0; placeholders && i < placeholders->count; i++)
		if (!l2pc_table_reserve(writers, table, placeholders->keys[i]))
			return;
}

static void writer_request_spare(struct l2pc_writers *writers, struct l2pc_writer *writer)
{
	u32 now = (u32)jiffies;

	if (writer->spare_wanted_at == now)
		return;
	writer->spare_wanted_at = now;
	WRITE_ONCE(writer->spare_wanted, true);
	writers->ops->request_spare(writers);
}

/* Request a scan, once until the next one starts: see l2pc_discovery_scan(). */
static void writer_request_scan(struct l2pc_writers *writers, struct l2pc_writer *writer)
{
	if (READ_ONCE(writer->scan_pending))
		return;
	WRITE_ONCE(writer->scan_pending, true);
	writers->ops->request_scan(writers);
}

/*
 * Install a table instead of a full one. Returns the active table, which is a third one
 * when prealloc.c or window.c switched first.
 */
static struct l2pc_table *writer_install(struct l2pc_writer *writer,
					 struct l2pc_table *full,
					 struct l2pc_table *next)
{
	l2pc_table_link(next, full);
	/* Full barrier, pairs with l2pc_fold_chain(): header and cells of @next come first. */
	if (cmpxchg(&writer->active, full, next) == full)
		return next;

	l2pc_table_link(next, NULL);
	if (cmpxchg(&writer->spare, NULL, next))
		l2pc_table_free_atomic(next);
	return READ_ONCE(writer->active);
}

static bool table_is_biggest(const struct l2pc_writers *writers,
			     const struct l2pc_table *table)
{
	return table->soft_limit >= l2pc_writers_max_cells(writers);
}

/*
 * Switch to a bigger table: the spare, or a new one, if softirq can allocate its size.
 * Returns NULL when there is neither.
 */
static struct l2pc_table *writer_grow(struct l2pc_writers *writers,
				      struct l2pc_writer *writer,
				      struct l2pc_table *full)
{
	u8 bits = full == l2pc_table_none ? writers->first_bits : full->bits + 1;
	struct l2pc_table *next = NULL;

	if (table_is_biggest(writers, full))
		return NULL;
	if (READ_ONCE(writer->spare))
		next = xchg(&writer->spare, NULL);
	if (next && next->soft_limit <= full->soft_limit) {
		/* The spare was made for an earlier table. */
		l2pc_table_free_atomic(next);
		next = NULL;
	}
	if (!next && bits <= L2PC_ATOMIC_BITS &&
	    writer->grow_failed_at != (u32)jiffies) {
		next = l2pc_table_alloc_atomic(writers, bits);
		if (!next)
			writer->grow_failed_at = (u32)jiffies;
		else if (table_is_biggest(writers, next))
			table_reserve_known(writers, next);
	}
	if (!next) {
		writer_request_spare(writers, writer);
		return NULL;
	}
	return writer_install(writer, full, next);
}

/*
 * Add an overflow table to a full one, as big as softirq can allocate now, until
 * prealloc.c has made a bigger table. All tables of a CPU together have at most as many
 * cells as the biggest table.
 */
static struct l2pc_table *writer_overflow(struct l2pc_writers *writers,
					  struct l2pc_writer *writer,
					  struct l2pc_table *full)
{
	u32 cells = 1U << l2pc_table_bits_max(writers);
	struct l2pc_table *next = NULL;
	u8 bits;

	if (table_is_biggest(writers, full) ||
	    READ_ONCE(full->depth) >= L2PC_DEPTH_MAX ||
	    writer->overflow_failed_at == (u32)jiffies)
		return NULL;
	for (bits = min_t(u8, full->bits, L2PC_ATOMIC_BITS);
	     !next && bits >= writers->first_bits; bits--)
		if (READ_ONCE(full->chain_cells) + (1U << bits) <= cells)
			next = l2pc_table_alloc_atomic(writers, bits);
	if (!next) {
		writer->overflow_failed_at = (u32)jiffies;
		return NULL;
	}
	return writer_install(writer, full, next);
}

/*
 * Find a station's cell in the older tables. The owner still counts there: window.c
 * takes those tables off ->older and waits for a grace period before it folds them.
 */
static struct l2pc_cell *writer_find_older(struct l2pc_table *table, u64 key)
{
	while ((table = READ_ONCE(table->older))) {
		struct l2pc_cell *cell = l2pc_table_probe(table, key);

		if (cell->key == key)
			return cell;
	}
	return NULL;
}

/*
 * Find the cell to count a station in: its own, or an empty cell of *@in to claim.
 * Returns NULL when there is none.
 *
 * A table that is bigger than the one before it takes all stations over, so that soon
 * every search ends in the active table. An overflow table takes only stations that the
 * older tables do not have.
 */
static struct l2pc_cell *writer_find_cell(struct l2pc_writers *writers,
					  struct l2pc_writer *writer, u64 key,
					  struct l2pc_table **in)
{
	struct l2pc_table *table = READ_ONCE(writer->active);

	for (;;) {
		struct l2pc_cell *cell = l2pc_table_probe(table, key);
		const struct l2pc_table *older = READ_ONCE(table->older);
		struct l2pc_cell *other = NULL;
		struct l2pc_table *next;

		*in = table;
		if (cell->key == key)
			return cell;
		if (table->used >= table->soft_limit) {
			next = writer_grow(writers, writer, table);
			if (next) {
				table = next;
				continue;
			}
		}
		if (l2pc_table_is_overflow(table, older) ||
		    (older && table->used >= l2pc_table_hard_limit(writers, table)))
			other = writer_find_older(table, key);
		if (other)
			return other;
		if (table->used < l2pc_table_hard_limit(writers, table))
			return cell;
		next = writer_overflow(writers, writer, table);
		if (!next)
			return NULL;
		table = next;
	}
}

/*
 * Request the next table when enough of the soft limit is claimed. With a spare, or when
 * there is no bigger table, cells are claimed inline up to the soft limit.
 */
static void writer_prepare(struct l2pc_writers *writers, struct l2pc_writer *writer,
			   struct l2pc_table *table)
{
	if (table->used <= table->soft_limit >> L2PC_SPARE_SHIFT)
		return;
	if (!READ_ONCE(writer->spare) && !table_is_biggest(writers, table))
		writer_request_spare(writers, writer);
	else if (!l2pc_table_is_overflow(table, READ_ONCE(table->older)))
		WRITE_ONCE(table->inline_limit, table->soft_limit);
}

/* Count frames that have no cell, in the direction of their key. */
static void writer_untracked(struct l2pc_writer *writer, u64 key, u32 packets, u32 bytes)
{
	struct l2pc_writer_counters *of = key & L2PC_KEY_TX ? &writer->tx : &writer->rx;

	u64_stats_update_begin(&writer->sync);
	WRITE_ONCE(of->untracked_packets, of->untracked_packets + packets);
	WRITE_ONCE(of->untracked_bytes, of->untracked_bytes + bytes);
	u64_stats_update_end(&writer->sync);
}

/**
 * l2pc_writer_claim() - count frames of a station without a cell
 * @writers: the port's writers
 * @key: the station
 * @packets: frames
 * @bytes: their bytes on the wire, without FCS
 *
 * Claims a cell, in another table when the active one is full. Without any, the frames
 * are untracked: they stay in the total. Frames of an all-zero address come here as well,
 * and are skipped.
 *
 * Context: the writer's, see table.h.
 */
void l2pc_writer_claim(struct l2pc_writers *writers, u64 key, u32 packets,
		       u32 bytes)
{
	struct l2pc_writer *writer = this_cpu_ptr(writers->percpu);
	struct l2pc_table *table;
	struct l2pc_cell *cell;

	/* Checked only here, because no such cell is ever claimed. */
	if (unlikely(!(key & L2PC_KEY_MAC_MASK))) {
		if (key & L2PC_KEY_TX)
			l2pc_writer_tx_skip(writers, L2PC_SKIPPED_INVALID);
		else
			l2pc_writer_skip(writers, L2PC_SKIPPED_INVALID);
		return;
	}
	cell = writer_find_cell(writers, writer, key, &table);
	if (!cell) {
		writer_untracked(writer, key, packets, bytes);
		writer_request_scan(writers, writer);
		return;
	}
	if (cell->key) {
		u64_stats_update_begin(&writer->sync);
		l2pc_cell_add(cell, packets, bytes, (u32)jiffies);
		u64_stats_update_end(&writer->sync);
		return;
	}
	l2pc_cell_claim(writer, table, cell, key, packets, bytes);
	writer_request_scan(writers, writer);
	writer_prepare(writers, writer, table);
}

static void writer_increment(struct l2pc_writer *writer, u64 *counter)
{
	u64_stats_update_begin(&writer->sync);
	WRITE_ONCE(*counter, *counter + 1);
	u64_stats_update_end(&writer->sync);
}

/* Request a scan if the port is idle. Pairs with l2pc_counts_enter_idle(). */
static void writer_end_idle(struct l2pc_writers *writers)
{
	if (unlikely(READ_ONCE(writers->idle)))
		writers->ops->request_scan(writers);
}

/**
 * l2pc_writer_skip() - count a received frame as skipped
 * @writers: the port's writers
 * @reason: the rule
 *
 * Context: the writer's, see table.h.
 */
void l2pc_writer_skip(struct l2pc_writers *writers, enum l2pc_skipped reason)
{
	struct l2pc_writer *writer = this_cpu_ptr(writers->percpu);

	writer_increment(writer, &writer->rx.skipped[reason]);
	writer_end_idle(writers);
}

/**
 * l2pc_writer_malformed() - count a received frame as malformed, in addition to its station
 * @writers: the port's writers
 *
 * Context: the writer's, see table.h.
 */
void l2pc_writer_malformed(struct l2pc_writers *writers)
{
	struct l2pc_writer *writer = this_cpu_ptr(writers->percpu);

	writer_increment(writer, &writer->rx.malformed);
}

/**
 * l2pc_writer_tx_skip() - count a sent frame as skipped
 * @writers: the port's writers
 * @reason: the rule
 *
 * Context: the writer's, see table.h.
 */
void l2pc_writer_tx_skip(struct l2pc_writers *writers, enum l2pc_skipped reason)
{
	struct l2pc_writer *writer = this_cpu_ptr(writers->percpu);

	writer_increment(writer, &writer->tx.skipped[reason]);
	writer_end_idle(writers);
}

/**
 * l2pc_writer_tx_malformed() - count a sent frame as malformed, in addition to its
 *	station
 * @writers: the port's writers
 *
 * Context: the writer's, see table.h.
 */
void l2pc_writer_tx_malformed(struct l2pc_writers *writers)
{
	struct l2pc_writer *writer = this_cpu_ptr(writers->percpu);

	writer_increment(writer, &writer->tx.malformed);
}
