// SPDX-License-Identifier: GPL-2.0
/*
 * Windows: fold, close, snapshot.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/atomic.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/topology.h>

#include "window.h"

/* Jiffies and boot time of the same moment, to turn a cell's stamps into ns. */
struct fold_clock {
	u32 jiffies;
	u64 boottime;
};

static struct fold_clock fold_clock_now(void)
{
	return (struct fold_clock){
		.jiffies = (u32)jiffies,
		.boottime = ktime_get_boottime_ns(),
	};
}

/*
 * A stamp is never older than l2pc_window_rotate() allows, far less than the 24
 * days after which 31 bits of jiffies run over at 1000 Hz. One taken after the
 * clock was read counts as now.
 */
static u64 fold_time(const struct fold_clock *clock, u32 stamp)
{
	s32 age = (s32)(clock->jiffies - stamp);

	return clock->boottime - (age > 0 ? jiffies_to_nsecs(age) : 0);
}

static void counters_add(struct l2pc_counters *to,
			 const struct l2pc_counters *from)
{
	unsigned int i;

	to->untracked_packets += from->untracked_packets;
	to->untracked_bytes += from->untracked_bytes;
	for (i = 0; i < L2PC_SKIPPED_REASONS; i++)
		to->skipped[i] += from->skipped[i];
}

static void counters_sub(struct l2pc_counters *from,
			 const struct l2pc_counters *what)
{
	unsigned int i;

	from->untracked_packets -= what->untracked_packets;
	from->untracked_bytes -= what->untracked_bytes;
	for (i = 0; i < L2PC_SKIPPED_REASONS; i++)
		from->skipped[i] -= what->skipped[i];
}

/* What the writers' own counters stand at. */
static struct l2pc_counters writers_counters(const struct l2pc_writers *writers)
{
	struct l2pc_counters sum = {};
	unsigned int i;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct l2pc_writer *writer =
			per_cpu_ptr(writers->percpu, cpu);

		sum.untracked_packets +=
			l2pc_counter_read(writer, &writer->untracked_packets);
		sum.untracked_bytes +=
			l2pc_counter_read(writer, &writer->untracked_bytes);
		for (i = 0; i < L2PC_SKIPPED_REASONS; i++)
			sum.skipped[i] +=
				l2pc_counter_read(writer, &writer->skipped[i]);
	}
	return sum;
}

static void sums_init(struct l2pc_sums *sums, const u64 seed[2])
{
	memset(sums, 0, sizeof(*sums));
	l2pc_archive_init(&sums->stations, seed);
}

static void sums_untracked(struct l2pc_sums *sums,
			   const struct l2pc_station *station)
{
	sums->counters.untracked_packets += station->packets;
	sums->counters.untracked_bytes += station->bytes;
}

static u32 window_max_stations(const struct l2pc_window *window)
{
	return READ_ONCE(window->writers.max_stations);
}

/* Half the places are for stations the port knows, half for new ones. */
static u32 window_half(const struct l2pc_window *window)
{
	return (window_max_stations(window) + 1) / 2;
}

/*
 * Is this one of the stations that were there first? They keep their places
 * when a flood of new addresses fills everything else.
 */
static bool window_knows(const struct l2pc_window *window, u64 key)
{
	const struct l2pc_station *station =
		l2pc_archive_find(&window->lifetime.stations, key);

	return station && station->first_seen < window->known_before;
}

/*
 * Add a station's counts to @sums, within the bound: stations the port knows
 * always find a place, others share what those leave.
 */
static void window_add(const struct l2pc_window *window, struct l2pc_sums *sums,
		       const struct l2pc_station *from)
{
	u32 max_stations = window_max_stations(window);
	struct l2pc_station *station;
	bool known;

	station = l2pc_archive_find(&sums->stations, from->key);
	if (!station) {
		known = window_knows(window, from->key);
		if (sums->stations.used < max_stations &&
		    (known || sums->unknown < max_stations - window->known))
			station = l2pc_archive_claim(&sums->stations, from->key);
		if (!station) {
			sums_untracked(sums, from);
			return;
		}
		sums->unknown += !known;
	}
	l2pc_station_add(station, from);
}

/*
 * Which stamp has @rank others before it: radix descent, six bits a pass over
 * all stamps, so that it needs no memory and cannot fail.
 */
#define HISTOGRAM_BITS	6
#define HISTOGRAM_TOP	60	/* ten digits of six bits below the top four */

struct stamp_histogram {
	u64 prefix;
	int shift;
	u32 counts[1 << HISTOGRAM_BITS];
};

static void stamp_note(struct stamp_histogram *histogram, u64 stamp)
{
	int shift = histogram->shift;

	if (shift < HISTOGRAM_TOP &&
	    (stamp ^ histogram->prefix) >> (shift + HISTOGRAM_BITS))
		return;
	histogram->counts[(stamp >> shift) & ((1 << HISTOGRAM_BITS) - 1)]++;
}

/* Go one digit down; false when all digits are found. */
static bool stamp_descend(struct stamp_histogram *histogram, u32 *rank)
{
	u32 digit;

	for (digit = 0; digit < ARRAY_SIZE(histogram->counts) - 1; digit++) {
		if (*rank < histogram->counts[digit])
			break;
		*rank -= histogram->counts[digit];
	}
	histogram->prefix |= (u64)digit << histogram->shift;
	histogram->shift -= HISTOGRAM_BITS;
	memset(histogram->counts, 0, sizeof(histogram->counts));
	return histogram->shift >= 0;
}

/*
 * Which tables of a CPU: those it counts in, or those that were exchanged out.
 * One reading of the active pointer finds all: a table that the owner replaces
 * meanwhile is behind the one that took its place.
 */
static const struct l2pc_table *chain_of(const struct l2pc_writer *writer,
					 bool live)
{
	/* Pairs with the exchange in writer_install(). */
	return live ? smp_load_acquire(&writer->active) : writer->next;
}

/* A pass over all cells of all CPUs, for fold_all(). */
struct fold_pass {
	struct fold_clock clock;
	bool live;
	u64 key_mask;
	/* Stations first seen in this time are added; or, only counted. */
	u64 from;
	u64 before;
	struct stamp_histogram *histogram;
};

/*
 * A table may be live: then its cells are read while the owner counts, and each
 * frame is in this reading or in a later one.
 */
static void fold_table(const struct l2pc_window *window, struct l2pc_sums *sums,
		       const struct l2pc_writer *writer,
		       const struct l2pc_table *table,
		       const struct fold_pass *pass)
{
	const struct l2pc_cell *cell;
	struct l2pc_cell copy;
	u32 index;

	l2pc_table_for_each(table, index, cell) {
		struct l2pc_station station;

		if (!l2pc_cell_read(writer, cell, &copy))
			continue;
		station.first_seen = fold_time(&pass->clock, copy.first_seen);
		if (station.first_seen < pass->from ||
		    station.first_seen >= pass->before)
			continue;
		if (pass->histogram) {
			stamp_note(pass->histogram, station.first_seen);
			continue;
		}
		station.key = copy.key & pass->key_mask;
		station.packets = copy.packets;
		station.bytes = copy.bytes;
		station.last_seen = fold_time(&pass->clock, copy.last_seen);
		window_add(window, sums, &station);
	}
}

static void fold_chains(const struct l2pc_window *window, struct l2pc_sums *sums,
			const struct fold_pass *pass)
{
	const struct l2pc_table *table;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct l2pc_writer *writer =
			per_cpu_ptr(window->writers.percpu, cpu);

		for (table = chain_of(writer, pass->live); table;
		     table = table->older)
			fold_table(window, sums, writer, table, pass);
	}
}

/*
 * Add up all CPUs' tables. When they may hold more stations than there are
 * places, the ones first seen come first, on whatever CPU: what a reader has
 * been shown once is not crowded out by a flood on another CPU.
 *
 * A live table goes on changing between the passes: a station claimed after the
 * clock was read is in the last one, because its stamp counts as now.
 */
static void fold_all(const struct l2pc_window *window, struct l2pc_sums *sums,
		     bool live, u64 key_mask)
{
	struct fold_pass pass = {
		.clock = fold_clock_now(),
		.live = live,
		.key_mask = key_mask,
		.before = U64_MAX,
	};
	u32 max_stations = window_max_stations(window);
	struct stamp_histogram histogram = { .shift = HISTOGRAM_TOP };
	const struct l2pc_table *table;
	u64 cells = sums->stations.used;
	u32 rank;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct l2pc_writer *writer =
			per_cpu_ptr(window->writers.percpu, cpu);

		for (table = chain_of(writer, live); table; table = table->older)
			cells += READ_ONCE(table->used);
	}
	if (cells > max_stations) {
		rank = max_stations > sums->stations.used ?
			max_stations - sums->stations.used : 0;
		pass.histogram = &histogram;
		do {
			fold_chains(window, sums, &pass);
		} while (stamp_descend(&histogram, &rank));
		pass.histogram = NULL;
		pass.before = histogram.prefix;
		fold_chains(window, sums, &pass);
		pass.from = pass.before;
		pass.before = U64_MAX;
	}
	fold_chains(window, sums, &pass);
}

/*
 * The stamp before which the first @rank stations of an archive were first seen;
 * those seen at the same moment as the next one do not count among them.
 */
static u64 first_seen_at_rank(const struct l2pc_archive *archive, u32 rank)
{
	struct stamp_histogram histogram = { .shift = HISTOGRAM_TOP };
	const struct l2pc_station *station;
	u32 index;

	if (archive->used <= rank)
		return U64_MAX;
	do {
		l2pc_archive_for_each(archive, index, station)
			stamp_note(&histogram, station->first_seen);
	} while (stamp_descend(&histogram, &rank));
	return histogram.prefix;
}

static void seed_archive(const struct l2pc_window *window,
			 struct l2pc_table *table,
			 const struct l2pc_archive *archive, u64 before)
{
	const struct l2pc_station *station;
	u32 index;

	l2pc_archive_for_each(archive, index, station)
		if (station->first_seen < before)
			l2pc_table_seed(&window->writers, table, station->key);
}

/* Oldest table first: it has the stations that were there before a flood. */
static void seed_chain(const struct l2pc_window *window,
		       struct l2pc_table *table,
		       const struct l2pc_writer *writer,
		       const struct l2pc_table *chain)
{
	const struct l2pc_table *tables[L2PC_DEPTH_MAX];
	const struct l2pc_cell *cell;
	struct l2pc_cell copy;
	unsigned int n = 0;
	u32 index;

	for (; chain && n < ARRAY_SIZE(tables); chain = chain->older)
		tables[n++] = chain;
	while (n--)
		l2pc_table_for_each(tables[n], index, cell)
			if (l2pc_cell_read(writer, cell, &copy))
				l2pc_table_seed(&window->writers, table, copy.key);
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

/*
 * A table for a CPU to count in, with places for the stations the port knows
 * and for those the CPU has in its tables now. NULL when there is no memory.
 */
static struct l2pc_table *window_prepare(const struct l2pc_window *window,
					 const struct l2pc_writer *writer,
					 u8 least_bits, int cpu)
{
	const struct l2pc_table *chain = READ_ONCE(writer->active);
	u32 stations = max3(window->known, window->folded.stations.used,
			    chain_stations(chain));
	struct l2pc_table *table;
	u8 bits;

	bits = max(least_bits, l2pc_table_bits_for(&window->writers, stations));
	table = l2pc_table_alloc(&window->writers, bits, cpu_to_node(cpu));
	if (!table)
		return NULL;
	seed_archive(window, table, &window->lifetime.stations,
		     window->known_before);
	/* Those that were there before a flood, if this is one. */
	seed_archive(window, table, &window->folded.stations,
		     first_seen_at_rank(&window->folded.stations,
					window_half(window)));
	seed_chain(window, table, writer, chain);
	return table;
}

/* Has the CPU counted anything in these tables? Seeds alone are nothing. */
static bool chain_counted(const struct l2pc_writer *writer,
			  const struct l2pc_table *table)
{
	const struct l2pc_cell *cell;
	struct l2pc_cell copy;
	u32 index;

	for (; table; table = table->older)
		l2pc_table_for_each(table, index, cell)
			if (l2pc_cell_read(writer, cell, &copy))
				return true;
	return false;
}

/* Add up the tables that were exchanged out, after a grace period. */
static void window_fold(struct l2pc_window *window)
{
	int cpu;

	fold_all(window, &window->folded, false, ~0ULL);
	for_each_possible_cpu(cpu) {
		struct l2pc_writer *writer =
			per_cpu_ptr(window->writers.percpu, cpu);
		struct l2pc_table *table = writer->next;

		writer->next = NULL;
		while (table) {
			struct l2pc_table *older = table->older;

			l2pc_table_free(table);
			table = older;
		}
	}
}

/*
 * Give every CPU a fresh table and add the old ones up. A CPU that counted
 * nothing since the last time gets none.
 *
 * A CPU may be in the middle of a frame when its table is exchanged: it counts
 * that frame in the old one, which is why the old ones are read for good only
 * after a grace period. Nobody else holds them: the exchange gave them to us.
 */
static void window_switch(struct l2pc_window *window)
{
	struct l2pc_counters now;
	int cpu;

	lockdep_assert_held(&window->lock);

	for_each_possible_cpu(cpu) {
		struct l2pc_writer *writer =
			per_cpu_ptr(window->writers.percpu, cpu);

		writer->next = NULL;
		if (chain_counted(writer, READ_ONCE(writer->active)))
			writer->next = window_prepare(window, writer, 0, cpu);
		if (!writer->next)
			writer->next = l2pc_table_none;
	}
	for_each_possible_cpu(cpu) {
		struct l2pc_writer *writer =
			per_cpu_ptr(window->writers.percpu, cpu);

		/* Full barrier, partner of the reads in the packet path. */
		writer->next = xchg(&writer->active, writer->next);
		/* Made for the old table. */
		l2pc_table_free(xchg(&writer->spare, NULL));
	}
	now = writers_counters(&window->writers);
	synchronize_net();
	window_fold(window);
	counters_add(&window->folded.counters, &now);
	counters_sub(&window->folded.counters, &window->base);
	window->base = now;
}

/*
 * Who is known from now on: everybody in lifetime, or, when those are more
 * than half the bound, the half that was there first.
 */
static void window_learn(struct l2pc_window *window)
{
	const struct l2pc_archive *stations = &window->lifetime.stations;
	const struct l2pc_station *station;
	u32 index;

	window->known = 0;
	window->known_before = first_seen_at_rank(stations, window_half(window));
	l2pc_archive_for_each(stations, index, station)
		if (station->first_seen < window->known_before)
			window->known++;
}

/*
 * The stamp up to which stations have to leave lifetime so that @closed's new
 * ones find room. Stations of @closed that are in lifetime are in it already.
 */
static u64 last_seen_at_rank(const struct l2pc_archive *lifetime,
			     const struct l2pc_archive *closed, u32 rank)
{
	struct stamp_histogram histogram = { .shift = HISTOGRAM_TOP };
	const struct l2pc_station *station;
	u32 index;

	do {
		l2pc_archive_for_each(lifetime, index, station)
			stamp_note(&histogram, station->last_seen);
		l2pc_archive_for_each(closed, index, station)
			if (!l2pc_archive_find(lifetime, station->key))
				stamp_note(&histogram, station->last_seen);
	} while (stamp_descend(&histogram, &rank));
	return histogram.prefix;
}

/*
 * Add the window just closed to lifetime. When that would hold more than
 * max_stations, the ones idle longest leave it: their counts become untracked.
 */
static void window_merge_lifetime(struct l2pc_window *window)
{
	const struct l2pc_archive *closed = &window->previous.stations;
	struct l2pc_archive *lifetime = &window->lifetime.stations;
	u32 max_stations = window_max_stations(window);
	struct l2pc_station *station, *to;
	u64 idle_until = 0;
	u32 fresh = 0;
	u32 index;

	l2pc_archive_for_each(closed, index, station) {
		to = l2pc_archive_find(lifetime, station->key);
		if (to)
			l2pc_station_add(to, station);
		else
			fresh++;
	}

	if ((u64)lifetime->used + fresh > max_stations)
		idle_until = last_seen_at_rank(lifetime, closed,
					       lifetime->used + fresh -
					       max_stations - 1);
	/* New ones that need not come in, while they can be told from old ones. */
	l2pc_archive_for_each(closed, index, station)
		if (station->last_seen <= idle_until &&
		    !l2pc_archive_find(lifetime, station->key))
			sums_untracked(&window->lifetime, station);
	for (index = 0; idle_until && index < l2pc_archive_slots(lifetime); ) {
		station = &lifetime->slots[index];
		if (!station->key || station->last_seen > idle_until) {
			index++;
			continue;
		}
		sums_untracked(&window->lifetime, station);
		/* Another one may take the slot: look again. */
		l2pc_archive_del(lifetime, station);
	}

	/* Whoever is later than that and not in lifetime is new. */
	l2pc_archive_reserve(lifetime, min(lifetime->used + fresh, max_stations));
	l2pc_archive_for_each(closed, index, station) {
		if (station->last_seen <= idle_until ||
		    l2pc_archive_find(lifetime, station->key))
			continue;
		to = NULL;
		if (lifetime->used < max_stations)
			to = l2pc_archive_claim(lifetime, station->key);
		if (to)
			l2pc_station_add(to, station);
		else
			sums_untracked(&window->lifetime, station);
	}
	counters_add(&window->lifetime.counters, &window->previous.counters);
}

/**
 * l2pc_window_init() - make a port's counts
 * @window: filled in
 * @first_bits: log2 of a CPU's first table's cells
 * @max_stations: the bound
 * @wanted: called in softirq when a CPU would like a spare; the answer is
 *	l2pc_window_grow() in process context
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int l2pc_window_init(struct l2pc_window *window, u8 first_bits,
		     u32 max_stations,
		     void (*wanted)(struct l2pc_writers *writers))
{
	int err;

	memset(window, 0, sizeof(*window));
	err = l2pc_writers_alloc(&window->writers, first_bits, max_stations,
				 wanted);
	if (err)
		return err;
	mutex_init(&window->lock);
	sums_init(&window->folded, window->writers.seed);
	sums_init(&window->previous, window->writers.seed);
	sums_init(&window->lifetime, window->writers.seed);
	window->id = 1;
	window->opened = ktime_get_boottime_ns();
	window_learn(window);
	return 0;
}

/**
 * l2pc_window_free() - free a port's counts
 * @window: the hook is gone, a grace period has passed, nobody reads
 *
 * Context: process.
 */
void l2pc_window_free(struct l2pc_window *window)
{
	l2pc_archive_free(&window->folded.stations);
	l2pc_archive_free(&window->previous.stations);
	l2pc_archive_free(&window->lifetime.stations);
	l2pc_writers_free(&window->writers);
	mutex_destroy(&window->lock);
}

/**
 * l2pc_window_set_max_stations() - change the bound
 * @window: the port's counts
 * @max_stations: the new one
 *
 * A larger one holds at once, a smaller one for the tables from the next window
 * on, and for the archives from the next fold on.
 *
 * Context: process, may sleep.
 */
void l2pc_window_set_max_stations(struct l2pc_window *window, u32 max_stations)
{
	mutex_lock(&window->lock);
	WRITE_ONCE(window->writers.max_stations, max_stations);
	window_learn(window);
	mutex_unlock(&window->lock);
}

/**
 * l2pc_window_close() - close the window and open the next one
 * @window: the port's counts
 *
 * A snapshot that begins after this returned shows only frames that arrived
 * after it was called. Never fails: without memory stations become untracked.
 *
 * Context: process, sleeps for a grace period.
 */
void l2pc_window_close(struct l2pc_window *window)
{
	mutex_lock(&window->lock);
	window_switch(window);
	l2pc_archive_free(&window->previous.stations);
	window->previous = window->folded;
	sums_init(&window->folded, window->writers.seed);
	window_merge_lifetime(window);
	window_learn(window);
	window->id++;
	window->opened = ktime_get_boottime_ns();
	mutex_unlock(&window->lock);
}

/**
 * l2pc_window_rotate() - add the tables up without closing the window
 * @window: the port's counts
 *
 * To be called at least once a day: a cell's stamps are 32 bits of jiffies.
 *
 * Context: process, sleeps for a grace period.
 */
void l2pc_window_rotate(struct l2pc_window *window)
{
	mutex_lock(&window->lock);
	window_switch(window);
	mutex_unlock(&window->lock);
}

/*
 * Have a bigger table ready for a CPU whose table is more than half full, or
 * put it in place if the CPU is waiting for it. Returns whether there is one
 * now that has places for every station of the CPU's tables.
 */
static bool writer_supply(struct l2pc_window *window, struct l2pc_writer *writer,
			  int cpu)
{
	struct l2pc_table *table = READ_ONCE(writer->active);
	struct l2pc_table *bigger;
	u32 used;

	if (table == l2pc_table_none || READ_ONCE(writer->spare) ||
	    table->limit >= window_max_stations(window))
		return false;
	used = READ_ONCE(table->used);
	if (used <= table->limit / 2)
		return false;

	bigger = window_prepare(window, writer, table->bits + 1, cpu);
	if (!bigger)
		return false;
	if (used >= table->limit) {
		l2pc_table_link(bigger, table);
		if (cmpxchg(&writer->active, table, bigger) == table)
			return true;
		l2pc_table_link(bigger, NULL);	/* the owner was faster */
	}
	/* Only window.c puts spares there, but for a switch undone. */
	bigger = xchg(&writer->spare, bigger);
	l2pc_table_free(bigger);
	return true;
}

/**
 * l2pc_window_grow() - give CPUs the spares they want
 * @window: the port's counts
 *
 * CPUs that got one have no use any more for the tables before their current
 * one: those are added up and freed.
 *
 * Context: process, may sleep for a grace period.
 */
void l2pc_window_grow(struct l2pc_window *window)
{
	bool detached = false;
	int cpu;

	mutex_lock(&window->lock);
	for_each_possible_cpu(cpu) {
		struct l2pc_writer *writer =
			per_cpu_ptr(window->writers.percpu, cpu);
		struct l2pc_table *table;

		writer->next = NULL;
		if (!writer_supply(window, writer, cpu))
			continue;
		table = READ_ONCE(writer->active);
		writer->next = table->older;
		l2pc_table_link(table, NULL);
		if (writer->next)
			detached = true;
	}
	if (detached) {
		synchronize_net();
		window_fold(window);
	}
	mutex_unlock(&window->lock);
}

/* The open window: what is folded already, and the live tables. */
static void window_add_open(const struct l2pc_window *window,
			    struct l2pc_sums *sums, u64 key_mask)
{
	struct l2pc_counters now = writers_counters(&window->writers);
	const struct l2pc_station *station;
	u32 index;

	l2pc_archive_for_each(&window->folded.stations, index, station) {
		struct l2pc_station masked = *station;

		masked.key &= key_mask;
		window_add(window, sums, &masked);
	}
	fold_all(window, sums, true, key_mask);
	counters_add(&sums->counters, &window->folded.counters);
	counters_add(&sums->counters, &now);
	counters_sub(&sums->counters, &window->base);
}

/* Closed windows: nothing to bound, they are bounded. */
static int sums_add_closed(struct l2pc_sums *sums, const struct l2pc_sums *from,
			   u64 key_mask)
{
	const struct l2pc_station *station;
	struct l2pc_station *to;
	u32 index;

	l2pc_archive_for_each(&from->stations, index, station) {
		to = l2pc_archive_claim(&sums->stations, station->key & key_mask);
		if (!to)
			return -ENOMEM;
		l2pc_station_add(to, station);
	}
	counters_add(&sums->counters, &from->counters);
	return 0;
}

/* How many stations a view can have: what its parts have, added up. */
static u32 window_estimate(const struct l2pc_window *window, enum l2pc_view view)
{
	u64 stations = 0;
	int cpu;

	if (view == L2PC_VIEW_PREVIOUS)
		return window->previous.stations.used;
	for_each_possible_cpu(cpu) {
		const struct l2pc_writer *writer =
			per_cpu_ptr(window->writers.percpu, cpu);

		stations = max_t(u64, stations,
				 READ_ONCE(chain_of(writer, true)->used));
	}
	stations = max_t(u64, stations, window->folded.stations.used);
	if (view == L2PC_VIEW_LIFETIME)
		stations = max_t(u64, stations, window->lifetime.stations.used);
	return min_t(u64, stations, window_max_stations(window));
}

/**
 * l2pc_window_snapshot() - read a view
 * @window: the port's counts
 * @view: which one
 * @key_mask: ~0, or L2PC_KEY_MASK_NO_VLAN to add VLANs together
 * @snapshot: filled in; to be freed with l2pc_snapshot_free()
 *
 * The packet path goes on meanwhile and is not slower for it. Each frame
 * counted before the call is in the snapshot.
 *
 * Context: process, may sleep.
 * Return: 0, or -ENOMEM.
 */
int l2pc_window_snapshot(struct l2pc_window *window, enum l2pc_view view,
			 u64 key_mask, struct l2pc_snapshot *snapshot)
{
	const struct l2pc_station *station;
	struct l2pc_sums sums;
	u32 index;
	int err;

	memset(snapshot, 0, sizeof(*snapshot));
	sums_init(&sums, window->writers.seed);
	mutex_lock(&window->lock);
	err = l2pc_archive_reserve(&sums.stations, window_estimate(window, view));
	if (err)
		goto unlock;

	if (view != L2PC_VIEW_PREVIOUS)
		window_add_open(window, &sums, key_mask);
	if (view == L2PC_VIEW_PREVIOUS)
		err = sums_add_closed(&sums, &window->previous, key_mask);
	if (view == L2PC_VIEW_LIFETIME)
		err = sums_add_closed(&sums, &window->lifetime, key_mask);
	snapshot->id = window->id - (view == L2PC_VIEW_PREVIOUS);
	snapshot->opened = window->opened;
unlock:
	mutex_unlock(&window->lock);
	if (err) {
		l2pc_archive_free(&sums.stations);
		return err;
	}

	/* Close the gaps in place: what was a hash is a list from here on. */
	snapshot->stations = sums.stations.slots;
	snapshot->counters = sums.counters;
	snapshot->packets = sums.counters.untracked_packets;
	snapshot->bytes = sums.counters.untracked_bytes;
	l2pc_archive_for_each(&sums.stations, index, station) {
		snapshot->packets += station->packets;
		snapshot->bytes += station->bytes;
		snapshot->stations[snapshot->count++] = *station;
	}
	return 0;
}

/**
 * l2pc_snapshot_free() - give a snapshot's memory back
 * @snapshot: may be freed twice
 */
void l2pc_snapshot_free(struct l2pc_snapshot *snapshot)
{
	kvfree(snapshot->stations);
	snapshot->stations = NULL;
	snapshot->count = 0;
}
