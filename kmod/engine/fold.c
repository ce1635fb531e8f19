// SPDX-License-Identifier: GPL-2.0
/*
 * Fold: addition of tables into sums, station by station.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/atomic.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/percpu.h>

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

/*
 * Estimate how many stations of a CPU's tables are not in the open window's archive. An
 * eighth is added for what the sample misses. A station in two tables counts twice. Most
 * stations have frames in both directions, where those are counted: the more frequent one
 * counts.
 */
static u32 chain_estimate(const struct l2pc_counts *counts,
			  const struct l2pc_table *chain)
{
	/* Odd, so that the sample has as many first cells of a pair as second ones. */
	const u32 step = 17;
	const struct l2pc_archive *open = &counts->open.stations;
	const struct l2pc_table *table;
	const struct l2pc_cell *cell;
	u32 received = 0, sent = 0;
	u32 index;
	u64 key;

	for (table = chain; table; table = table->older)
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

/**
 * l2pc_fold_estimate() - estimate how many stations are not folded yet
 * @counts: the port's counts
 * @live: of the tables that the CPUs count in, not of those that were exchanged out
 *
 * For reserving memory before a fold: sampling some cells is cheaper than growing an
 * archive again and again. CPUs mostly have the same stations: the one with the most counts.
 *
 * Return: number of stations.
 */
u32 l2pc_fold_estimate(const struct l2pc_counts *counts, bool live)
{
	u32 stations = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct l2pc_writer *writer =
			per_cpu_ptr(counts->writers.percpu, cpu);

		stations = max(stations,
			       chain_estimate(counts, l2pc_fold_chain(writer, live)));
	}
	return stations;
}
