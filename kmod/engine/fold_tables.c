// SPDX-License-Identifier: GPL-2.0
/*
 * Fold: the passes over all CPUs' tables, in order or with many CPUs' cells together.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "clock.h"
#include "fold.h"
#include "select.h"

/* A pass over all cells of all CPUs, for l2pc_fold_tables(). */
struct fold_pass {
	struct l2pc_clock clock;
	bool live;
	u64 key_mask;
	/* Cells first seen from @from on and before @before are added. */
	u64 from;
	u64 before;
	/* Set: their timestamps are only counted. */
	struct l2pc_select *select;
	/* Number of cells that were added. */
	u64 added;
};

/* Set a station's key and counts from a cell: those of the cell's direction. */
static void station_set_counts(struct l2pc_station *station,
			       const struct l2pc_cell *cell)
{
	bool tx = cell->key & L2PC_KEY_TX;

	station->key = cell->key & ~L2PC_KEY_TX;
	station->packets = tx ? 0 : cell->packets;
	station->bytes = tx ? 0 : cell->bytes;
	station->tx_packets = tx ? cell->packets : 0;
	station->tx_bytes = tx ? cell->bytes : 0;
}

/* Inline: once a cell. */
static __always_inline void fold_cell(const struct l2pc_counts *counts,
				      struct l2pc_sums *sums,
				      const struct l2pc_cell *cell,
				      struct fold_pass *pass)
{
	struct l2pc_station station;

	station.first_seen = l2pc_clock_time(&pass->clock, cell->first_seen);
	if (station.first_seen < pass->from || station.first_seen >= pass->before)
		return;
	if (pass->select) {
		l2pc_select_add(pass->select, station.first_seen);
		return;
	}
	pass->added++;
	station_set_counts(&station, cell);
	station.last_seen = l2pc_clock_time(&pass->clock, cell->last_seen);
	l2pc_fold_station(counts, sums, &station, pass->key_mask);
}

/*
 * Add up a table. Its owner may be counting: then each frame is in this reading or in a
 * later one.
 */
static void fold_table(const struct l2pc_counts *counts, struct l2pc_sums *sums,
		       const struct l2pc_writer *writer,
		       const struct l2pc_table *table, struct fold_pass *pass)
{
	const struct l2pc_cell *cell;
	struct l2pc_cell copy;
	u32 index;

	l2pc_table_for_each(table, index, cell)
		if (l2pc_cell_read(writer, cell, &copy))
			fold_cell(counts, sums, &copy, pass);
}

static void fold_chains(const struct l2pc_counts *counts, struct l2pc_sums *sums,
			struct fold_pass *pass)
{
	const struct l2pc_table *table;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct l2pc_writer *writer =
			per_cpu_ptr(counts->writers.percpu, cpu);

		for (table = l2pc_fold_chain(writer, pass->live); table;
		     table = table->older)
			fold_table(counts, sums, writer, table, pass);
	}
}

/* A CPU's newest table. */
struct fold_part {
	const struct l2pc_writer *writer;
	const struct l2pc_table *table;
};

static bool timestamp_before(u32 a, u32 b)
{
	return (s32)(a - b) < 0;
}

/* Cells of two neighbours on all CPUs, added up. */
struct fold_group {
	struct l2pc_cell sum[4];
	unsigned int count;
};

/* Add a cell to the group's of the same station and direction, if there is one. */
static __always_inline bool group_add(struct fold_group *group, const struct l2pc_cell *cell)
{
	struct l2pc_cell *sum;

	for (sum = group->sum; sum < &group->sum[group->count]; sum++) {
		if (sum->key != cell->key)
			continue;
		sum->packets += cell->packets;
		sum->bytes += cell->bytes;
		if (timestamp_before(cell->first_seen, sum->first_seen))
			sum->first_seen = cell->first_seen;
		if (timestamp_before(sum->last_seen, cell->last_seen))
			sum->last_seen = cell->last_seen;
		return true;
	}
	return false;
}

static void group_fold(const struct l2pc_counts *counts, struct l2pc_sums *sums,
		       struct fold_group *group, struct fold_pass *pass)
{
	unsigned int i;

	for (i = 0; i < group->count; i++)
		fold_cell(counts, sums, &group->sum[i], pass);
	group->count = 0;
}

/*
 * Add up tables of the same size together, two neighbours of all CPUs at a time. All of a
 * port's tables have the same hash key, so a station is in the same two cells on most CPUs,
 * or in the next two. It is looked up in @sums once, not once for each CPU.
 */
static void fold_together(const struct l2pc_counts *counts, struct l2pc_sums *sums,
			  const struct fold_part *parts, unsigned int count,
			  struct fold_pass *pass)
{
	const u32 cells = l2pc_table_cells(parts->table);
	struct fold_group groups[2] = {}, *now = &groups[0], *before = &groups[1];
	struct l2pc_cell copy;
	unsigned int i;
	u32 index, at;

	for (index = L2PC_HEADER_CELLS; index < cells; index += 2) {
		for (i = 0; i < count; i++)
			for (at = index; at < index + 2; at++) {
				if (!l2pc_cell_read(parts[i].writer,
						    l2pc_table_cell(parts[i].table, at),
						    &copy) ||
				    group_add(now, &copy) || group_add(before, &copy))
					continue;
				if (now->count < ARRAY_SIZE(now->sum)) {
					now->sum[now->count++] = copy;
				} else {
					/* Not @copy itself, which so stays in registers. */
					struct l2pc_cell other = copy;

					fold_cell(counts, sums, &other, pass);
				}
			}
		group_fold(counts, sums, before, pass);
		swap(now, before);
		cond_resched();
	}
	group_fold(counts, sums, before, pass);
}

/* Move the parts whose table has the size of the first one's to the front. Returns how many. */
static unsigned int parts_gather(struct fold_part *parts, unsigned int count)
{
	unsigned int same = 1, i;

	for (i = 1; i < count; i++)
		if (parts[i].table->bits == parts->table->bits) {
			swap(parts[same], parts[i]);
			same++;
		}
	return same;
}

/*
 * As fold_chains(), for a pass over all cells. Returns false, with nothing added, when only
 * one CPU has counted, or without memory.
 */
static bool fold_parts(const struct l2pc_counts *counts, struct l2pc_sums *sums,
		       struct fold_pass *pass)
{
	struct fold_part *parts = kmalloc_array(num_possible_cpus(), sizeof(*parts),
						GFP_KERNEL | __GFP_NOWARN);
	unsigned int count = 0, first, same;
	const struct l2pc_table *table;
	int cpu;

	if (!parts)
		return false;
	for_each_possible_cpu(cpu) {
		const struct l2pc_writer *writer =
			per_cpu_ptr(counts->writers.percpu, cpu);

		/* Read once: the owner may switch meanwhile, and the old table is then behind. */
		table = l2pc_fold_chain(writer, pass->live);
		if (table && l2pc_table_cells(table))
			parts[count++] = (struct fold_part){ writer, table };
	}
	if (count < 2) {
		kfree(parts);
		return false;
	}
	for (first = 0; first < count; first += same) {
		same = parts_gather(parts + first, count - first);
		fold_together(counts, sums, parts + first, same, pass);
	}
	for (first = 0; first < count; first++)
		for (table = parts[first].table->older; table; table = table->older)
			fold_table(counts, sums, parts[first].writer, table, pass);
	kfree(parts);
	return true;
}

/* Add the @rank cells first seen earliest, of those from pass->from on. */
static void fold_earliest(const struct l2pc_counts *counts, struct l2pc_sums *sums,
			  struct fold_pass *pass, u32 rank)
{
	struct l2pc_select select = { .shift = L2PC_SELECT_TOP };

	pass->select = &select;
	do {
		fold_chains(counts, sums, pass);
	} while (l2pc_select_descend(&select, &rank));
	pass->select = NULL;
	pass->before = select.prefix;
	fold_chains(counts, sums, pass);
	pass->from = pass->before;
	pass->before = U64_MAX;
}

/* Maximum number of times: each reads all cells a dozen times. */
#define EARLIEST_MAX	4

/*
 * Add the stations first seen earliest, as many as there are free slots. A station may
 * have a cell on each CPU and in each direction. Then as many cells take fewer slots, and
 * the next ones are added. The last slots are for whatever comes first in the tables.
 */
static void fold_in_order(const struct l2pc_counts *counts, struct l2pc_sums *sums,
			  struct fold_pass *pass, u64 cells)
{
	const u32 max_stations = l2pc_counts_max_stations(counts);
	u32 free, used, i;

	for (i = 0; i < EARLIEST_MAX; i++) {
		used = sums->stations.used;
		free = max_stations > used ? max_stations - used : 0;
		/* All the others have a slot. */
		if (cells <= pass->added + free)
			break;
		fold_earliest(counts, sums, pass, free);
		/* No slot is free, or those that are free are for known stations. */
		if (sums->stations.used == used || sums->stations.used >= max_stations)
			break;
	}
}

/**
 * l2pc_fold_tables() - add up all CPUs' tables
 * @counts: the port's counts
 * @sums: where to add
 * @live: add the tables that the CPUs count in, not those that were exchanged out
 * @key_mask: the bits of a key that distinguish stations
 *
 * When there may be more stations than slots, those first seen earliest are added
 * first, on any CPU. So a flood on one CPU does not displace a station that a reader
 * has seen already.
 *
 * A live table changes between the passes. A station claimed after the clock was read
 * is in the last pass, because its timestamp converts to now.
 */
void l2pc_fold_tables(const struct l2pc_counts *counts, struct l2pc_sums *sums,
		      bool live, u64 key_mask)
{
	struct fold_pass pass = {
		.clock = l2pc_clock_now(),
		.live = live,
		.key_mask = key_mask,
		.before = U64_MAX,
	};
	const struct l2pc_table *table;
	u64 cells = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct l2pc_writer *writer =
			per_cpu_ptr(counts->writers.percpu, cpu);

		for (table = l2pc_fold_chain(writer, live); table; table = table->older)
			cells += READ_ONCE(table->used);
	}
	fold_in_order(counts, sums, &pass, cells);
	/* The order is one of single cells. */
	if (pass.from || !fold_parts(counts, sums, &pass))
		fold_chains(counts, sums, &pass);
}
