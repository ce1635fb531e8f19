// SPDX-License-Identifier: GPL-2.0
/* More stations than a window may have: known stations keep their cells. */
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <string.h>

#include "fixture.h"

/* Ten thousand new addresses: known stations are still counted exactly. */
static void flood(u32 known, u32 max_stations, int flood_cpu, int known_cpu,
		  bool late)
{
	u32 i, round, frames = 0;

	window_setup(max_stations);
	for (i = 0; i < known; i++) {
		window_count(0, 1 + i);
		shim_tick(1);
	}
	l2pc_window_close(&counts, NULL);
	for (i = 0; i < known; i++)
		window_count(0, 1 + i);
	for (round = 0; round < 3; round++) {
		l2pc_window_close(&counts, NULL);
		window_worker_late = late;
		for (i = 0; i < 10000; i++) {
			window_count(flood_cpu, 100000 * (round + 1) + i);
			frames++;
			if (i % 100 == 0)
				shim_tick(1);
		}
		window_worker_late = false;
		for (i = 0; i < known; i++)
			window_count(known_cpu, 1 + i);
		frames += known;
		CHECK_EQ(view_total(&counts, WINDOW), 10000 + known);
		for (i = 0; i < known; i++)
			CHECK_EQ(window_packets(WINDOW, 1 + i), 1);
	}
	l2pc_window_close(&counts, NULL);
	CHECK_EQ(view_total(&counts, LIFETIME), frames + 2 * known);
	for (i = 0; i < known; i++)
		CHECK_EQ(window_packets(LIFETIME, 1 + i), 5);
	window_teardown();
}

TEST(known_stations_survive_a_flood)
{
	/* Known stations on the flood's CPU, whose tables were completely full. */
	flood(100, 1000, 0, 0, false);
	flood(100, 1000, 0, 0, true);
	flood(50, 100, 0, 0, false);
	flood(50, 100, 0, 0, true);
	flood(10, 5000, 0, 0, false);
	flood(10, 5000, 0, 0, true);
	/* Known stations on an idle CPU: the work item has time to make it a table. */
	flood(50, 100, 1, 1, false);
	/* Known stations on another CPU. */
	flood(50, 100, 0, 1, false);
}

TEST(known_stations_get_cells_on_an_idle_cpu)
{
	/* The CPU's first table has the maximum size immediately, or the third table has. */
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

	window_setup(10000);
	for (i = 0; i < 8500; i++) {
		window_count(0, 1 + i);
		if (i == 4250)
			l2pc_counts_rotate(&counts);
	}
	l2pc_window_close(&counts, NULL);
	table = per_cpu_ptr(counts.writers.percpu, 0)->active;
	CHECK(table->used > 1000);
	CHECK(probes(table) < 160);
	window_teardown();
}

/* The flood continues while window.c makes a spare, and outgrows it. */
static size_t allocs_before;

static void flood_concurrently(void)
{
	u32 i;

	if (shim_self()->softirq || window_intruders || shim_allocs() == allocs_before)
		return;
	window_intruders = 300;
	for (i = 0; i < 300; i++)
		frame(&counts.writers, 0, station_key(200000 + i));
}

TEST(known_stations_survive_a_late_spare)
{
	u32 i;

	window_setup(100);
	for (i = 0; i < 20; i++) {
		window_count(0, 1 + i);
		shim_tick(1);
	}
	l2pc_window_close(&counts, NULL);
	window_worker_late = true;
	/* Placeholders in 32 cells; then tables of 64 and 128, the last one half full. */
	for (i = 0; i < LIMIT(32) - 20 + LIMIT(64) + 60; i++)
		window_count(0, 100000 + i);
	CHECK_EQ(per_cpu_ptr(counts.writers.percpu, 0)->active->bits, 7);
	for (i = 0; i < 20; i++)
		window_count(0, 1 + i);
	allocs_before = shim_allocs();
	shim_thread.point = flood_concurrently;
	l2pc_counts_grow(&counts);
	shim_thread.point = NULL;
	CHECK_EQ(window_intruders, 300);
	for (i = 0; i < 20; i++)
		window_count(0, 1 + i);
	for (i = 0; i < 20; i++)
		CHECK_EQ(window_packets(WINDOW, 1 + i), 2);
	window_teardown();
}

/* After a flood its window is closed, and its tables are freed. */
TEST(recovers_from_a_flood)
{
	size_t before, after;
	u32 i, round;

	window_setup(20000);
	for (i = 0; i < 100; i++)
		window_count(0, 1 + i);
	l2pc_window_close(&counts, NULL);
	for (i = 0; i < 100; i++)
		window_count(0, 1 + i);
	before = shim_live_bytes();
	for (i = 0; i < 30000; i++)
		window_count(0, 1000 + i);
	for (round = 0; round < 3; round++) {
		for (i = 0; i < 100; i++)
			window_count(0, 1 + i);
		l2pc_window_close(&counts, NULL);
	}
	for (i = 0; i < 100; i++)
		window_count(0, 1 + i);
	after = shim_live_bytes();
	/* The history still has the flood's stations, 40 bytes a slot; no table has them. */
	CHECK(after < before + 40 * 32768 + 20000 * 84);
	CHECK_EQ(window_packets(WINDOW, 1), 1);
	CHECK_EQ(window_packets(LIFETIME, 1), 6);
	window_teardown();
}
