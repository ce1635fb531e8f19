/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writers: what a CPU does with a frame.
 * Copyright (C) the l2packet_counter authors
 *
 * Context of everything here: the writer's, see table.h.
 */
#ifndef L2PC_WRITER_H
#define L2PC_WRITER_H

#include "table.h"

/**
 * l2pc_cell_add() - count frames in a cell
 * @cell: the station's cell in the calling CPU's active table
 * @packets: frames
 * @bytes: their bytes
 * @now: low 32 bits of jiffies
 *
 * Context: the writer's, see table.h.
 *
 * Plain additions, so that each is one instruction. The partner is l2pc_cell_read(),
 * which may see a frame's packet before its bytes. It never sees half a counter, because
 * an aligned word is written whole. KCSAN checks that there is no second writer.
 */
static __always_inline void l2pc_cell_add(struct l2pc_cell *cell, u32 packets,
					  u32 bytes, u32 now)
{
	ASSERT_EXCLUSIVE_WRITER(cell->packets);
	/* Read concurrently by l2pc_cell_read(), see above. */
	data_race(cell->packets += packets);
	/* As above. */
	data_race(cell->bytes += bytes);
	WRITE_ONCE(cell->last_seen, now);
}

/**
 * l2pc_cell_claim() - claim an empty cell
 * @writer: the calling CPU's writer
 * @table: the CPU's active table
 * @cell: an empty cell of it
 * @key: the station
 * @packets: its first frames
 * @bytes: their bytes
 *
 * The key is stored last. Context: the writer's, see table.h.
 */
static __always_inline void
l2pc_cell_claim(struct l2pc_writer *writer, struct l2pc_table *table,
		struct l2pc_cell *cell, u64 key, u32 packets, u32 bytes)
{
	u32 now = (u32)jiffies;

	u64_stats_update_begin(&writer->sync);
	WRITE_ONCE(cell->packets, packets);
	WRITE_ONCE(cell->bytes, bytes);
	WRITE_ONCE(cell->first_seen, now);
	WRITE_ONCE(cell->last_seen, now);
#if BITS_PER_LONG == 64
	/* Pairs with the acquire in l2pc_cell_read(). */
	smp_store_release(&cell->key, key);
#else
	WRITE_ONCE(cell->key, key);
#endif
	u64_stats_update_end(&writer->sync);
	/* Pairs with READ_ONCE() in fold.c and prealloc.c: the load of a live table. */
	WRITE_ONCE(table->used, table->used + 1);
}

void l2pc_writer_claim(struct l2pc_writers *writers, u64 key, u32 packets,
		       u32 bytes);
void l2pc_writer_skip(struct l2pc_writers *writers, enum l2pc_skipped reason);
void l2pc_writer_malformed(struct l2pc_writers *writers);
void l2pc_writer_tx_skip(struct l2pc_writers *writers, enum l2pc_skipped reason);
void l2pc_writer_tx_malformed(struct l2pc_writers *writers);

/* Check whether a station may claim a cell inline; else call l2pc_writer_claim(). */
static __always_inline bool
l2pc_writer_claims_inline(struct l2pc_writers *writers,
			  const struct l2pc_table *table, u64 key)
{
	/*
	 * inline_limit pairs with l2pc_table_link(), scan_pending with
	 * l2pc_discovery_scan().
	 */
	return table->used < READ_ONCE(table->inline_limit) &&
	       this_cpu_read(writers->percpu->scan_pending) && (key & L2PC_KEY_MAC_MASK);
}

/**
 * l2pc_writer_count() - count frames of a station on this CPU
 * @writers: the port's writers
 * @key: the station
 * @packets: frames
 * @bytes: their bytes on the wire, without FCS
 *
 * Finds the station's cell in the CPU's active table and adds. A station without a cell
 * claims one of the two cells where the search ended. If there is more to do, or the
 * key has no address, l2pc_writer_claim() does it. The table always has an empty cell,
 * so the loop ends.
 *
 * Context: the writer's, see table.h.
 */
static __always_inline void l2pc_writer_count(struct l2pc_writers *writers,
					      u64 key, u32 packets, u32 bytes)
{
	/* Pairs with the exchanges that publish a table: an address dependency. */
	struct l2pc_table *table = this_cpu_read(writers->percpu->active);
	unsigned long offset = l2pc_table_home(table, key);
	u64 found = l2pc_table_at(table, offset)->key;
	u64 other;

	if (likely(found == key))
		goto add;
	for (;;) {
		offset = l2pc_table_mate(offset);
		other = l2pc_table_at(table, offset)->key;
		if (other == key)
			break;
		if (unlikely(l2pc_keys_end(found, other)))
			goto claim;
		/* Same half of the next cache line first: the order does not matter. */
		offset = l2pc_table_next(table, offset);
		found = l2pc_table_at(table, offset)->key;
		if (found == key)
			break;
	}
add:
	/* Keep the compiler from computing the cell's address inside the loop. */
	OPTIMIZER_HIDE_VAR(offset);
#if BITS_PER_LONG == 32
	u64_stats_update_begin(&this_cpu_ptr(writers->percpu)->sync);
#endif
	l2pc_cell_add(l2pc_table_at(table, offset), packets, bytes, (u32)jiffies);
#if BITS_PER_LONG == 32
	u64_stats_update_end(&this_cpu_ptr(writers->percpu)->sync);
#endif
	return;

claim:
	/* As above. */
	OPTIMIZER_HIDE_VAR(offset);
	if (unlikely(!l2pc_writer_claims_inline(writers, table, key))) {
		l2pc_writer_claim(writers, key, packets, bytes);
		return;
	}
	/* Claim the first empty cell of the probe sequence. */
	if (!found)
		offset = l2pc_table_mate(offset);
	l2pc_cell_claim(this_cpu_ptr(writers->percpu), table,
			l2pc_table_at(table, offset), key, packets, bytes);
}

#endif /* L2PC_WRITER_H */
