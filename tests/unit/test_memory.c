// SPDX-License-Identifier: GPL-2.0
/* Memory of windows: allocations that fail, spares, and what is freed. */
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <string.h>

#include "fixture.h"

TEST(init_fails)
{
	shim_faults.nth = 1;
	CHECK(l2pc_counts_init(&counts, 8, 100, &window_ops) == -12);
	CHECK_EQ(shim_live(), 0);
}

TEST(snapshot_fails_completely)
{
	static const enum l2pc_view views[] = { WINDOW, PREVIOUS, LIFETIME };
	struct l2pc_snapshot snapshot;
	unsigned int v, nth;
	size_t live;
	u32 i;

	window_setup(1000);
	for (i = 0; i < 300; i++)
		window_count(i & 3, i);
	l2pc_window_close(&counts, NULL);
	for (i = 0; i < 300; i++)
		window_count(i & 3, 1000 + i);
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
	window_teardown();
}

/* Each allocation of close, rotate and grow fails in turn: the totals are exact. */
TEST(each_allocation_fails_once)
{
	unsigned int nth;
	u32 i, operation;

	for (operation = 0; operation < 3; operation++)
		for (nth = 1; nth < 20; nth++) {
			window_setup(2000);
			for (i = 0; i < 1200; i++)
				window_count(i & 3, 1 + i % 600);
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
				window_count(i & 3, 600 + i % 600);
			CHECK_EQ(view_total(&counts, LIFETIME), 3600);
			CHECK_EQ(view_total(&counts, WINDOW), operation ? 2400 : 1200);
			CHECK_EQ(view_total(&counts, PREVIOUS), 1200);
			l2pc_window_close(&counts, NULL);
			CHECK_EQ(view_total(&counts, LIFETIME), 3600);
			window_teardown();
		}
}

/* After a failed first allocation a CPU gets its table from process context. */
TEST(grow_gives_a_first_table)
{
	window_setup(1000);
	shim_faults.atomic = true;
	window_count(0, 1);
	shim_tick(1);
	window_count(0, 1);
	/* The first frame found no table, and requested one. */
	CHECK_EQ(window_packets(WINDOW, 1), 1);
	shim_tick(1);
	window_count(0, 1);
	CHECK_EQ(window_packets(WINDOW, 1), 2);
	CHECK_EQ(view_total(&counts, WINDOW), 3);
	window_teardown();
}

/* Grow installs a table: it is bigger, and has cells for all. */
TEST(grow_installs_and_folds)
{
	u32 i;

	window_setup(100000);
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
		CHECK_EQ(window_packets(WINDOW, i), i <= HARD(32) ? 2 : 1);
	CHECK_EQ(counts.open.counters.untracked_packets, 0);
	window_teardown();
}

/* A spare has the placeholders and the size of its window. */
TEST(spares_are_freed_with_their_window)
{
	u32 i;

	window_setup(100000);
	for (i = 1; i <= 20; i++)
		frame(&counts.writers, 0, station_key(i));
	l2pc_counts_grow(&counts);
	CHECK(per_cpu_ptr(counts.writers.percpu, 0)->spare);
	l2pc_window_close(&counts, NULL);
	CHECK(!per_cpu_ptr(counts.writers.percpu, 0)->spare);
	CHECK_EQ(view_total(&counts, LIFETIME), 20);
	window_teardown();
}

/* Lowering the bound frees memory of the history. */
TEST(the_history_shrinks_with_the_bound)
{
	size_t before;
	u32 i;

	window_setup(50000);
	for (i = 0; i < 50000; i++)
		window_count(0, 1 + i);
	l2pc_window_close(&counts, NULL);
	l2pc_window_close(&counts, NULL);
	before = shim_live_bytes();
	l2pc_counts_set_max_stations(&counts, 100);
	l2pc_window_close(&counts, NULL);
	l2pc_window_close(&counts, NULL);
	CHECK(shim_live_bytes() < before / 4);
	window_teardown();
}
