// SPDX-License-Identifier: GPL-2.0
/*
 * Cells and tables: allocation, claims, growth, reads.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "table.h"

/*
 * The table that every writer starts with. No station fits in, so the first frame takes
 * the slow path, and the fast path needs no test for NULL. The two cells behind the
 * header stay empty and end every probe.
 */
static struct l2pc_table_nothing l2pc_nothing = {
	.header = {
		.guard0 = L2PC_KEY_GUARD,
		.guard1 = L2PC_KEY_GUARD,
		.offset_mask = 3 * sizeof(struct l2pc_cell),
	},
};

#ifdef L2PC_ENGINE_BPF
struct l2pc_table *l2pc_table_none;

/**
 * l2pc_table_none_init() - put l2pc_table_none where the packet path reaches it
 * @nothing: its memory, in the arena
 *
 * Context: before the first port.
 */
void l2pc_table_none_init(struct l2pc_table_nothing *nothing)
{
	*nothing = l2pc_nothing;
	l2pc_table_none = &nothing->header;
}
#else
struct l2pc_table *const l2pc_table_none = &l2pc_nothing.header;
#endif

static void layout_check(void)
{
	BUILD_BUG_ON(sizeof(struct l2pc_cell) != 32);
	BUILD_BUG_ON(sizeof(struct l2pc_table) !=
		     L2PC_HEADER_CELLS * sizeof(struct l2pc_cell));
	BUILD_BUG_ON(offsetof(struct l2pc_table, guard0) !=
		     offsetof(struct l2pc_cell, key));
	BUILD_BUG_ON(offsetof(struct l2pc_table, guard1) !=
		     sizeof(struct l2pc_cell) + offsetof(struct l2pc_cell, key));
	BUILD_BUG_ON(L2PC_SOFT_LIMIT(1U << L2PC_MAX_BITS) < L2PC_MAX_STATIONS_MAX);
}

static void table_init(struct l2pc_table *table, const struct l2pc_writers *writers,
		       u8 bits)
{
	u32 cells = 1U << bits;

	layout_check();
	table->guard0 = L2PC_KEY_GUARD;
	table->guard1 = L2PC_KEY_GUARD;
	table->bits = bits;
	table->offset_mask = (cells - 1) * sizeof(struct l2pc_cell);
	table->soft_limit = min(L2PC_SOFT_LIMIT(cells), l2pc_writers_max_cells(writers));
	l2pc_table_link(table, NULL);
	table->hash_key[0] = writers->hash_key[0];
	table->hash_key[1] = writers->hash_key[1];
}

/**
 * l2pc_table_alloc() - allocate an empty table
 * @writers: the port's writers: hash key and max_stations
 * @bits: log2 of the number of cells
 * @node: NUMA node of the CPU that will count in it
 *
 * Context: process, may sleep.
 * Return: the table, or NULL without memory.
 */
struct l2pc_table *l2pc_table_alloc(const struct l2pc_writers *writers, u8 bits,
				    int node)
{
	struct l2pc_table *table;

	table = l2pc_memory_alloc(sizeof(struct l2pc_cell) << bits, node);
	if (table)
		table_init(table, writers, bits);
	return table;
}

/**
 * l2pc_table_alloc_atomic() - allocate an empty table in softirq
 * @writers: the port's writers
 * @bits: log2 of the number of cells, at most L2PC_ATOMIC_BITS
 *
 * Context: the writer's, see table.h.
 * Return: the table, or NULL.
 */
struct l2pc_table *l2pc_table_alloc_atomic(const struct l2pc_writers *writers,
					   u8 bits)
{
	struct l2pc_table *table;

	table = l2pc_memory_alloc_atomic(sizeof(struct l2pc_cell) << bits);
	if (table)
		table_init(table, writers, bits);
	return table;
}

/**
 * l2pc_table_free() - free a table that is not reachable
 * @table: the table, NULL or l2pc_table_none
 *
 * Context: process, may sleep.
 */
void l2pc_table_free(struct l2pc_table *table)
{
	if (table != l2pc_table_none)
		l2pc_memory_free(table);
}

/**
 * l2pc_table_free_atomic() - free a table that is not reachable, in softirq
 * @table: the table, NULL or l2pc_table_none
 *
 * Context: the writer's, see table.h.
 */
void l2pc_table_free_atomic(struct l2pc_table *table)
{
	if (table != l2pc_table_none)
		l2pc_memory_free_atomic(table);
}

/**
 * l2pc_table_bits_max() - compute the size of a port's biggest table
 * @writers: the port's writers
 *
 * Return: log2 of the number of cells with those of max_stations within the soft limit.
 */
u8 l2pc_table_bits_max(const struct l2pc_writers *writers)
{
	u32 max_cells = l2pc_writers_max_cells(writers);
	u8 bits = writers->first_bits;

	while (bits < L2PC_MAX_BITS && L2PC_SOFT_LIMIT(1U << bits) < max_cells)
		bits++;
	return bits;
}

/**
 * l2pc_table_bits_for() - compute the size of a table for a number of placeholders
 * @writers: the port's writers
 * @used: number of placeholder cells
 *
 * Return: log2 of the number of cells with @used within the soft limit, at most
 * l2pc_table_bits_max().
 */
u8 l2pc_table_bits_for(const struct l2pc_writers *writers, u32 used)
{
	u8 max_bits = l2pc_table_bits_max(writers);
	u8 bits = writers->first_bits;

	while (bits < max_bits && L2PC_SOFT_LIMIT(1U << bits) < used)
		bits++;
	return bits;
}

/**
 * l2pc_table_hard_limit() - compute the maximum number of claims of a table
 * @writers: the port's writers
 * @table: the table
 *
 * Used when there is no bigger table. If the maximum number of cells is the soft limit,
 * it is the hard limit, too.
 *
 * Return: number of cells.
 */
u32 l2pc_table_hard_limit(const struct l2pc_writers *writers,
			  const struct l2pc_table *table)
{
	u32 cells = 1U << table->bits;

	if (!table->bits || table->soft_limit < L2PC_SOFT_LIMIT(cells))
		return table->soft_limit;
	return clamp(l2pc_writers_max_cells(writers), table->soft_limit,
		     L2PC_HARD_LIMIT(cells));
}

/**
 * l2pc_table_link() - set the table that a table takes over from
 * @table: not published yet; or published, and window.c took its older tables
 * @older: the table before it, l2pc_table_none or NULL
 */
void l2pc_table_link(struct l2pc_table *table, struct l2pc_table *older)
{
	if (older == l2pc_table_none)
		older = NULL;
	WRITE_ONCE(table->chain_cells, (1U << table->bits) +
		   (older ? READ_ONCE(older->chain_cells) : 0));
	WRITE_ONCE(table->depth, 1 + (older ? READ_ONCE(older->depth) : 0));
	/* Pairs with writer_find_older(). */
	WRITE_ONCE(table->older, older);
	/* Pairs with l2pc_writer_claims_inline(). */
	WRITE_ONCE(table->inline_limit,
		   l2pc_table_is_overflow(table, older) ?
		   0 : table->soft_limit >> L2PC_SPARE_SHIFT);
}

/**
 * l2pc_table_probe() - find a key's cell, or the empty cell to claim for it
 * @table: the table, of which the caller is the only writer
 * @key: the station
 *
 * Return: the cell.
 */
struct l2pc_cell *l2pc_table_probe(struct l2pc_table *table, u64 key)
{
	unsigned long offset = l2pc_table_home(table, key);

	for (;;) {
		struct l2pc_cell *cell = l2pc_table_at(table, offset);
		struct l2pc_cell *mate = l2pc_table_at(table, l2pc_table_mate(offset));

		/* Compare both: either cell may be empty while the other has the station. */
		if (cell->key == key)
			return cell;
		if (mate->key == key)
			return mate;
		if (l2pc_keys_end(cell->key, mate->key))
			return cell->key ? mate : cell;
		offset = l2pc_table_next(table, offset);
	}
}

/**
 * l2pc_table_reserve() - reserve a placeholder cell in a table not yet published
 * @writers: the port's writers
 * @table: the table
 * @key: the station and direction
 *
 * Reserves up to the soft limit, and at most the cells of half of max_stations, so that
 * new stations find cells in a table that cannot grow.
 *
 * Return: false when no more cells can be reserved.
 */
bool l2pc_table_reserve(const struct l2pc_writers *writers,
			struct l2pc_table *table, u64 key)
{
	u32 placeholders = min(table->soft_limit,
			       l2pc_writers_cells(writers, l2pc_writers_half(writers)));
	struct l2pc_cell *cell = l2pc_table_probe(table, key);

	if (cell->key == key)
		return true;
	if (table->used >= placeholders)
		return false;
	cell->key = key;
	cell->first_seen = (u32)jiffies;
	/* For a reader that sees the first frame's packet, and last_seen from before it. */
	cell->last_seen = cell->first_seen;
	table->used++;
	return true;
}

/**
 * l2pc_counter_read() - read one of a writer's own counters
 * @writer: the writer
 * @counter: the counter, in @writer
 *
 * Context: process.
 * Return: its value.
 */
u64 l2pc_counter_read(const struct l2pc_writer *writer, const u64 *counter)
{
	unsigned int start;
	u64 value;

	do {
		start = u64_stats_fetch_begin(&writer->sync);
		value = READ_ONCE(*counter);
	} while (u64_stats_fetch_retry(&writer->sync, start));
	return value;
}
