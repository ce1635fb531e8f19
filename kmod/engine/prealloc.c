// SPDX-License-Identifier: GPL-2.0
/*
 * Preallocation of tables, with placeholder cells for known stations.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/topology.h>

#include "history.h"
#include "prealloc.h"

/*
 * Get number @n of @count slots, a power of two, in an order unrelated to the hash. All
 * of a port's tables have the same hash key, and an archive has the order of the tables
 * folded into it. In that order the stations that fit would all hash to the front part
 * of the new table, and fill it to the last cell.
 */
static u32 shuffle_slot(u32 n, u32 count)
{
	/* An odd factor reaches each slot once. */
	return n * 0x9e3779b1U & (count - 1);
}

/* Reserve the cells of a station: one for each direction in which it had frames. */
static void reserve_station(const struct l2pc_counts *counts, struct l2pc_table *table,
			    const struct l2pc_station *station)
{
	if (station->packets)
		l2pc_table_reserve(&counts->writers, table, station->key);
	if (station->tx_packets && counts->writers.tx)
		l2pc_table_reserve(&counts->writers, table, station->key | L2PC_KEY_TX);
}

/* Reserve cells for the stations of an archive that were first seen before @before. */
static void reserve_archive(const struct l2pc_counts *counts,
			    struct l2pc_table *table,
			    const struct l2pc_archive *archive,
			    struct l2pc_order before)
{
	const u32 count = 1U << archive->bits;
	const struct l2pc_station *station;
	u32 n, index;

	for (n = 0; n < count; n = l2pc_walk_next(n)) {
		index = shuffle_slot(n, count);
		if (index >= archive->used)
			continue;
		station = &archive->stations[index];
		if (l2pc_order_before(station->first_seen, station->key, &before))
			reserve_station(counts, table, station);
	}
}

/* Reserve cells for a CPU's stations, oldest table first: those before a flood. */
static void reserve_chain(const struct l2pc_counts *counts,
			  struct l2pc_table *table,
			  const struct l2pc_writer *writer,
			  const struct l2pc_table *chain)
{
	const struct l2pc_table *tables[L2PC_DEPTH_MAX + L2PC_MAX_BITS];
	const struct l2pc_cell *cell;
	struct l2pc_cell copy;
	unsigned int depth = 0;
	u32 cells, n;

	for (; chain && depth < ARRAY_SIZE(tables); chain = chain->older)
		tables[depth++] = chain;
	while (depth--) {
		cells = l2pc_table_cells(tables[depth]);
		for (n = 0; n < cells; n = l2pc_walk_next(n)) {
			cell = l2pc_table_cell(tables[depth], shuffle_slot(n, cells));
			if (cell >= l2pc_table_cell(tables[depth], L2PC_HEADER_CELLS) &&
			    l2pc_cell_read(writer, cell, &copy))
				l2pc_table_reserve(&counts->writers, table, copy.key);
		}
	}
}

/*
 * Estimate the number of cells used in a CPU's tables. A table that is bigger than the
 * one before it has taken its stations over; an overflow table has other stations.
 */
static u32 chain_cells(const struct l2pc_table *table)
{
	u32 cells = READ_ONCE(table->used);

	for (; table->older && table->older->bits >= table->bits;
	     table = table->older)
		cells += READ_ONCE(table->older->used);
	return cells;
}

/**
 * l2pc_prealloc_table() - make a table for a CPU to count in
 * @counts: the port's counts
 * @writer: the CPU's writer
 * @min_bits: log2 of the minimum number of cells
 * @cpu: the CPU
 *
 * The table has placeholder cells for known stations, and for the stations of the open
 * window and of the CPU's current tables.
 *
 * Context: process, may sleep.
 * Return: the table, or NULL without memory.
 */
struct l2pc_table *l2pc_prealloc_table(const struct l2pc_counts *counts,
				       const struct l2pc_writer *writer,
				       u8 min_bits, int cpu)
{
	const struct l2pc_table *chain = READ_ONCE(writer->active);
	u32 stations = max(counts->known, counts->open.stations.used);
	u32 cells = max(l2pc_writers_cells(&counts->writers, stations),
			chain_cells(chain));
	struct l2pc_table *table;
	u8 bits;

	bits = max(min_bits, l2pc_table_bits_for(&counts->writers, cells));
	table = l2pc_table_alloc(&counts->writers, bits, cpu_to_node(cpu));
	if (!table)
		return NULL;
	reserve_archive(counts, table, &counts->history.stations,
			counts->known_before);
	/* In a flood, these are the stations from before it. */
	reserve_archive(counts, table, &counts->open.stations,
			l2pc_first_seen_at_rank(&counts->open.stations,
						l2pc_writers_half(&counts->writers)));
	/* Exchanged out and not folded yet: l2pc run makes tables in that grace period, too. */
	reserve_chain(counts, table, writer, writer->next);
	reserve_chain(counts, table, writer, chain);
	return table;
}

/**
 * l2pc_prealloc_spare() - make a bigger table for a CPU that needs one
 * @counts: the port's counts
 * @writer: the CPU's writer
 * @cpu: the CPU
 *
 * If enough of the CPU's table is claimed, L2PC_SPARE_SHIFT, the bigger one becomes its
 * spare. If the table is full, the bigger one is installed.
 *
 * Context: process, may sleep.
 * Return: the CPU's active table, if a bigger one was made that has placeholder cells
 * for every station of the active table's older ones; else NULL.
 */
struct l2pc_table *l2pc_prealloc_spare(struct l2pc_counts *counts,
				       struct l2pc_writer *writer, int cpu)
{
	struct l2pc_table *table = READ_ONCE(writer->active);
	struct l2pc_table *bigger;
	u32 used;

	if (READ_ONCE(writer->spare) ||
	    table->soft_limit >= l2pc_writers_max_cells(&counts->writers))
		return NULL;
	used = READ_ONCE(table->used);
	/* A CPU without a table gets one only if its own allocation failed. */
	if (table == l2pc_table_none ? !READ_ONCE(writer->spare_wanted) :
				       used <= table->soft_limit >> L2PC_SPARE_SHIFT)
		return NULL;
	WRITE_ONCE(writer->spare_wanted, false);

	bigger = l2pc_prealloc_table(counts, writer,
				     min_t(u8, table->bits + L2PC_SPARE_GROWTH,
					   l2pc_table_bits_max(&counts->writers)),
				     cpu);
	if (!bigger)
		return NULL;
	if (used >= table->soft_limit) {
		l2pc_table_link(bigger, table);
		if (cmpxchg(&writer->active, table, bigger) == table)
			return bigger;
		l2pc_table_link(bigger, NULL);
	} else {
		/* Only this function sets a spare, or an owner that undoes a switch. */
		l2pc_table_free(xchg(&writer->spare, bigger));
		bigger = NULL;
		if (READ_ONCE(writer->active) == table)
			return table;
	}
	/* The owner switched first, so it still uses the older tables. */
	l2pc_table_free(bigger);
	return NULL;
}
