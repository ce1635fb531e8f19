// SPDX-License-Identifier: GPL-2.0
/* Windows, case by case: close, views, bounds, floods, eviction, time stamps. */
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <string.h>

#include "engine.h"
#include "sizes.h"

#define WINDOW		L2PC_VIEW_WINDOW
#define PREVIOUS	L2PC_VIEW_PREVIOUS
#define LIFETIME	L2PC_VIEW_LIFETIME
#define NS_PER_JIFFY	(NSEC_PER_SEC / HZ)

static struct l2pc_counts counts;
static bool spare_wanted;
/* The flood is faster than the work queue. */
static bool worker_late;

static void wanted(struct l2pc_writers *writers)
{
	CHECK(writers == &counts.writers);
	spare_wanted = true;
}

static const struct l2pc_writers_ops ops = {
	.request_spare = wanted,
	.request_scan = wanted_nothing,
};

/* Where the code under test is interrupted, other CPUs count. */
static u32 intruders;

static void others_count(void)
{
	if (shim_self()->softirq || unit_below(4))
		return;
	intruders++;
	frame(&counts.writers, unit_below(SHIM_CPUS), station_key(unit_below(40)));
}

static void begin(u32 max_stations)
{
	unit_seed(max_stations);
	intruders = 0;
	spare_wanted = worker_late = false;
	CHECK_EQ(l2pc_counts_init(&counts, 5, max_stations, &ops), 0);
}

static void end(void)
{
	shim_thread.point = NULL;
	memset(&shim_faults, 0, sizeof(shim_faults));
	l2pc_counts_free(&counts);
	CHECK_EQ(shim_live(), 0);
}

static void count(int cpu, u32 station)
{
	frame(&counts.writers, cpu, station_key(station));
	/* What the work queue does, as soon as it can. */
	if (spare_wanted && !worker_late) {
		spare_wanted = false;
		l2pc_counts_grow(&counts);
	}
}

static u64 packets(enum l2pc_view which, u32 station)
{
	return view_packets(&counts, which, station_key(station));
}

TEST(close_opens_the_next)
{
	struct l2pc_snapshot snapshot;

	begin(1000);
	count(0, 1);
	count(1, 1);
	count(2, 2);
	CHECK_EQ(packets(WINDOW, 1), 2);
	CHECK_EQ(packets(LIFETIME, 1), 2);
	CHECK_EQ(view_total(&counts, PREVIOUS), 0);
	l2pc_window_close(&counts, NULL);
	snapshot = view(&counts, WINDOW, ~0ULL);
	CHECK(!snapshot.count && !snapshot.totals.packets && !snapshot.totals.bytes);
	CHECK_EQ(snapshot.totals.id, 2);
	l2pc_snapshot_free(&snapshot);
	snapshot = view(&counts, PREVIOUS, ~0ULL);
	CHECK_EQ(snapshot.totals.id, 1);
	CHECK_EQ(snapshot.count, 2);
	CHECK_EQ(snapshot.totals.packets, 3);
	CHECK_EQ(snapshot.totals.bytes, 180);
	l2pc_snapshot_free(&snapshot);
	l2pc_snapshot_free(&snapshot);
	count(3, 1);
	CHECK_EQ(packets(WINDOW, 1), 1);
	CHECK_EQ(packets(PREVIOUS, 1), 2);
	CHECK_EQ(packets(LIFETIME, 1), 3);
	l2pc_window_close(&counts, NULL);
	CHECK_EQ(packets(PREVIOUS, 1), 1);
	CHECK_EQ(packets(PREVIOUS, 2), 0);
	CHECK_EQ(packets(LIFETIME, 1), 3);
	l2pc_window_close(&counts, NULL);
	CHECK_EQ(view_total(&counts, PREVIOUS), 0);
	CHECK_EQ(view_total(&counts, LIFETIME), 4);
	end();
}

TEST(rotate_changes_no_view)
{
	u32 i;

	begin(1000);
	for (i = 0; i < 3000; i++) {
		count(i & 3, 1 + i % 600);
		if (i % 97 == 0)
			l2pc_counts_rotate(&counts);
		if (i % 1000 == 500)
			l2pc_window_close(&counts, NULL);
	}
	CHECK_EQ(view_total(&counts, WINDOW), 499);
	CHECK_EQ(view_total(&counts, PREVIOUS), 1000);
	CHECK_EQ(view_total(&counts, LIFETIME), 3000);
	for (i = 1; i <= 600; i++)
		CHECK_EQ(packets(LIFETIME, i), 5);
	CHECK_EQ(counts.id, 4);
	end();
}

TEST(skipped_by_window)
{
	struct l2pc_snapshot snapshot;
	u32 i;

	begin(10);
	for (i = 0; i < 9; i++) {
		shim_softirq_begin(i & 3);
		l2pc_writer_skip(&counts.writers, L2PC_SKIPPED_BROADCAST);
		shim_softirq_end();
		if (i == 5)
			l2pc_window_close(&counts, NULL);
		if (i == 7)
			l2pc_counts_rotate(&counts);
	}
	snapshot = view(&counts, WINDOW, ~0ULL);
	CHECK_EQ(snapshot.totals.counters.skipped[L2PC_SKIPPED_BROADCAST], 3);
	l2pc_snapshot_free(&snapshot);
	snapshot = view(&counts, PREVIOUS, ~0ULL);
	CHECK_EQ(snapshot.totals.counters.skipped[L2PC_SKIPPED_BROADCAST], 6);
	l2pc_snapshot_free(&snapshot);
	snapshot = view(&counts, LIFETIME, ~0ULL);
	CHECK_EQ(snapshot.totals.counters.skipped[L2PC_SKIPPED_BROADCAST], 9);
	l2pc_snapshot_free(&snapshot);
	end();
}

TEST(malformed_by_window)
{
	struct l2pc_snapshot snapshot;
	u32 i;

	begin(10);
	for (i = 0; i < 9; i++) {
		shim_softirq_begin(i & 3);
		l2pc_writer_malformed(&counts.writers);
		shim_softirq_end();
		if (i == 5)
			l2pc_window_close(&counts, NULL);
		if (i == 7)
			l2pc_counts_rotate(&counts);
	}
	snapshot = view(&counts, WINDOW, ~0ULL);
	CHECK_EQ(snapshot.totals.counters.malformed, 3);
	l2pc_snapshot_free(&snapshot);
	snapshot = view(&counts, PREVIOUS, ~0ULL);
	CHECK_EQ(snapshot.totals.counters.malformed, 6);
	l2pc_snapshot_free(&snapshot);
	snapshot = view(&counts, LIFETIME, ~0ULL);
	CHECK_EQ(snapshot.totals.counters.malformed, 9);
	l2pc_snapshot_free(&snapshot);
	end();
}

TEST(vlans_apart_and_together)
{
	u64 one = station_key(1), two = station_key(2);
	struct l2pc_snapshot snapshot;
	u32 vlan;
	int round;

	begin(1000);
	for (round = 0; round < 2; round++) {
		for (vlan = 1; vlan <= 100; vlan++)
			frame(&counts.writers, vlan & 3, one | KEY_TAGGED | vlan);
		frame(&counts.writers, 0, one);
		frame(&counts.writers, 0, two | KEY_TAGGED | 7);
		snapshot = view(&counts, WINDOW, ~0ULL);
		CHECK_EQ(snapshot.count, 102);
		l2pc_snapshot_free(&snapshot);
		snapshot = view(&counts, WINDOW, L2PC_KEY_MASK_NO_VLAN);
		CHECK_EQ(snapshot.count, 2);
		CHECK_EQ(snapshot_find(&snapshot, one)->packets, 101);
		CHECK_EQ(snapshot_find(&snapshot, two)->packets, 1);
		l2pc_snapshot_free(&snapshot);
		l2pc_window_close(&counts, NULL);
	}
	snapshot = view(&counts, LIFETIME, L2PC_KEY_MASK_NO_VLAN);
	CHECK_EQ(snapshot.count, 2);
	CHECK_EQ(snapshot_find(&snapshot, one)->packets, 202);
	l2pc_snapshot_free(&snapshot);
	snapshot = view(&counts, PREVIOUS, L2PC_KEY_MASK_NO_VLAN);
	CHECK_EQ(snapshot_find(&snapshot, one)->packets, 101);
	l2pc_snapshot_free(&snapshot);
	end();
}

/* Adding VLANs together can only need fewer places. */
TEST(vlans_together_lose_no_station)
{
	struct l2pc_snapshot apart, together;
	u32 i;
	int round;

	begin(10);
	for (round = 0; round < 2; round++) {
		for (i = 1; i <= 9; i++) {
			frame(&counts.writers, 0, station_key(i) | KEY_TAGGED | 7);
			shim_tick(1);
		}
		if (!round)
			l2pc_window_close(&counts, NULL);
	}
	apart = view(&counts, WINDOW, ~0ULL);
	together = view(&counts, WINDOW, L2PC_KEY_MASK_NO_VLAN);
	CHECK_EQ(apart.count, 9);
	CHECK_EQ(together.count, 9);
	l2pc_snapshot_free(&apart);
	l2pc_snapshot_free(&together);
	end();
}

/* --- bounds --- */

static const u32 bounds[] = { 1, 2, 3, 100, 1000 };

/* Every window brings other stations, each CPU sees all or its own. */
TEST(archives_are_bounded)
{
	u32 b, round, i, total;

	for (b = 0; b < 5; b++) {
		u32 bound = bounds[b];

		begin(bound);
		total = 0;
		for (round = 0; round < 6; round++) {
			u32 stations = bound * (1 + round % 3) + 3;

			for (i = 0; i < stations; i++) {
				count(i & 3, 1 + round * 5000 + i);
				count(0, 1 + round * 5000 + i);
				if (i % 50 == 0)
					shim_tick(1);
			}
			total += 2 * stations;
			if (round & 1)
				l2pc_counts_rotate(&counts);
			CHECK(view_count(&counts, WINDOW) <= bound);
			CHECK_EQ(view_total(&counts, WINDOW), 2 * stations);
			CHECK_EQ(view_total(&counts, LIFETIME), total);
			l2pc_window_close(&counts, NULL);
			CHECK(view_count(&counts, PREVIOUS) <= bound);
			CHECK(view_count(&counts, LIFETIME) <= bound);
			CHECK_EQ(view_total(&counts, PREVIOUS), 2 * stations);
			CHECK_EQ(view_total(&counts, LIFETIME), total);
		}
		end();
	}
}

TEST(lifetime_view_is_bounded)
{
	u32 i;

	begin(100);
	for (i = 0; i < 100; i++)
		count(0, 1 + i);
	l2pc_window_close(&counts, NULL);
	for (i = 0; i < 100; i++)
		count(0, 1001 + i);
	/* What the open window may hold and what closed ones may hold. */
	CHECK_EQ(view_total(&counts, LIFETIME), 200);
	CHECK(view_count(&counts, LIFETIME) <= 200);
	l2pc_window_close(&counts, NULL);
	CHECK_EQ(view_total(&counts, LIFETIME), 200);
	CHECK(view_count(&counts, LIFETIME) <= 100);
	end();
}

/* Ten thousand new addresses: those known before are counted on as ever. */
static void flood(u32 known, u32 max_stations, int flood_cpu, int known_cpu,
		  bool late)
{
	u32 i, round, frames = 0;

	begin(max_stations);
	for (i = 0; i < known; i++) {
		count(0, 1 + i);
		shim_tick(1);
	}
	l2pc_window_close(&counts, NULL);
	for (i = 0; i < known; i++)
		count(0, 1 + i);
	for (round = 0; round < 3; round++) {
		l2pc_window_close(&counts, NULL);
		worker_late = late;
		for (i = 0; i < 10000; i++) {
			count(flood_cpu, 100000 * (round + 1) + i);
			frames++;
			if (i % 100 == 0)
				shim_tick(1);
		}
		worker_late = false;
		for (i = 0; i < known; i++)
			count(known_cpu, 1 + i);
		frames += known;
		CHECK_EQ(view_total(&counts, WINDOW), 10000 + known);
		for (i = 0; i < known; i++)
			CHECK_EQ(packets(WINDOW, 1 + i), 1);
	}
	l2pc_window_close(&counts, NULL);
	CHECK_EQ(view_total(&counts, LIFETIME), frames + 2 * known);
	for (i = 0; i < known; i++)
		CHECK_EQ(packets(LIFETIME, 1 + i), 5);
	end();
}

TEST(known_stations_count_on_in_a_flood)
{
	/* Where the flood arrives too, in tables that were full to the brim. */
	flood(100, 1000, 0, 0, false);
	flood(100, 1000, 0, 0, true);
	flood(50, 100, 0, 0, false);
	flood(50, 100, 0, 0, true);
	flood(10, 5000, 0, 0, false);
	flood(10, 5000, 0, 0, true);
	/* On a CPU that was idle; the work queue has time to make it a table. */
	flood(50, 100, 1, 1, false);
	/* And elsewhere. */
	flood(50, 100, 0, 1, false);
}

TEST(known_stations_find_a_place_on_a_cpu_that_was_idle)
{
	/* The first table it makes is the biggest at once; and the third one is. */
	flood(50, 100, 1, 1, true);
	flood(100, 1000, 1, 1, true);
	flood(500, 1000, 1, 1, true);
}

/* How many 64 bytes are looked at until a station is found, on average, in 1/100. */
static u64 probes(struct l2pc_table *table)
{
	const u32 group = 2 * sizeof(struct l2pc_cell);
	const struct l2pc_cell *cell;
	u64 sum = 0, stations = 0;
	u32 index;

	l2pc_table_for_each(table, index, cell) {
		u32 home = l2pc_table_home(table, cell->key) / group;
		u32 at = index * sizeof(*cell) / group;

		if (!cell->key)
			continue;
		stations++;
		sum += 1 + ((at - home) & (table->offset_mask / group));
	}
	return stations ? 100 * sum / stations : 0;
}

/* Places for known stations lie all over a table, also when not all have one. */
TEST(a_fresh_table_is_no_slower_than_an_old_one)
{
	struct l2pc_table *table;
	u32 i;

	begin(10000);
	for (i = 0; i < 8500; i++) {
		count(0, 1 + i);
		if (i == 4250)
			l2pc_counts_rotate(&counts);
	}
	l2pc_window_close(&counts, NULL);
	table = per_cpu_ptr(counts.writers.percpu, 0)->active;
	CHECK(table->used > 1000);
	CHECK(probes(table) < 160);
	end();
}

/* The flood goes on while window.c prepares a spare, and outgrows it. */
static size_t allocs_before;

static void flood_meanwhile(void)
{
	u32 i;

	if (shim_self()->softirq || intruders || shim_allocs() == allocs_before)
		return;
	intruders = 300;
	for (i = 0; i < 300; i++)
		frame(&counts.writers, 0, station_key(200000 + i));
}

TEST(known_stations_outlive_a_spare_that_came_too_late)
{
	u32 i;

	begin(100);
	for (i = 0; i < 20; i++) {
		count(0, 1 + i);
		shim_tick(1);
	}
	l2pc_window_close(&counts, NULL);
	worker_late = true;
	/* Seeds in 32 cells; then tables of 64 and 128, that one half full. */
	for (i = 0; i < LIMIT(32) - 20 + LIMIT(64) + 60; i++)
		count(0, 100000 + i);
	CHECK_EQ(per_cpu_ptr(counts.writers.percpu, 0)->active->bits, 7);
	for (i = 0; i < 20; i++)
		count(0, 1 + i);
	allocs_before = shim_allocs();
	shim_thread.point = flood_meanwhile;
	l2pc_counts_grow(&counts);
	shim_thread.point = NULL;
	CHECK_EQ(intruders, 300);
	for (i = 0; i < 20; i++)
		count(0, 1 + i);
	for (i = 0; i < 20; i++)
		CHECK_EQ(packets(WINDOW, 1 + i), 2);
	end();
}

/* A window of nothing but flood ends, and so do its tables. */
TEST(recovers_from_a_flood)
{
	size_t before, after;
	u32 i, round;

	begin(20000);
	for (i = 0; i < 100; i++)
		count(0, 1 + i);
	l2pc_window_close(&counts, NULL);
	for (i = 0; i < 100; i++)
		count(0, 1 + i);
	before = shim_live_bytes();
	for (i = 0; i < 30000; i++)
		count(0, 1000 + i);
	for (round = 0; round < 3; round++) {
		for (i = 0; i < 100; i++)
			count(0, 1 + i);
		l2pc_window_close(&counts, NULL);
	}
	for (i = 0; i < 100; i++)
		count(0, 1 + i);
	after = shim_live_bytes();
	/* Lifetime keeps what the flood brought, in 40 bytes a slot; no table does. */
	CHECK(after < before + 40 * 32768 + 20000 * 84);
	CHECK_EQ(packets(WINDOW, 1), 1);
	CHECK_EQ(packets(LIFETIME, 1), 6);
	end();
}

TEST(idle_longest_leave_first)
{
	u32 i;

	begin(10);
	for (i = 1; i <= 8; i++) {
		count(0, i);
		shim_tick(10);
	}
	count(0, 1);
	l2pc_window_close(&counts, NULL);
	shim_tick(10);
	for (i = 11; i <= 14; i++) {
		count(0, i);
		shim_tick(10);
	}
	l2pc_window_close(&counts, NULL);
	/* 2 and 3 have been silent longest: 1 was heard again. */
	CHECK_EQ(packets(LIFETIME, 1), 2);
	CHECK_EQ(packets(LIFETIME, 2), 0);
	CHECK_EQ(packets(LIFETIME, 3), 0);
	for (i = 4; i <= 8; i++)
		CHECK_EQ(packets(LIFETIME, i), 1);
	for (i = 11; i <= 14; i++)
		CHECK_EQ(packets(LIFETIME, i), 1);
	CHECK_EQ(view_count(&counts, LIFETIME), 10);
	CHECK_EQ(view_total(&counts, LIFETIME), 13);
	CHECK_EQ(counts.history.counters.untracked_packets, 2);
	end();
}

/* On a busy network all were heard in the last jiffy. One place is missing. */
static void one_too_many(void)
{
	u32 i;

	begin(10);
	for (i = 1; i <= 10; i++)
		count(0, i);
	l2pc_window_close(&counts, NULL);
	for (i = 2; i <= 11; i++)
		count(1, i);
	l2pc_window_close(&counts, NULL);
}

TEST(no_more_leave_than_must)
{
	one_too_many();
	CHECK_EQ(view_count(&counts, LIFETIME), 10);
	end();
}

TEST(who_leaves_lifetime_is_counted_once)
{
	one_too_many();
	CHECK_EQ(view_total(&counts, LIFETIME), 20);
	end();
}

/* The same without equal stamps: a lower bound makes stations leave that were
 * in the closed window.
 */
TEST(who_leaves_for_a_lower_bound_is_counted_once)
{
	u32 i, round;

	begin(10);
	for (round = 0; round < 2; round++) {
		for (i = 1; i <= 10; i++) {
			count(0, i);
			shim_tick(1);
		}
		if (round) {
			l2pc_counts_rotate(&counts);
			l2pc_counts_set_max_stations(&counts, 5);
		}
		l2pc_window_close(&counts, NULL);
	}
	CHECK_EQ(view_total(&counts, LIFETIME), 20);
	end();
}

/* All heard first in the same jiffy: half of them have to be known even so. */
TEST(known_in_spite_of_equal_stamps)
{
	u32 i;

	begin(10);
	for (i = 1; i <= 8; i++)
		count(0, i);
	l2pc_window_close(&counts, NULL);
	CHECK(counts.known >= 4);
	CHECK(counts.known <= 5);
	end();
}

TEST(half_is_known_at_most)
{
	u32 i;

	begin(11);
	for (i = 1; i <= 9; i++) {
		count(0, i);
		shim_tick(1);
	}
	l2pc_window_close(&counts, NULL);
	CHECK_EQ(counts.known, 6);
	l2pc_counts_set_max_stations(&counts, 100);
	CHECK_EQ(counts.known, 9);
	l2pc_counts_set_max_stations(&counts, 5);
	CHECK_EQ(counts.known, 3);
	end();
}

/* What is folded already has taken the places that are not for the known ones. */
TEST(known_stations_find_a_place_beside_what_is_folded)
{
	u32 i;

	begin(10);
	for (i = 1; i <= 5; i++)
		count(0, i);
	l2pc_window_close(&counts, NULL);
	CHECK_EQ(counts.known, 5);
	for (i = 11; i <= 15; i++)
		count(0, i);
	l2pc_counts_rotate(&counts);
	CHECK_EQ(counts.open.unknown, 5);
	for (i = 21; i <= 25; i++)
		count(0, i);
	shim_tick(1);
	for (i = 1; i <= 5; i++)
		count(1, i);
	for (i = 1; i <= 5; i++)
		CHECK_EQ(packets(WINDOW, i), 1);
	for (i = 11; i <= 15; i++)
		CHECK_EQ(packets(WINDOW, i), 1);
	CHECK_EQ(view_total(&counts, WINDOW), 15);
	end();
}

/* With another bound others are known, and those hold no place of the others. */
TEST(another_bound_knows_others_of_what_is_folded)
{
	u32 i;

	begin(10);
	for (i = 1; i <= 10; i++) {
		count(0, i);
		shim_tick(1);
	}
	l2pc_window_close(&counts, NULL);
	CHECK_EQ(counts.known, 5);
	for (i = 1; i <= 10; i++)
		count(0, i);
	l2pc_counts_rotate(&counts);
	CHECK_EQ(counts.open.unknown, 5);
	l2pc_counts_set_max_stations(&counts, 100);
	CHECK_EQ(counts.known, 10);
	CHECK_EQ(counts.open.unknown, 0);
	for (i = 101; i <= 190; i++)
		count(0, i);
	CHECK_EQ(view_count(&counts, WINDOW), 100);
	end();
}

/* One place: who is silent has to leave it some day. */
TEST(one_place_is_given_up)
{
	int round;

	begin(1);
	count(0, 1);
	for (round = 0; round < 5; round++) {
		l2pc_window_close(&counts, NULL);
		shim_tick(1000);
		count(0, 2);
	}
	CHECK_EQ(packets(WINDOW, 2), 1);
	end();
}

/* --- time --- */

TEST(stamps_across_the_wrap_of_jiffies)
{
	struct l2pc_snapshot snapshot;
	const struct l2pc_station *station;
	u64 first, last;

	begin(100);
	shim_set_jiffies(0xfffffff0UL);
	shim_set_boottime(5000 * NSEC_PER_SEC);
	first = shim_boottime();
	count(0, 1);
	shim_tick(10);
	count(1, 1);
	shim_tick(10);
	last = shim_boottime();
	CHECK((u32)shim_jiffies() < 100);
	count(2, 1);
	shim_tick(3000);
	snapshot = view(&counts, WINDOW, ~0ULL);
	station = snapshot_find(&snapshot, station_key(1));
	CHECK_EQ(station->first_seen, first);
	CHECK_EQ(station->last_seen, last);
	l2pc_snapshot_free(&snapshot);
	l2pc_counts_rotate(&counts);
	/* A station of lifetime keeps its stamps for years. */
	l2pc_window_close(&counts, NULL);
	shim_set_jiffies(shim_jiffies() + 0xfffffffUL);
	shim_set_boottime(shim_boottime() + 0xfffffffUL * NS_PER_JIFFY);
	snapshot = view(&counts, LIFETIME, ~0ULL);
	station = snapshot_find(&snapshot, station_key(1));
	CHECK_EQ(station->first_seen, first);
	CHECK_EQ(station->last_seen, last);
	l2pc_snapshot_free(&snapshot);
	end();
}

/* Stamps of a live table that the owner sets after the clock was read. */
static void time_passes(void)
{
	if (shim_self()->softirq || unit_below(2))
		return;
	frame(&counts.writers, 1, station_key(1 + unit_below(9)));
	/* jiffies only: the boot time of the reading is taken. */
	shim_set_jiffies(shim_jiffies() + 1);
}

TEST(stamps_are_never_in_the_future)
{
	u32 i;

	begin(100);
	shim_set_jiffies(0xffffff00UL);
	for (i = 1; i <= 9; i++)
		count(1, i);
	shim_thread.point = time_passes;
	for (i = 0; i < 50; i++)
		view_total(&counts, WINDOW);
	end();
}

/* Who is silent was heard at the same moment, whenever one looks within a jiffy. */
TEST(a_stamp_is_one_moment)
{
	const u64 began = 5000 * NSEC_PER_SEC;
	struct l2pc_snapshot snapshot;
	u64 last = 0;
	u32 i;

	begin(100);
	shim_set_jiffies(0xffffff00UL);
	shim_set_boottime(began);
	count(0, 1);
	for (i = 0; i < 100; i++) {
		shim_set_jiffies(0xffffff00UL + i);
		/* The end of the jiffy, its begin, the middle. */
		shim_set_boottime(began + i * NS_PER_JIFFY + i % 3 * (NS_PER_JIFFY - 1) / 2);
		snapshot = view(&counts, WINDOW, ~0ULL);
		if (last)
			CHECK_EQ(snapshot.stations[0].last_seen, last);
		last = snapshot.stations[0].last_seen;
		l2pc_snapshot_free(&snapshot);
	}
	/* A suspended machine's jiffies stand still: the moment is reckoned anew. */
	shim_set_boottime(began + 3600 * NSEC_PER_SEC);
	snapshot = view(&counts, WINDOW, ~0ULL);
	CHECK(snapshot.stations[0].last_seen > last);
	CHECK(snapshot.stations[0].last_seen <= shim_boottime());
	l2pc_snapshot_free(&snapshot);
	end();
}

/* First seen on this port, whichever window is looked at. */
TEST(first_seen_is_kept_over_windows)
{
	struct l2pc_snapshot snapshot;
	u64 first;

	begin(100);
	count(0, 1);
	first = shim_boottime();
	l2pc_window_close(&counts, NULL);
	shim_tick(1000);
	count(0, 1);
	snapshot = view(&counts, WINDOW, ~0ULL);
	CHECK_EQ(snapshot_find(&snapshot, station_key(1))->first_seen, first);
	l2pc_snapshot_free(&snapshot);
	l2pc_window_close(&counts, NULL);
	snapshot = view(&counts, PREVIOUS, ~0ULL);
	CHECK_EQ(snapshot_find(&snapshot, station_key(1))->first_seen, first);
	l2pc_snapshot_free(&snapshot);
	end();
}

TEST(previous_was_opened_before_the_window)
{
	struct l2pc_snapshot snapshot;
	u64 opened = shim_boottime();

	begin(100);
	CHECK_EQ(counts.opened, opened);
	shim_tick(1000);
	l2pc_window_close(&counts, NULL);
	snapshot = view(&counts, PREVIOUS, ~0ULL);
	CHECK_EQ(snapshot.totals.opened, opened);
	l2pc_snapshot_free(&snapshot);
	end();
}

/* A grace period and a fold of some seconds pass while a window is closed. */
static void slow_machine(void)
{
	if (!shim_self()->softirq)
		shim_tick(1);
}

TEST(a_window_opens_when_its_tables_begin_to_count)
{
	struct l2pc_snapshot snapshot;
	u32 i;

	begin(100);
	for (i = 1; i <= 50; i++)
		count(0, i);
	shim_thread.point = slow_machine;
	l2pc_window_close(&counts, NULL);
	shim_thread.point = NULL;
	snapshot = view(&counts, PREVIOUS, ~0ULL);
	/* Reading 32 cells and freeing took longer than that. */
	CHECK(shim_boottime() - counts.opened > 10 * NS_PER_JIFFY);
	l2pc_snapshot_free(&snapshot);
	end();
}

/* A flood took the place of one that lifetime has: it was heard all the same. */
TEST(heard_without_a_place_is_not_idle)
{
	struct l2pc_snapshot snapshot;
	u64 last;
	u32 i;

	begin(4);
	for (i = 1; i <= 4; i++) {
		count(0, i);
		shim_tick(1);
	}
	l2pc_window_close(&counts, NULL);
	shim_tick(10 * HZ);
	count(0, 11);
	count(0, 12);
	shim_tick(1);
	count(1, 3);
	last = shim_boottime();
	CHECK(l2pc_counts_expire(&counts, NSEC_PER_SEC, NULL));
	snapshot = view(&counts, LIFETIME, ~0ULL);
	CHECK(!snapshot_find(&snapshot, station_key(4)));
	CHECK(snapshot_find(&snapshot, station_key(3)));
	CHECK_EQ(snapshot_find(&snapshot, station_key(3))->packets, 1);
	CHECK_EQ(snapshot_find(&snapshot, station_key(3))->last_seen, last);
	l2pc_snapshot_free(&snapshot);
	end();
}

/* --- changing the bound --- */

TEST(set_max_stations)
{
	u32 i, total = 0;

	begin(10);
	for (i = 1; i <= 100; i++)
		count(0, i);
	total += 100;
	CHECK_EQ(view_count(&counts, WINDOW), 10);
	/* A larger one holds at once. */
	l2pc_counts_set_max_stations(&counts, 1000);
	for (i = 201; i <= 300; i++)
		count(0, i);
	total += 100;
	CHECK(view_count(&counts, WINDOW) >= 110);
	CHECK_EQ(view_total(&counts, WINDOW), total);
	/* A smaller one from the next window on, and nothing is lost. */
	l2pc_counts_set_max_stations(&counts, 5);
	CHECK_EQ(view_total(&counts, WINDOW), total);
	CHECK_EQ(view_total(&counts, LIFETIME), total);
	l2pc_window_close(&counts, NULL);
	CHECK(view_count(&counts, LIFETIME) <= 5);
	CHECK_EQ(view_total(&counts, PREVIOUS), total);
	CHECK_EQ(view_total(&counts, LIFETIME), total);
	for (i = 301; i <= 400; i++) {
		count(1, i);
		shim_tick(1);
	}
	total += 100;
	CHECK(view_count(&counts, WINDOW) <= 5);
	l2pc_window_close(&counts, NULL);
	CHECK(view_count(&counts, PREVIOUS) <= 5);
	CHECK(view_count(&counts, LIFETIME) <= 5);
	CHECK_EQ(view_total(&counts, LIFETIME), total);
	end();
}

/* --- memory --- */

TEST(init_fails)
{
	shim_faults.nth = 1;
	CHECK(l2pc_counts_init(&counts, 8, 100, &ops) == -12);
	CHECK_EQ(shim_live(), 0);
}

TEST(snapshot_fails_whole)
{
	static const enum l2pc_view views[] = { WINDOW, PREVIOUS, LIFETIME };
	struct l2pc_snapshot snapshot;
	unsigned int v, nth;
	size_t live;
	u32 i;

	begin(1000);
	for (i = 0; i < 300; i++)
		count(i & 3, i);
	l2pc_window_close(&counts, NULL);
	for (i = 0; i < 300; i++)
		count(i & 3, 1000 + i);
	live = shim_live();
	for (v = 0; v < 3; v++)
		for (nth = 1; nth < 6; nth++) {
			shim_faults.nth = nth;
			if (!l2pc_snapshot_read(&counts, views[v], ~0ULL, &snapshot)) {
				CHECK_EQ(snapshot.totals.packets, views[v] == LIFETIME ? 600 : 300);
			} else {
				CHECK(!snapshot.stations && !snapshot.count);
				CHECK_EQ(shim_live(), live);
			}
			l2pc_snapshot_free(&snapshot);
			shim_faults.nth = 0;
		}
	CHECK_EQ(shim_live(), live);
	end();
}

/* Every allocation of a close, a rotate, a grow fails in turn: totals exact. */
TEST(each_allocation_fails_once)
{
	unsigned int nth;
	u32 i, operation;

	for (operation = 0; operation < 3; operation++)
		for (nth = 1; nth < 20; nth++) {
			begin(2000);
			for (i = 0; i < 1200; i++)
				count(i & 3, 1 + i % 600);
			l2pc_window_close(&counts, NULL);
			for (i = 0; i < 1200; i++)
				frame(&counts.writers, i & 3, station_key(300 + i % 600));
			shim_faults.nth = nth;
			if (operation == 0)
				l2pc_window_close(&counts, NULL);
			else if (operation == 1)
				l2pc_counts_rotate(&counts);
			else
				l2pc_counts_grow(&counts);
			shim_faults.nth = 0;
			for (i = 0; i < 1200; i++)
				count(i & 3, 600 + i % 600);
			CHECK_EQ(view_total(&counts, LIFETIME), 3600);
			CHECK_EQ(view_total(&counts, WINDOW), operation ? 2400 : 1200);
			CHECK_EQ(view_total(&counts, PREVIOUS), 1200);
			l2pc_window_close(&counts, NULL);
			CHECK_EQ(view_total(&counts, LIFETIME), 3600);
			end();
		}
}

/* A CPU that could not make its first table gets one from process context. */
TEST(grow_gives_a_first_table)
{
	begin(1000);
	shim_faults.atomic = true;
	count(0, 1);
	shim_tick(1);
	count(0, 1);
	/* The first frame had none, and asked. */
	CHECK_EQ(packets(WINDOW, 1), 1);
	shim_tick(1);
	count(0, 1);
	CHECK_EQ(packets(WINDOW, 1), 2);
	CHECK_EQ(view_total(&counts, WINDOW), 3);
	end();
}

/* Grow has put a table in place: it is bigger, and has room for all. */
TEST(grow_installs_and_folds)
{
	u32 i;

	begin(100000);
	for (i = 1; i <= LIMIT(32); i++)
		frame(&counts.writers, 0, station_key(i));
	shim_faults.atomic = true;
	for (; i <= HARD(32); i++)
		frame(&counts.writers, 0, station_key(i));
	l2pc_counts_grow(&counts);
	CHECK(per_cpu_ptr(counts.writers.percpu, 0)->active->bits >= 6);
	CHECK(!per_cpu_ptr(counts.writers.percpu, 0)->active->older);
	for (i = 1; i <= 40; i++)
		frame(&counts.writers, 0, station_key(i));
	CHECK_EQ(view_total(&counts, WINDOW), 40 + HARD(32));
	for (i = 1; i <= 40; i++)
		CHECK_EQ(packets(WINDOW, i), i <= HARD(32) ? 2 : 1);
	CHECK_EQ(counts.open.counters.untracked_packets, 0);
	end();
}

/* A spare has the seeds of the window it was made in, and that one's size. */
TEST(spares_go_with_their_window)
{
	u32 i;

	begin(100000);
	for (i = 1; i <= 20; i++)
		frame(&counts.writers, 0, station_key(i));
	l2pc_counts_grow(&counts);
	CHECK(per_cpu_ptr(counts.writers.percpu, 0)->spare);
	l2pc_window_close(&counts, NULL);
	CHECK(!per_cpu_ptr(counts.writers.percpu, 0)->spare);
	CHECK_EQ(view_total(&counts, LIFETIME), 20);
	end();
}

/* Lowering the bound gives back what lifetime no longer needs. */
TEST(lifetime_shrinks_with_the_bound)
{
	size_t before;
	u32 i;

	begin(50000);
	for (i = 0; i < 50000; i++)
		count(0, 1 + i);
	l2pc_window_close(&counts, NULL);
	l2pc_window_close(&counts, NULL);
	before = shim_live_bytes();
	l2pc_counts_set_max_stations(&counts, 100);
	l2pc_window_close(&counts, NULL);
	l2pc_window_close(&counts, NULL);
	CHECK(shim_live_bytes() < before / 4);
	end();
}

/* --- other CPUs count while it happens --- */

TEST(nothing_is_lost_while_others_count)
{
	u64 seed, closed;
	u32 i, own;

	for (seed = 0; seed < 100; seed++) {
		begin(1000);
		unit_seed(seed);
		shim_thread.point = others_count;
		closed = 0;
		own = 0;
		for (i = 0; i < 100; i++) {
			count(i & 3, 50 + unit_below(100));
			own++;
			switch (unit_below(12)) {
			case 0:
				l2pc_window_close(&counts, NULL);
				closed += view_total(&counts, PREVIOUS);
				break;
			case 1:
				l2pc_counts_rotate(&counts);
				break;
			case 2:
				l2pc_counts_grow(&counts);
				break;
			}
		}
		shim_thread.point = NULL;
		CHECK(intruders > 100);
		CHECK_EQ(view_total(&counts, LIFETIME), own + intruders);
		CHECK_EQ(view_total(&counts, WINDOW) + closed, own + intruders);
		CHECK_EQ(counts.base.untracked_packets, 0);
		end();
	}
}

/* What is read during a close is not in the next window's first reading. */
TEST(a_window_begins_empty)
{
	u32 i;

	begin(1000);
	for (i = 0; i < 500; i++)
		count(i & 3, i);
	shim_thread.point = others_count;
	for (i = 0; i < 50; i++) {
		u32 before = intruders;

		l2pc_window_close(&counts, NULL);
		CHECK(view_total(&counts, WINDOW) <= intruders - before);
	}
	end();
}

/* Rotating may be late: what it may be late by is days, not minutes. */
TEST(stamps_of_two_days_ago)
{
	struct l2pc_snapshot snapshot;
	u64 then = shim_boottime();

	begin(100);
	count(0, 1);
	shim_tick(2 * 24 * 3600 * HZ);
	snapshot = view(&counts, WINDOW, ~0ULL);
	CHECK_EQ(snapshot.count, 1);
	CHECK_EQ(snapshot.stations[0].first_seen, then);
	CHECK_EQ(snapshot.stations[0].last_seen, then);
	l2pc_snapshot_free(&snapshot);
	end();
}

/* A stamp is the same moment, early or late in a jiffy it is read. */
TEST(stamps_read_anywhere_in_a_jiffy)
{
	u64 began = shim_boottime(), seen = 0;
	struct l2pc_snapshot snapshot;
	int i;

	begin(100);
	count(0, 1);
	for (i = 1; i < 20; i++) {
		shim_tick(1);
		/* From late to early. */
		shim_set_boottime(began + i * NS_PER_JIFFY + (19 - i) * NS_PER_JIFFY / 20);
		snapshot = view(&counts, WINDOW, ~0ULL);
		CHECK_EQ(snapshot.count, 1);
		if (seen)
			CHECK_EQ(snapshot.stations[0].last_seen, seen);
		seen = snapshot.stations[0].last_seen;
		l2pc_snapshot_free(&snapshot);
	}
	end();
}
