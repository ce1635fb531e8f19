// SPDX-License-Identifier: GPL-2.0
/*
 * Supply: tables made ahead, with places for the stations that are known.
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
 * Number @n of @places, a power of two, in an order that has nothing to do with where
 * stations lie. What belongs to a port shares a hash: in the order of a table, which is
 * an archive's order as well, as many stations as there is room for would all lie in
 * the front part of the new table, and that would be full to the last cell.
 */
static u32 shuffled(u32 n, u32 places)
{
	/* An odd number: each place once. */
	return n * 0x9e3779b1U & (places - 1);
}

static void reserve_archive(const struct l2pc_counts *counts,
			 struct l2pc_table *table,
			 const struct l2pc_archive *archive,
			 struct l2pc_order before)
{
	const u32 places = 1U << archive->bits;
	const struct l2pc_station *station;
	u32 n, place;

	for (n = 0; n < places; n = l2pc_walk_next(n)) {
		place = shuffled(n, places);
		if (place >= archive->used)
			continue;
		station = &archive->stations[place];
		if (l2pc_order_before(station->first_seen, station->key, &before))
			l2pc_table_reserve(&counts->writers, table, station->key);
	}
}

/* Oldest table first: it has the stations that were there before a flood. */
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
			cell = l2pc_table_cell(tables[depth], shuffled(n, cells));
			if (cell >= l2pc_table_cell(tables[depth], L2PC_HEADER_CELLS) &&
			    l2pc_cell_read(writer, cell, &copy))
				l2pc_table_reserve(&counts->writers, table, copy.key);
		}
	}
}

/*
 * How many stations a CPU has in its tables, about. A table that is bigger than
 * the one before it has taken over that one's stations; one that is not has
 * others.
 */
static u32 chain_stations(const struct l2pc_table *table)
{
	u32 stations = READ_ONCE(table->used);

	for (; table->older && table->older->bits >= table->bits;
	     table = table->older)
		stations += READ_ONCE(table->older->used);
	return stations;
}

/**
 * l2pc_prealloc_table() - a table for a CPU to count in
 * @counts: the port's counts
 * @writer: the CPU's writer
 * @least_bits: log2 of the least cells
 * @cpu: the CPU
 *
 * It has places for the stations the port knows and for those the CPU has in its
 * tables now.
 *
 * Context: process, may sleep.
 * Return: the table, or NULL when there is no memory.
 */
struct l2pc_table *l2pc_prealloc_table(const struct l2pc_counts *counts,
				     const struct l2pc_writer *writer,
					 u8 least_bits, int cpu)
{
	const struct l2pc_table *chain = READ_ONCE(writer->active);
	u32 stations = max3(counts->known, counts->open.stations.used,
			    chain_stations(chain));
	struct l2pc_table *table;
	u8 bits;

	bits = max(least_bits, l2pc_table_bits_for(&counts->writers, stations));
	table = l2pc_table_alloc(&counts->writers, bits, cpu_to_node(cpu));
	if (!table)
		return NULL;
	reserve_archive(counts, table, &counts->history.stations,
		     counts->known_before);
	/* Those that were there before a flood, if this is one. */
	reserve_archive(counts, table, &counts->open.stations,
		     l2pc_first_seen_at_rank(&counts->open.stations,
					     l2pc_writers_half(&counts->writers)));
	reserve_chain(counts, table, writer, chain);
	return table;
}

/**
 * l2pc_prealloc_spare() - have a bigger table ready for a CPU
 * @counts: the port's counts
 * @writer: the CPU's writer
 * @cpu: the CPU
 *
 * If its table is more than half full; or put it in place, if the CPU waits.
 *
 * Context: process, may sleep.
 * Return: the active table, if a bigger one was made that has places for every
 * station of the tables older than it; else NULL.
 */
struct l2pc_table *l2pc_prealloc_spare(struct l2pc_counts *counts,
				      struct l2pc_writer *writer, int cpu)
{
	struct l2pc_table *table = READ_ONCE(writer->active);
	struct l2pc_table *bigger;
	u32 used;

	if (READ_ONCE(writer->spare) ||
	    table->soft_limit >= l2pc_counts_max_stations(counts))
		return NULL;
	used = READ_ONCE(table->used);
	/* A CPU without a table gets one only if it could not make it itself. */
	if (table == l2pc_table_none ? !READ_ONCE(writer->spare_wanted) :
				       used <= table->soft_limit / 2)
		return NULL;
	WRITE_ONCE(writer->spare_wanted, false);

	bigger = l2pc_prealloc_table(counts, writer,
				   min_t(u8, table->bits + 1,
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
		/* Only window.c puts spares there, but for a switch undone. */
		l2pc_table_free(xchg(&writer->spare, bigger));
		bigger = NULL;
		if (READ_ONCE(writer->active) == table)
			return table;
	}
	/* The owner was faster, so the older tables are still of use to it. */
	l2pc_table_free(bigger);
	return NULL;
}
