// SPDX-License-Identifier: GPL-2.0
/* Windows, case by case: close, views, bounds, floods, eviction, timestamps. */
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
/* The flood is faster than the work item. */
static bool worker_late;

static void request_spare(struct l2pc_writers *writers)
{
	CHECK(writers == &counts.writers);
	spare_wanted = true;
}

static const struct l2pc_writers_ops ops = {
	.request_spare = request_spare,
	.request_scan = request_ignore,
};

/* Frames counted by other CPUs, wherever the code under test can be interrupted. */
static u32 intruders;

static void others_count(void)
{
	if (shim_self()->softirq || unit_below(4))
		return;
	intruders++;
	frame(&counts.writers, unit_below(SHIM_CPUS), station_key(unit_below(40)));
}

static void setup(u32 max_stations)
{
	unit_seed(max_stations);
	intruders = 0;
	spare_wanted = worker_late = false;
	CHECK_EQ(l2pc_counts_init(&counts, 5, max_stations, &ops), 0);
}

static void teardown(void)
{
	shim_thread.point = NULL;
	memset(&shim_faults, 0, sizeof(shim_faults));
	l2pc_counts_free(&counts);
	CHECK_EQ(shim_live(), 0);
}

static void count(int cpu, u32 station)
{
	frame(&counts.writers, cpu, station_key(station));
	/* The work item, as soon as it can run. */
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

	setup(1000);
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
	teardown();
}

TEST(rotate_changes_no_view)
{
	u32 i;

	setup(1000);
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
	teardown();
}

TEST(skipped_by_window)
{
	struct l2pc_snapshot snapshot;
	u32 i;

	setup(10);
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
	teardown();
}

TEST(malformed_by_window)
{
	struct l2pc_snapshot snapshot;
	u32 i;

	setup(10);
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
	teardown();
}

TEST(vlans_separate_and_added_up)
{
	u64 one = station_key(1), two = station_key(2);
	struct l2pc_snapshot snapshot;
	u32 vlan;
	int round;

	setup(1000);
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
	teardown();
}

/* Adding up VLANs can only need fewer slots. */
TEST(vlans_added_up_lose_no_station)
{
	struct l2pc_snapshot apart, together;
	u32 i;
	int round;

	setup(10);
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
	teardown();
}

/* --- bounds --- */

static const u32 bounds[] = { 1, 2, 3, 100, 1000 };

/* Every window has other stations; each CPU has all of them, or its own. */
TEST(archives_are_bounded)
{
	u32 b, round, i, total;

	for (b = 0; b < 5; b++) {
		u32 bound = bounds[b];

		setup(bound);
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
		teardown();
	}
}

TEST(lifetime_view_is_bounded)
{
	u32 i;

	setup(100);
	for (i = 0; i < 100; i++)
		count(0, 1 + i);
	l2pc_window_close(&counts, NULL);
	for (i = 0; i < 100; i++)
		count(0, 1001 + i);
	/* Up to max_stations of the open window, and of the closed ones. */
	CHECK_EQ(view_total(&counts, LIFETIME), 200);
	CHECK(view_count(&counts, LIFETIME) <= 200);
	l2pc_window_close(&counts, NULL);
	CHECK_EQ(view_total(&counts, LIFETIME), 200);
	CHECK(view_count(&counts, LIFETIME) <= 100);
	teardown();
}

/* Ten thousand new addresses: known stations are still counted exactly. */
static void flood(u32 known, u32 max_stations, int flood_cpu, int known_cpu,
		  bool late)
{
	u32 i, round, frames = 0;

	setup(max_stations);
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
	teardown();
}

TEST(known_stations_survive_a_flood)
{
	/* On the flood's CPU, in tables that were completely full. */
	flood(100, 1000, 0, 0, false);
	flood(100, 1000, 0, 0, true);
	flood(50, 100, 0, 0, false);
	flood(50, 100, 0, 0, true);
	flood(10, 5000, 0, 0, false);
	flood(10, 5000, 0, 0, true);
	/* On an idle CPU; the work item has time to make it a table. */
	flood(50, 100, 1, 1, false);
	/* On another CPU. */
	flood(50, 100, 0, 1, false);
}

TEST(known_stations_get_cells_on_an_idle_cpu)
{
	/* Its first table is the biggest immediately; or the third one is. */
	flood(50, 100, 1, 1, true);
	flood(100, 1000, 1, 1, true);
	flood(500, 1000, 1, 1, true);
}

/* Measure the average number of probes of 64 bytes to find a station, in 1/100. */
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

/* Placeholder cells are all over a table, even when not all stations have one. */
TEST(a_new_table_is_as_fast_as_an_old_one)
{
	struct l2pc_table *table;
	u32 i;

	setup(10000);
	for (i = 0; i < 8500; i++) {
		count(0, 1 + i);
		if (i == 4250)
			l2pc_counts_rotate(&counts);
	}
	l2pc_window_close(&counts, NULL);
	table = per_cpu_ptr(counts.writers.percpu, 0)->active;
	CHECK(table->used > 1000);
	CHECK(probes(table) < 160);
	teardown();
}

/* The flood continues while window.c makes a spare, and outgrows it. */
static size_t allocs_before;

static void flood_concurrently(void)
{
	u32 i;

	if (shim_self()->softirq || intruders || shim_allocs() == allocs_before)
		return;
	intruders = 300;
	for (i = 0; i < 300; i++)
		frame(&counts.writers, 0, station_key(200000 + i));
}

TEST(known_stations_survive_a_late_spare)
{
	u32 i;

	setup(100);
	for (i = 0; i < 20; i++) {
		count(0, 1 + i);
		shim_tick(1);
	}
	l2pc_window_close(&counts, NULL);
	worker_late = true;
	/* Placeholders in 32 cells; then tables of 64 and 128, the last one half full. */
	for (i = 0; i < LIMIT(32) - 20 + LIMIT(64) + 60; i++)
		count(0, 100000 + i);
	CHECK_EQ(per_cpu_ptr(counts.writers.percpu, 0)->active->bits, 7);
	for (i = 0; i < 20; i++)
		count(0, 1 + i);
	allocs_before = shim_allocs();
	shim_thread.point = flood_concurrently;
	l2pc_counts_grow(&counts);
	shim_thread.point = NULL;
	CHECK_EQ(intruders, 300);
	for (i = 0; i < 20; i++)
		count(0, 1 + i);
	for (i = 0; i < 20; i++)
		CHECK_EQ(packets(WINDOW, 1 + i), 2);
	teardown();
}

/* After a flood its window is closed, and its tables are freed. */
TEST(recovers_from_a_flood)
{
	size_t before, after;
	u32 i, round;

	setup(20000);
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
	/* The history still has the flood's stations, 40 bytes a slot; no table has them. */
	CHECK(after < before + 40 * 32768 + 20000 * 84);
	CHECK_EQ(packets(WINDOW, 1), 1);
	CHECK_EQ(packets(LIFETIME, 1), 6);
	teardown();
}

TEST(idle_longest_are_evicted_first)
{
	u32 i;

	setup(10);
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
	/* 2 and 3 have been idle longest: 1 sent another frame. */
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
	teardown();
}

/* As in a busy network, all have frames in the last jiffy. One slot is missing. */
static void one_too_many(void)
{
	u32 i;

	setup(10);
	for (i = 1; i <= 10; i++)
		count(0, i);
	l2pc_window_close(&counts, NULL);
	for (i = 2; i <= 11; i++)
		count(1, i);
	l2pc_window_close(&counts, NULL);
}

TEST(evicts_only_the_excess)
{
	one_too_many();
	CHECK_EQ(view_count(&counts, LIFETIME), 10);
	teardown();
}

TEST(evicted_stations_are_counted_once)
{
	one_too_many();
	CHECK_EQ(view_total(&counts, LIFETIME), 20);
	teardown();
}

/*
 * The same without equal timestamps: a lower bound evicts stations that were in the
 * closed window.
 */
TEST(stations_evicted_by_a_lower_bound_are_counted_once)
{
	u32 i, round;

	setup(10);
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
	teardown();
}

/* All were first seen in the same jiffy: half of them must be known nevertheless. */
TEST(known_with_equal_timestamps)
{
	u32 i;

	setup(10);
	for (i = 1; i <= 8; i++)
		count(0, i);
	l2pc_window_close(&counts, NULL);
	CHECK(counts.known >= 4);
	CHECK(counts.known <= 5);
	teardown();
}

TEST(half_is_known_at_most)
{
	u32 i;

	setup(11);
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
	teardown();
}

/* Folded stations have taken all slots that are not for known ones. */
TEST(known_stations_get_slots_next_to_folded_ones)
{
	u32 i;

	setup(10);
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
	teardown();
}

/* Another bound changes the known stations, and thus the slots left for others. */
TEST(another_bound_recounts_folded_stations)
{
	u32 i;

	setup(10);
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
	teardown();
}

/* A single slot: an idle station is evicted from it. */
TEST(a_single_slot_is_reused)
{
	int round;

	setup(1);
	count(0, 1);
	for (round = 0; round < 5; round++) {
		l2pc_window_close(&counts, NULL);
		shim_tick(1000);
		count(0, 2);
	}
	CHECK_EQ(packets(WINDOW, 2), 1);
	teardown();
}

/* --- time --- */

TEST(timestamps_across_the_wrap_of_jiffies)
{
	struct l2pc_snapshot snapshot;
	const struct l2pc_station *station;
	u64 first, last;

	setup(100);
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
	/* A station of the history keeps its timestamps for years. */
	l2pc_window_close(&counts, NULL);
	shim_set_jiffies(shim_jiffies() + 0xfffffffUL);
	shim_set_boottime(shim_boottime() + 0xfffffffUL * NS_PER_JIFFY);
	snapshot = view(&counts, LIFETIME, ~0ULL);
	station = snapshot_find(&snapshot, station_key(1));
	CHECK_EQ(station->first_seen, first);
	CHECK_EQ(station->last_seen, last);
	l2pc_snapshot_free(&snapshot);
	teardown();
}

/* The owner sets timestamps of a live table after the clock was read. */
static void time_passes(void)
{
	if (shim_self()->softirq || unit_below(2))
		return;
	frame(&counts.writers, 1, station_key(1 + unit_below(9)));
	/* Only jiffies: the reading has its boot time already. */
	shim_set_jiffies(shim_jiffies() + 1);
}

TEST(timestamps_are_never_in_the_future)
{
	u32 i;

	setup(100);
	shim_set_jiffies(0xffffff00UL);
	for (i = 1; i <= 9; i++)
		count(1, i);
	shim_thread.point = time_passes;
	for (i = 0; i < 50; i++)
		view_total(&counts, WINDOW);
	teardown();
}

/* An idle station's last_seen is the same, at whatever time within a jiffy it is read. */
TEST(a_timestamp_converts_to_a_constant_time)
{
	const u64 start = 5000 * NSEC_PER_SEC;
	struct l2pc_snapshot snapshot;
	u64 last = 0;
	u32 i;

	setup(100);
	shim_set_jiffies(0xffffff00UL);
	shim_set_boottime(start);
	count(0, 1);
	for (i = 0; i < 100; i++) {
		shim_set_jiffies(0xffffff00UL + i);
		/* The end of the jiffy, its start, its middle. */
		shim_set_boottime(start + i * NS_PER_JIFFY + i % 3 * (NS_PER_JIFFY - 1) / 2);
		snapshot = view(&counts, WINDOW, ~0ULL);
		if (last)
			CHECK_EQ(snapshot.stations[0].last_seen, last);
		last = snapshot.stations[0].last_seen;
		l2pc_snapshot_free(&snapshot);
	}
	/* jiffies stop in a suspend: the offset is renewed. */
	shim_set_boottime(start + 3600 * NSEC_PER_SEC);
	snapshot = view(&counts, WINDOW, ~0ULL);
	CHECK(snapshot.stations[0].last_seen > last);
	CHECK(snapshot.stations[0].last_seen <= shim_boottime());
	l2pc_snapshot_free(&snapshot);
	teardown();
}

/* First seen on this port, in each window. */
TEST(first_seen_is_kept_over_windows)
{
	struct l2pc_snapshot snapshot;
	u64 first;

	setup(100);
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
	teardown();
}

TEST(previous_was_opened_before_the_window)
{
	struct l2pc_snapshot snapshot;
	u64 opened = shim_boottime();

	setup(100);
	CHECK_EQ(counts.opened, opened);
	shim_tick(1000);
	l2pc_window_close(&counts, NULL);
	snapshot = view(&counts, PREVIOUS, ~0ULL);
	CHECK_EQ(snapshot.totals.opened, opened);
	l2pc_snapshot_free(&snapshot);
	teardown();
}

/* A grace period and a fold take some seconds while a window is closed. */
static void slow_machine(void)
{
	if (!shim_self()->softirq)
		shim_tick(1);
}

TEST(a_window_opens_when_its_tables_start_to_count)
{
	struct l2pc_snapshot snapshot;
	u32 i;

	setup(100);
	for (i = 1; i <= 50; i++)
		count(0, i);
	shim_thread.point = slow_machine;
	l2pc_window_close(&counts, NULL);
	shim_thread.point = NULL;
	snapshot = view(&counts, PREVIOUS, ~0ULL);
	/* Reading 32 cells and freeing took longer than 10 jiffies. */
	CHECK(shim_boottime() - counts.opened > 10 * NS_PER_JIFFY);
	l2pc_snapshot_free(&snapshot);
	teardown();
}

/* A flood took the slot of a station of the history, which still sent frames. */
TEST(counted_without_a_slot_is_not_idle)
{
	struct l2pc_snapshot snapshot;
	u64 last;
	u32 i;

	setup(4);
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
	teardown();
}

/* --- changing the bound --- */

TEST(set_max_stations)
{
	u32 i, total = 0;

	setup(10);
	for (i = 1; i <= 100; i++)
		count(0, i);
	total += 100;
	CHECK_EQ(view_count(&counts, WINDOW), 10);
	/* A larger bound applies immediately. */
	l2pc_counts_set_max_stations(&counts, 1000);
	for (i = 201; i <= 300; i++)
		count(0, i);
	total += 100;
	CHECK(view_count(&counts, WINDOW) >= 110);
	CHECK_EQ(view_total(&counts, WINDOW), total);
	/* A smaller bound applies from the next window on, and no frame is lost. */
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
	teardown();
}

/* --- memory --- */

TEST(init_fails)
{
	shim_faults.nth = 1;
	CHECK(l2pc_counts_init(&counts, 8, 100, &ops) == -12);
	CHECK_EQ(shim_live(), 0);
}

TEST(snapshot_fails_completely)
{
	static const enum l2pc_view views[] = { WINDOW, PREVIOUS, LIFETIME };
	struct l2pc_snapshot snapshot;
	unsigned int v, nth;
	size_t live;
	u32 i;

	setup(1000);
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
	teardown();
}

/* Each allocation of a close, a rotate, a grow fails in turn: the totals are exact. */
TEST(each_allocation_fails_once)
{
	unsigned int nth;
	u32 i, operation;

	for (operation = 0; operation < 3; operation++)
		for (nth = 1; nth < 20; nth++) {
			setup(2000);
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
			teardown();
		}
}

/* After a failed first allocation a CPU gets its table from process context. */
TEST(grow_gives_a_first_table)
{
	setup(1000);
	shim_faults.atomic = true;
	count(0, 1);
	shim_tick(1);
	count(0, 1);
	/* The first frame had no table, and requested one. */
	CHECK_EQ(packets(WINDOW, 1), 1);
	shim_tick(1);
	count(0, 1);
	CHECK_EQ(packets(WINDOW, 1), 2);
	CHECK_EQ(view_total(&counts, WINDOW), 3);
	teardown();
}

/* Grow installs a table: it is bigger, and has cells for all. */
TEST(grow_installs_and_folds)
{
	u32 i;

	setup(100000);
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
	teardown();
}

/* A spare has the placeholders and the size of its window. */
TEST(spares_are_freed_with_their_window)
{
	u32 i;

	setup(100000);
	for (i = 1; i <= 20; i++)
		frame(&counts.writers, 0, station_key(i));
	l2pc_counts_grow(&counts);
	CHECK(per_cpu_ptr(counts.writers.percpu, 0)->spare);
	l2pc_window_close(&counts, NULL);
	CHECK(!per_cpu_ptr(counts.writers.percpu, 0)->spare);
	CHECK_EQ(view_total(&counts, LIFETIME), 20);
	teardown();
}

/* Lowering the bound frees memory of the history. */
TEST(the_history_shrinks_with_the_bound)
{
	size_t before;
	u32 i;

	setup(50000);
	for (i = 0; i < 50000; i++)
		count(0, 1 + i);
	l2pc_window_close(&counts, NULL);
	l2pc_window_close(&counts, NULL);
	before = shim_live_bytes();
	l2pc_counts_set_max_stations(&counts, 100);
	l2pc_window_close(&counts, NULL);
	l2pc_window_close(&counts, NULL);
	CHECK(shim_live_bytes() < before / 4);
	teardown();
}

/* --- other CPUs count concurrently --- */

TEST(no_frame_is_lost_while_other_cpus_count)
{
	u64 seed, closed;
	u32 i, own;

	for (seed = 0; seed < 100; seed++) {
		setup(1000);
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
		teardown();
	}
}

/* Frames counted before a close are not in the next window's first reading. */
TEST(a_window_starts_empty)
{
	u32 i;

	setup(1000);
	for (i = 0; i < 500; i++)
		count(i & 3, i);
	shim_thread.point = others_count;
	for (i = 0; i < 50; i++) {
		u32 before = intruders;

		l2pc_window_close(&counts, NULL);
		CHECK(view_total(&counts, WINDOW) <= intruders - before);
	}
	teardown();
}

/* Rotating may be late by days. */
TEST(timestamps_of_two_days_ago)
{
	struct l2pc_snapshot snapshot;
	u64 then = shim_boottime();

	setup(100);
	count(0, 1);
	shim_tick(2 * 24 * 3600 * HZ);
	snapshot = view(&counts, WINDOW, ~0ULL);
	CHECK_EQ(snapshot.count, 1);
	CHECK_EQ(snapshot.stations[0].first_seen, then);
	CHECK_EQ(snapshot.stations[0].last_seen, then);
	l2pc_snapshot_free(&snapshot);
	teardown();
}

/* A timestamp converts to the same time, whenever in a jiffy it is read. */
TEST(timestamps_read_anywhere_in_a_jiffy)
{
	u64 start = shim_boottime(), seen = 0;
	struct l2pc_snapshot snapshot;
	int i;

	setup(100);
	count(0, 1);
	for (i = 1; i < 20; i++) {
		shim_tick(1);
		/* From late to early. */
		shim_set_boottime(start + i * NS_PER_JIFFY + (19 - i) * NS_PER_JIFFY / 20);
		snapshot = view(&counts, WINDOW, ~0ULL);
		CHECK_EQ(snapshot.count, 1);
		if (seen)
			CHECK_EQ(snapshot.stations[0].last_seen, seen);
		seen = snapshot.stations[0].last_seen;
		l2pc_snapshot_free(&snapshot);
	}
	teardown();
}
