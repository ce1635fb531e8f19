// SPDX-License-Identifier: GPL-2.0
/* The bound of a window: evictions, and a bound that changes. */
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <string.h>

#include "fixture.h"

static const u32 bounds[] = { 1, 2, 3, 100, 1000 };

/* Every window has different stations. Each CPU has all of them, or its own. */
TEST(archives_are_bounded)
{
	u32 b, round, i, total;

	for (b = 0; b < 5; b++) {
		u32 bound = bounds[b];

		window_setup(bound);
		total = 0;
		for (round = 0; round < 6; round++) {
			u32 stations = bound * (1 + round % 3) + 3;

			for (i = 0; i < stations; i++) {
				window_count(i & 3, 1 + round * 5000 + i);
				window_count(0, 1 + round * 5000 + i);
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
		window_teardown();
	}
}

TEST(lifetime_view_is_bounded)
{
	u32 i;

	window_setup(100);
	for (i = 0; i < 100; i++)
		window_count(0, 1 + i);
	l2pc_window_close(&counts, NULL);
	for (i = 0; i < 100; i++)
		window_count(0, 1001 + i);
	/* Up to max_stations of the open window, and of the closed ones. */
	CHECK_EQ(view_total(&counts, LIFETIME), 200);
	CHECK(view_count(&counts, LIFETIME) <= 200);
	l2pc_window_close(&counts, NULL);
	CHECK_EQ(view_total(&counts, LIFETIME), 200);
	CHECK(view_count(&counts, LIFETIME) <= 100);
	window_teardown();
}

TEST(idle_longest_are_evicted_first)
{
	u32 i;

	window_setup(10);
	for (i = 1; i <= 8; i++) {
		window_count(0, i);
		shim_tick(10);
	}
	window_count(0, 1);
	l2pc_window_close(&counts, NULL);
	shim_tick(10);
	for (i = 11; i <= 14; i++) {
		window_count(0, i);
		shim_tick(10);
	}
	l2pc_window_close(&counts, NULL);
	/* 2 and 3 have been idle longest: 1 sent another frame. */
	CHECK_EQ(window_packets(LIFETIME, 1), 2);
	CHECK_EQ(window_packets(LIFETIME, 2), 0);
	CHECK_EQ(window_packets(LIFETIME, 3), 0);
	for (i = 4; i <= 8; i++)
		CHECK_EQ(window_packets(LIFETIME, i), 1);
	for (i = 11; i <= 14; i++)
		CHECK_EQ(window_packets(LIFETIME, i), 1);
	CHECK_EQ(view_count(&counts, LIFETIME), 10);
	CHECK_EQ(view_total(&counts, LIFETIME), 13);
	CHECK_EQ(counts.history.counters.untracked_packets, 2);
	window_teardown();
}

/* As in a busy network, all stations have frames in the last jiffy. One slot is missing. */
static void one_too_many(void)
{
	u32 i;

	window_setup(10);
	for (i = 1; i <= 10; i++)
		window_count(0, i);
	l2pc_window_close(&counts, NULL);
	for (i = 2; i <= 11; i++)
		window_count(1, i);
	l2pc_window_close(&counts, NULL);
}

TEST(evicts_only_the_excess)
{
	one_too_many();
	CHECK_EQ(view_count(&counts, LIFETIME), 10);
	window_teardown();
}

TEST(evicted_stations_are_counted_once)
{
	one_too_many();
	CHECK_EQ(view_total(&counts, LIFETIME), 20);
	window_teardown();
}

/*
 * The same without equal timestamps: a lower bound evicts stations that were in the
 * closed window.
 */
TEST(stations_evicted_by_a_lower_bound_are_counted_once)
{
	u32 i, round;

	window_setup(10);
	for (round = 0; round < 2; round++) {
		for (i = 1; i <= 10; i++) {
			window_count(0, i);
			shim_tick(1);
		}
		if (round) {
			l2pc_counts_rotate(&counts);
			l2pc_counts_set_max_stations(&counts, 5);
		}
		l2pc_window_close(&counts, NULL);
	}
	CHECK_EQ(view_total(&counts, LIFETIME), 20);
	window_teardown();
}

/* All were first seen in the same jiffy: half of them must be known nevertheless. */
TEST(known_with_equal_timestamps)
{
	u32 i;

	window_setup(10);
	for (i = 1; i <= 8; i++)
		window_count(0, i);
	l2pc_window_close(&counts, NULL);
	CHECK(counts.known >= 4);
	CHECK(counts.known <= 5);
	window_teardown();
}

TEST(half_is_known_at_most)
{
	u32 i;

	window_setup(11);
	for (i = 1; i <= 9; i++) {
		window_count(0, i);
		shim_tick(1);
	}
	l2pc_window_close(&counts, NULL);
	CHECK_EQ(counts.known, 6);
	l2pc_counts_set_max_stations(&counts, 100);
	CHECK_EQ(counts.known, 9);
	l2pc_counts_set_max_stations(&counts, 5);
	CHECK_EQ(counts.known, 3);
	window_teardown();
}

/* Folded stations have taken all slots that are not for known ones. */
TEST(known_stations_get_slots_next_to_folded_ones)
{
	u32 i;

	window_setup(10);
	for (i = 1; i <= 5; i++)
		window_count(0, i);
	l2pc_window_close(&counts, NULL);
	CHECK_EQ(counts.known, 5);
	for (i = 11; i <= 15; i++)
		window_count(0, i);
	l2pc_counts_rotate(&counts);
	CHECK_EQ(counts.open.unknown, 5);
	for (i = 21; i <= 25; i++)
		window_count(0, i);
	shim_tick(1);
	for (i = 1; i <= 5; i++)
		window_count(1, i);
	for (i = 1; i <= 5; i++)
		CHECK_EQ(window_packets(WINDOW, i), 1);
	for (i = 11; i <= 15; i++)
		CHECK_EQ(window_packets(WINDOW, i), 1);
	CHECK_EQ(view_total(&counts, WINDOW), 15);
	window_teardown();
}

/* Another bound changes the known stations, and thus the slots left for others. */
TEST(another_bound_recounts_folded_stations)
{
	u32 i;

	window_setup(10);
	for (i = 1; i <= 10; i++) {
		window_count(0, i);
		shim_tick(1);
	}
	l2pc_window_close(&counts, NULL);
	CHECK_EQ(counts.known, 5);
	for (i = 1; i <= 10; i++)
		window_count(0, i);
	l2pc_counts_rotate(&counts);
	CHECK_EQ(counts.open.unknown, 5);
	l2pc_counts_set_max_stations(&counts, 100);
	CHECK_EQ(counts.known, 10);
	CHECK_EQ(counts.open.unknown, 0);
	for (i = 101; i <= 190; i++)
		window_count(0, i);
	CHECK_EQ(view_count(&counts, WINDOW), 100);
	window_teardown();
}

/* A single slot: an idle station is evicted from it. */
TEST(a_single_slot_is_reused)
{
	int round;

	window_setup(1);
	window_count(0, 1);
	for (round = 0; round < 5; round++) {
		l2pc_window_close(&counts, NULL);
		shim_tick(1000);
		window_count(0, 2);
	}
	CHECK_EQ(window_packets(WINDOW, 2), 1);
	window_teardown();
}

TEST(set_max_stations)
{
	u32 i, total = 0;

	window_setup(10);
	for (i = 1; i <= 100; i++)
		window_count(0, i);
	total += 100;
	CHECK_EQ(view_count(&counts, WINDOW), 10);
	/* A larger bound applies immediately. */
	l2pc_counts_set_max_stations(&counts, 1000);
	for (i = 201; i <= 300; i++)
		window_count(0, i);
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
		window_count(1, i);
		shim_tick(1);
	}
	total += 100;
	CHECK(view_count(&counts, WINDOW) <= 5);
	l2pc_window_close(&counts, NULL);
	CHECK(view_count(&counts, PREVIOUS) <= 5);
	CHECK(view_count(&counts, LIFETIME) <= 5);
	CHECK_EQ(view_total(&counts, LIFETIME), total);
	window_teardown();
}
