// SPDX-License-Identifier: GPL-2.0
/*
 * Fold: addition of tables into sums, station by station.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/atomic.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/percpu.h>

#include "clock.h"
#include "fold.h"
#include "select.h"

static struct l2pc_station *history_find(const struct l2pc_counts *counts, u64 key)
{
	return l2pc_archive_find(&counts->history.stations, key);
}

/*
 * Check whether a station of the history, or NULL, is known, see l2pc_counts.known.
 * Known stations keep their slots when a flood of new addresses fills all others.
 */
static bool station_is_known(const struct l2pc_counts *counts,
			     const struct l2pc_station *station)
{
	return station && l2pc_order_before(station->first_seen, station->key,
					    &counts->known_before);
}

/**
 * l2pc_fold_station() - add a station's counts to sums, within max_stations
 * @counts: the port's counts: max_stations and the known stations
 * @sums: where to add
 * @from: the counts to add
 * @key_mask: the bits of a key that distinguish stations in @sums
 *
 * A known station always gets a slot; other stations share the remaining slots. The
 * frames of a station without a slot become untracked.
 */
void l2pc_fold_station(const struct l2pc_counts *counts, struct l2pc_sums *sums,
		       const struct l2pc_station *from, u64 key_mask)
{
	u64 key = from->key & key_mask;
	u32 max_stations = l2pc_counts_max_stations(counts);
	struct l2pc_station *station, *history;
	bool known;

	station = l2pc_archive_find(&sums->stations, key);
	if (!station) {
		history = history_find(counts, from->key);
		known = station_is_known(counts, history);
		if (sums->stations.used < max_stations &&
		    (known || sums->unknown < max_stations - counts->known)) {
			station = l2pc_archive_claim(&sums->stations, key);
			sums->refused |= !station;
		}
		if (!station) {
			l2pc_sums_untracked(sums, from);
			/* The station has no slot in the open window, but it is not idle. */
			if (history && sums == &counts->open)
				history->last_seen = max(history->last_seen,
							 from->last_seen);
			return;
		}
		sums->unknown += !known;
	}
	l2pc_station_add(station, from);
}

/**
 * l2pc_fold_recount() - recount the unknown stations of sums
 * @counts: the port's counts, whose known stations have changed
 * @sums: the sums
 */
void l2pc_fold_recount(const struct l2pc_counts *counts, struct l2pc_sums *sums)
{
	const struct l2pc_station *station;
	u32 index;

	sums->unknown = 0;
	l2pc_archive_for_each(&sums->stations, index, station)
		sums->unknown += !station_is_known(counts,
						   history_find(counts, station->key));
}

/**
 * l2pc_fold_chain() - get a CPU's tables, newest first, linked by ->older
 * @writer: the CPU's writer
 * @live: get the tables that the CPU counts in, not those that window.c exchanged out
 *
 * One read of the active pointer finds all tables: a table that the owner replaces
 * concurrently is behind its successor.
 *
 * Return: the newest table, or NULL when none was exchanged out.
 */
const struct l2pc_table *l2pc_fold_chain(const struct l2pc_writer *writer,
					 bool live)
{
	/* Pairs with the exchange in writer_install(). */
	return live ? smp_load_acquire(&writer->active) : writer->next;
}

/**
 * l2pc_fold_estimate() - estimate how many stations of a CPU are not folded yet
 * @counts: the port's counts
 * @writer: the CPU's writer, which may be counting
 *
 * For reserving memory before a fold: sampling some cells is cheaper than growing an
 * archive again and again. An eighth is added for what the sample misses. A station in
 * two tables counts twice. Most stations have frames in both directions, where those are
 * counted: the more frequent one counts.
 *
 * Return: number of stations.
 */
u32 l2pc_fold_estimate(const struct l2pc_counts *counts,
		       const struct l2pc_writer *writer)
{
	/* Odd, so that the sample has as many first cells of a pair as second ones. */
	const u32 step = 17;
	const struct l2pc_archive *open = &counts->open.stations;
	const struct l2pc_table *table;
	const struct l2pc_cell *cell;
	u32 received = 0, sent = 0;
	u32 index;
	u64 key;

	for (table = l2pc_fold_chain(writer, true); table; table = table->older)
		for (index = L2PC_HEADER_CELLS; index < l2pc_table_cells(table);
		     index += step) {
			if (!(index % 1024))
				cond_resched();
			cell = l2pc_table_cell(table, index);
			key = READ_ONCE(cell->key);
			if (!READ_ONCE(cell->packets) ||
			    l2pc_archive_find(open, key & ~L2PC_KEY_TX))
				continue;
			*(key & L2PC_KEY_TX ? &sent : &received) += step + step / 8;
		}
	return max(received, sent);
}

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

/*
 * Add up a table. Its owner may be counting: then each frame is in this reading or in a
 * later one.
 */
static void fold_table(const struct l2pc_counts *counts, struct l2pc_sums *sums,
		       const struct l2pc_writer *writer,
		       const struct l2pc_table *table, struct fold_pass *pass)
{
	const struct l2pc_cell *cell;
	struct l2pc_station station;
	struct l2pc_cell copy;
	u32 index;

	l2pc_table_for_each(table, index, cell) {
		if (!l2pc_cell_read(writer, cell, &copy))
			continue;
		station.first_seen = l2pc_clock_time(&pass->clock, copy.first_seen);
		if (station.first_seen < pass->from ||
		    station.first_seen >= pass->before)
			continue;
		if (pass->select) {
			l2pc_select_add(pass->select, station.first_seen);
			continue;
		}
		pass->added++;
		station_set_counts(&station, &copy);
		station.last_seen = l2pc_clock_time(&pass->clock, copy.last_seen);
		l2pc_fold_station(counts, sums, &station, pass->key_mask);
	}
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
	fold_chains(counts, sums, &pass);
}
