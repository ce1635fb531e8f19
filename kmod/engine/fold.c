// SPDX-License-Identifier: GPL-2.0
/*
 * Folding: adding tables up, station by station.
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
 * Is this station of lifetime, or NULL, one of those that were there first? They keep
 * their places when a flood of new addresses fills everything else.
 */
static bool window_knows(const struct l2pc_counts *counts,
			 const struct l2pc_station *station)
{
	return station && l2pc_order_before(station->first_seen, station->key,
					      &counts->known_before);
}

/**
 * l2pc_fold_station() - add a station's counts to sums, within the bound
 * @counts: has the bound, and the stations that the port knows
 * @sums: where they are added
 * @from: what is added
 * @key_mask: which bits of a key keep stations apart in @sums
 *
 * Stations the port knows always find a place, others share what those leave;
 * the counts of one that finds none become untracked.
 */
void l2pc_fold_station(const struct l2pc_counts *counts, struct l2pc_sums *sums,
		       const struct l2pc_station *from, u64 key_mask)
{
	u64 key = from->key & key_mask;
	u32 max_stations = l2pc_counts_max_stations(counts);
	struct l2pc_station *station, *before;
	bool known;

	station = l2pc_archive_find(&sums->stations, key);
	if (!station) {
		before = history_find(counts, from->key);
		known = window_knows(counts, before);
		if (sums->stations.used < max_stations &&
		    (known || sums->unknown < max_stations - counts->known)) {
			station = l2pc_archive_claim(&sums->stations, key);
			sums->refused |= !station;
		}
		if (!station) {
			l2pc_sums_untracked(sums, from);
			/* It has no place in the open window, and was heard all the same. */
			if (before && sums == &counts->open)
				before->last_seen = max(before->last_seen,
							from->last_seen);
			return;
		}
		sums->unknown += !known;
	}
	l2pc_station_add(station, from);
}

/**
 * l2pc_fold_recount() - count the unknown stations of sums anew
 * @counts: knows another set of stations than before
 * @sums: the sums
 */
void l2pc_fold_recount(const struct l2pc_counts *counts, struct l2pc_sums *sums)
{
	const struct l2pc_station *station;
	u32 index;

	sums->unknown = 0;
	l2pc_archive_for_each(&sums->stations, index, station)
		sums->unknown += !window_knows(counts,
					       history_find(counts, station->key));
}

/**
 * l2pc_fold_chain() - the tables of a CPU, newest first, linked by ->older
 * @writer: the CPU's writer
 * @live: those it counts in; else those that window.c exchanged out
 *
 * One reading of the active pointer finds all: a table that the owner replaces
 * meanwhile is behind the one that took its place.
 *
 * Return: the newest, or NULL when none was exchanged out.
 */
const struct l2pc_table *l2pc_fold_chain(const struct l2pc_writer *writer,
					 bool live)
{
	/* Pairs with the exchange in writer_install(). */
	return live ? smp_load_acquire(&writer->active) : writer->next;
}

/**
 * l2pc_fold_estimate() - how many stations a CPU has that are not yet folded, about
 * @counts: the port's counts
 * @writer: the CPU's writer, counting meanwhile
 *
 * To be asked before they are added up: to make room again and again is more work
 * than to look at some cells. An eighth is added for what such a sample misses. What
 * is in two tables is counted twice.
 *
 * Return: how many.
 */
u32 l2pc_fold_estimate(const struct l2pc_counts *counts,
		       const struct l2pc_writer *writer)
{
	/* Odd: as many first cells of a pair as second ones. */
	const u32 step = 17;
	const struct l2pc_archive *open = &counts->open.stations;
	const struct l2pc_table *table;
	const struct l2pc_cell *cell;
	u32 stations = 0;
	u32 index;

	for (table = l2pc_fold_chain(writer, true); table; table = table->older)
		for (index = L2PC_HEADER_CELLS; index < l2pc_table_cells(table);
		     index += step) {
			if (!(index % 1024))
				cond_resched();
			cell = l2pc_table_cell(table, index);
			if (READ_ONCE(cell->packets) &&
			    !l2pc_archive_find(open, READ_ONCE(cell->key)))
				stations += step + step / 8;
		}
	return stations;
}

/* A pass over all cells of all CPUs, for l2pc_fold_tables() */
struct fold_pass {
	struct l2pc_clock clock;
	bool live;
	u64 key_mask;
	/* Stations first seen in this time are added; or, only counted. */
	u64 from;
	u64 before;
	struct l2pc_select *stamps;
};

/*
 * A table may be live: then its cells are read while the owner counts, and each
 * frame is in this reading or in a later one.
 */
static void fold_table(const struct l2pc_counts *counts, struct l2pc_sums *sums,
		       const struct l2pc_writer *writer,
		       const struct l2pc_table *table,
		       const struct fold_pass *pass)
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
		if (pass->stamps) {
			l2pc_select_add(pass->stamps, station.first_seen);
			continue;
		}
		station.key = copy.key;
		station.packets = copy.packets;
		station.bytes = copy.bytes;
		station.last_seen = l2pc_clock_time(&pass->clock, copy.last_seen);
		l2pc_fold_station(counts, sums, &station, pass->key_mask);
	}
}

static void fold_chains(const struct l2pc_counts *counts, struct l2pc_sums *sums,
			const struct fold_pass *pass)
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

/**
 * l2pc_fold_tables() - add up all CPUs' tables
 * @counts: the port's counts
 * @sums: where they are added
 * @live: the tables the CPUs count in; else those that were exchanged out
 * @key_mask: which bits of a key keep stations apart
 *
 * When they may hold more stations than there are
 * places, the ones first seen come first, on whatever CPU: what a reader has
 * been shown once is not crowded out by a flood on another CPU.
 *
 * A live table goes on changing between the passes: a station claimed after the
 * clock was read is in the last one, because its stamp counts as now.
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
	u32 max_stations = l2pc_counts_max_stations(counts);
	struct l2pc_select stamps = { .shift = L2PC_SELECT_TOP };
	const struct l2pc_table *table;
	u64 cells = sums->stations.used;
	u32 rank;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct l2pc_writer *writer =
			per_cpu_ptr(counts->writers.percpu, cpu);

		for (table = l2pc_fold_chain(writer, live); table; table = table->older)
			cells += READ_ONCE(table->used);
	}
	if (cells > max_stations) {
		rank = max_stations > sums->stations.used ?
			max_stations - sums->stations.used : 0;
		pass.stamps = &stamps;
		do {
			fold_chains(counts, sums, &pass);
		} while (l2pc_select_descend(&stamps, &rank));
		pass.stamps = NULL;
		pass.before = stamps.prefix;
		fold_chains(counts, sums, &pass);
		pass.from = pass.before;
		pass.before = U64_MAX;
	}
	fold_chains(counts, sums, &pass);
}
