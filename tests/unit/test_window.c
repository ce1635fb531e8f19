// SPDX-License-Identifier: GPL-2.0
/* Windows: close, rotate, views, VLANs, and counting after each. */
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <string.h>

#include "fixture.h"

TEST(close_opens_the_next)
{
	struct l2pc_snapshot snapshot;

	window_setup(1000);
	window_count(0, 1);
	window_count(1, 1);
	window_count(2, 2);
	CHECK_EQ(window_packets(WINDOW, 1), 2);
	CHECK_EQ(window_packets(LIFETIME, 1), 2);
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
	window_count(3, 1);
	CHECK_EQ(window_packets(WINDOW, 1), 1);
	CHECK_EQ(window_packets(PREVIOUS, 1), 2);
	CHECK_EQ(window_packets(LIFETIME, 1), 3);
	l2pc_window_close(&counts, NULL);
	CHECK_EQ(window_packets(PREVIOUS, 1), 1);
	CHECK_EQ(window_packets(PREVIOUS, 2), 0);
	CHECK_EQ(window_packets(LIFETIME, 1), 3);
	l2pc_window_close(&counts, NULL);
	CHECK_EQ(view_total(&counts, PREVIOUS), 0);
	CHECK_EQ(view_total(&counts, LIFETIME), 4);
	window_teardown();
}

TEST(rotate_changes_no_view)
{
	u32 i;

	window_setup(1000);
	for (i = 0; i < 3000; i++) {
		window_count(i & 3, 1 + i % 600);
		if (i % 97 == 0)
			l2pc_counts_rotate(&counts);
		if (i % 1000 == 500)
			l2pc_window_close(&counts, NULL);
	}
	CHECK_EQ(view_total(&counts, WINDOW), 499);
	CHECK_EQ(view_total(&counts, PREVIOUS), 1000);
	CHECK_EQ(view_total(&counts, LIFETIME), 3000);
	for (i = 1; i <= 600; i++)
		CHECK_EQ(window_packets(LIFETIME, i), 5);
	CHECK_EQ(counts.id, 4);
	window_teardown();
}

TEST(skipped_by_window)
{
	struct l2pc_snapshot snapshot;
	u32 i;

	window_setup(10);
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
	window_teardown();
}

TEST(malformed_by_window)
{
	struct l2pc_snapshot snapshot;
	u32 i;

	window_setup(10);
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
	window_teardown();
}

TEST(vlans_separate_and_added_up)
{
	u64 one = station_key(1), two = station_key(2);
	struct l2pc_snapshot snapshot;
	u32 vlan;
	int round;

	window_setup(1000);
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
	window_teardown();
}

/* Adding up VLANs can only need fewer slots. */
TEST(vlans_added_up_lose_no_station)
{
	struct l2pc_snapshot apart, together;
	u32 i;
	int round;

	window_setup(10);
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
	window_teardown();
}

TEST(no_frame_is_lost_while_other_cpus_count)
{
	u64 seed, closed;
	u32 i, own;

	for (seed = 0; seed < 100; seed++) {
		window_setup(1000);
		unit_seed(seed);
		shim_thread.point = window_others_count;
		closed = 0;
		own = 0;
		for (i = 0; i < 100; i++) {
			window_count(i & 3, 50 + unit_below(100));
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
		CHECK(window_intruders > 100);
		CHECK_EQ(view_total(&counts, LIFETIME), own + window_intruders);
		CHECK_EQ(view_total(&counts, WINDOW) + closed, own + window_intruders);
		CHECK_EQ(counts.base.untracked_packets, 0);
		window_teardown();
	}
}

/* Frames counted before a close are not in the next window's first reading. */
TEST(a_window_starts_empty)
{
	u32 i;

	window_setup(1000);
	for (i = 0; i < 500; i++)
		window_count(i & 3, i);
	shim_thread.point = window_others_count;
	for (i = 0; i < 50; i++) {
		u32 before = window_intruders;

		l2pc_window_close(&counts, NULL);
		CHECK(view_total(&counts, WINDOW) <= window_intruders - before);
	}
	window_teardown();
}
