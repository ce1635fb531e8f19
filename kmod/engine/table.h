/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cells and tables: the hash tables that CPUs count in, one writer each.
 * Copyright (C) the l2packet_counter authors
 *
 * Every CPU of a port counts in a table of its own; fold.c adds the tables up. This
 * file knows no skb, no netdev and no reader. It also compiles in userspace, where
 * tests/unit exercises it.
 *
 * Concurrency:
 *
 *   writer    The CPU that owns the table, in softirq or with bottom halves
 *             disabled, inside an RCU read-side section. Only the owner writes a
 *             cell, so cells need no lock and no atomics. On PREEMPT_RT the caller
 *             also holds l2pc_writer.lock, because there two BH-disabled threads
 *             of one CPU may overlap.
 *   switcher  Replaces l2pc_writer.active: the owner when its table is full, or
 *             window.c and prealloc.c in process context. Each uses a single
 *             exchange or compare-and-exchange, so each table leaves the pointer
 *             exactly once.
 *   reader    Process context under l2pc_counts.lock. Walks live tables without
 *             stopping the writer. A cell's key is stored last with release and
 *             loaded first with acquire, its counters are single words. On 32 bit,
 *             where they are two words, l2pc_writer.sync covers them.
 *
 * A table that left the active pointer stays reachable through ->older of its
 * successor, or belongs to the code that exchanged it out. window.c frees it after a
 * grace period, under l2pc_counts.lock.
 */
#ifndef L2PC_TABLE_H
#define L2PC_TABLE_H

#include <linux/atomic.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/jiffies.h>
#include <linux/kcsan-checks.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#include <linux/l2packet_counter.h>

#include "hash.h"
#include "layout.h"
#include "platform.h"
#include "walk.h"

#define L2PC_MAX_STATIONS_MIN	1U

/**
 * struct l2pc_placeholders - the known stations, for tables allocated in softirq
 * @rcu: frees the list when no CPU reads it any more
 * @count: number of keys
 * @keys: the stations' keys, one for each direction
 */
struct l2pc_placeholders {
	struct rcu_head rcu;
	u32 count;
	u64 keys[];
};

struct l2pc_writers;

/**
 * struct l2pc_writers_ops - requests of the packet path, called in softirq
 * @request_spare: a CPU needs a bigger table
 * @request_scan: a CPU claimed a cell, or had none to claim, for the first time since
 *	the last scan; or it skipped a frame while l2pc_writers.idle is set
 */
struct l2pc_writers_ops {
	void (*request_spare)(struct l2pc_writers *writers);
	void (*request_scan)(struct l2pc_writers *writers);
};

/**
 * struct l2pc_writers - all CPUs' writers of one port
 * @percpu: the writers
 * @hash_key: random, one for the port
 * @first_bits: log2 of the number of cells of a CPU's first table
 * @tx: sent frames are counted, too, so that a station may have two cells; may change at
 *	any time
 * @idle: the next frame on any CPU requests a scan, also one that is skipped: see idle.c
 * @max_stations: maximum number of stations of a table; may change at any time
 * @placeholders: stations to reserve cells for, in a table that a CPU allocates and that
 *	cannot grow; NULL: none. Replaced in process context, a grace period before the
 *	old list is freed
 * @ops: where requests go
 */
struct l2pc_writers {
	struct l2pc_writer __percpu *percpu;
	u64 hash_key[2];
	u8 first_bits;
	bool tx;
	bool idle;
	u32 max_stations;
	struct l2pc_placeholders *placeholders;
	const struct l2pc_writers_ops *ops;
};

/* Compute the number of stations that cells are reserved for: half; half are new ones. */
static inline u32 l2pc_writers_half(const struct l2pc_writers *writers)
{
	u32 max_stations = READ_ONCE(writers->max_stations);

	return max_stations > 1 ? (max_stations + 1) / 2 : 0;
}

/* Compute the number of cells of so many stations, at most: one for each direction. */
static inline u32 l2pc_writers_cells(const struct l2pc_writers *writers, u32 stations)
{
	return stations << READ_ONCE(writers->tx);
}

/*
 * Get the maximum number of cells of a table. With sent frames, more than 12.8 million
 * stations may have fewer than two cells each.
 */
static inline u32 l2pc_writers_max_cells(const struct l2pc_writers *writers)
{
	return min(l2pc_writers_cells(writers, READ_ONCE(writers->max_stations)),
		   L2PC_SOFT_LIMIT(1U << L2PC_MAX_BITS));
}

/*
 * Probe sequence of a station: its home cell, and the other cell of the same 64 bytes,
 * its mate; then the corresponding two of the next 64 bytes, and so on. Cells are never
 * freed, so the first empty cell ends the search.
 *
 * Cells are addressed by byte offsets: x86 adds the table's address in the access.
 */
static __always_inline unsigned long
l2pc_table_wrap(const struct l2pc_table *table, unsigned long offset)
{
#ifdef __x86_64__
	/*
	 * Inline assembly: the compiler would load the mask into a register for the loop,
	 * one instruction more for frames that need no loop.
	 */
	asm("andl %1, %k0" : "+r" (offset) : "m" (table->offset_mask) : "cc");
	return offset;
#else
	return (u32)offset & table->offset_mask;
#endif
}

static __always_inline unsigned long
l2pc_table_home(const struct l2pc_table *table, u64 key)
{
	return l2pc_table_wrap(table, l2pc_hash(table->hash_key, key));
}

static __always_inline unsigned long l2pc_table_mate(unsigned long offset)
{
	return offset ^ sizeof(struct l2pc_cell);
}

static __always_inline unsigned long
l2pc_table_next(const struct l2pc_table *table, unsigned long offset)
{
	return l2pc_table_wrap(table, offset + 2 * sizeof(struct l2pc_cell));
}

static __always_inline struct l2pc_cell *
l2pc_table_at(struct l2pc_table *table, unsigned long offset)
{
	return (void *)table + offset;
}

/*
 * Check whether one of two neighbours is empty. All stations have a bit in common, and
 * so have the two guards. Keys of a pair without a common bit include a 0.
 */
static __always_inline bool l2pc_keys_end(u64 key, u64 mate)
{
	return !(key & mate);
}

struct l2pc_table *l2pc_table_alloc(const struct l2pc_writers *writers, u8 bits,
				    int node);
void l2pc_table_free(struct l2pc_table *table);
void l2pc_table_free_atomic(struct l2pc_table *table);
u8 l2pc_table_bits_max(const struct l2pc_writers *writers);
u8 l2pc_table_bits_for(const struct l2pc_writers *writers, u32 stations);
void l2pc_table_link(struct l2pc_table *table, struct l2pc_table *older);
bool l2pc_table_reserve(const struct l2pc_writers *writers,
			struct l2pc_table *table, u64 key);
u32 l2pc_table_hard_limit(const struct l2pc_writers *writers,
			  const struct l2pc_table *table);
struct l2pc_table *l2pc_table_alloc_atomic(const struct l2pc_writers *writers,
					   u8 bits);
struct l2pc_cell *l2pc_table_probe(struct l2pc_table *table, u64 key);
u64 l2pc_counter_read(const struct l2pc_writer *writer, const u64 *counter);

/* Whether the table before @table has stations that @table does not take over. */
static inline bool l2pc_table_is_overflow(const struct l2pc_table *table,
					  const struct l2pc_table *older)
{
	return older && older->bits >= table->bits;
}

static inline u32 l2pc_table_cells(const struct l2pc_table *table)
{
	return table->bits ? 1U << table->bits : 0;
}

static inline const struct l2pc_cell *
l2pc_table_cell(const struct l2pc_table *table, u32 index)
{
	return (const struct l2pc_cell *)table + index;
}

#ifdef L2PC_ENGINE_BPF
/*
 * The program may have no barrier between its stores, see cell_publish() in bpf/maps.h. Of a
 * cell that is being claimed the timestamps may be 0 still: the cell is claimed now.
 */
static inline void l2pc_cell_fill_times(struct l2pc_cell *copy)
{
	if (!copy->first_seen)
		copy->first_seen = (u32)jiffies;
	if ((s32)(copy->last_seen - copy->first_seen) < 0)
		copy->last_seen = copy->first_seen;
}
#endif

/**
 * l2pc_cell_read() - copy a cell of a table that may be live
 * @writer: the writer that counts in it
 * @cell: the cell
 * @copy: filled in
 *
 * Inline: once a cell.
 *
 * Context: process, l2pc_counts.lock held, which keeps the table.
 * Return: false when the cell is empty or a placeholder.
 */
static __always_inline bool l2pc_cell_read(const struct l2pc_writer *writer,
					   const struct l2pc_cell *cell,
					   struct l2pc_cell *copy)
{
#if BITS_PER_LONG == 64
	(void)writer;
	/* Pairs with the release in l2pc_cell_claim(). */
	copy->key = smp_load_acquire(&cell->key);
	if (!copy->key)
		return false;
	copy->packets = READ_ONCE(cell->packets);
	copy->bytes = READ_ONCE(cell->bytes);
	copy->first_seen = READ_ONCE(cell->first_seen);
	copy->last_seen = READ_ONCE(cell->last_seen);
#ifdef L2PC_ENGINE_BPF
	l2pc_cell_fill_times(copy);
#endif
#else
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&writer->sync);
		*copy = *cell;
	} while (u64_stats_fetch_retry(&writer->sync, start));
	if (!copy->key)
		return false;
#endif
	return copy->packets;
}

/* Walk all cells of a table, empty ones included; l2pc_table_none has none. */
#define l2pc_table_for_each(table, index, cell)				\
	for ((index) = L2PC_HEADER_CELLS;				\
	     (index) < l2pc_table_cells(table) &&			\
	     ((cell) = l2pc_table_cell(table, index), true);		\
	     (index) = l2pc_walk_next(index))

#endif /* L2PC_TABLE_H */
