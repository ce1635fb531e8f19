// SPDX-License-Identifier: GPL-2.0
/* Both directions: a cell for each, one station for both, one bound, one window. */
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <string.h>

#include "fixture.h"

static void setup(u32 max_stations)
{
	window_setup(max_stations);
	l2pc_counts_set_tx(&counts, true);
}

/* Count a frame sent to a station. The work item runs when it is requested. */
static void send(int cpu, u32 station)
{
	frames(&counts.writers, cpu, station_key(station) | L2PC_KEY_TX, 1, 100);
	if (window_spare_wanted && !window_worker_late) {
		window_spare_wanted = false;
		l2pc_counts_grow(&counts);
	}
}

static u64 sent(enum l2pc_view which, u32 station)
{
	struct l2pc_snapshot snapshot = view(&counts, which, ~0ULL);
	const struct l2pc_station *found = snapshot_find(&snapshot, station_key(station));
	u64 packets = found ? found->tx_packets : 0;

	l2pc_snapshot_free(&snapshot);
	return packets;
}

static struct l2pc_totals totals(enum l2pc_view which)
{
	struct l2pc_snapshot snapshot = view(&counts, which, ~0ULL);

	l2pc_snapshot_free(&snapshot);
	return snapshot.totals;
}

/* One on each CPU, in the live tables, folded, and closed. */
TEST(one_station_for_both)
{
	static const enum l2pc_view views[] = { WINDOW, WINDOW, PREVIOUS, LIFETIME };
	struct l2pc_snapshot snapshot;
	u64 first, last;
	u32 step;

	setup(100);
	first = shim_boottime();
	send(1, 7);
	shim_tick(5);
	window_count(0, 7);
	window_count(2, 7);
	shim_tick(5);
	last = shim_boottime();
	send(3, 7);
	shim_tick(5);
	for (step = 0; step < 4; step++) {
		if (step == 1)
			l2pc_counts_rotate(&counts);
		if (step == 2)
			l2pc_window_close(&counts, NULL);
		snapshot = view(&counts, views[step], ~0ULL);
		CHECK_EQ(snapshot.count, 1);
		CHECK_EQ(snapshot.stations[0].key, station_key(7));
		CHECK_EQ(snapshot.stations[0].packets, 2);
		CHECK_EQ(snapshot.stations[0].bytes, 120);
		CHECK_EQ(snapshot.stations[0].tx_packets, 2);
		CHECK_EQ(snapshot.stations[0].tx_bytes, 200);
		CHECK_EQ(snapshot.stations[0].first_seen, first);
		CHECK_EQ(snapshot.stations[0].last_seen, last);
		l2pc_snapshot_free(&snapshot);
	}
	window_teardown();
}

/* VLANs added up: each direction by itself. */
TEST(vlans_added_up)
{
	struct l2pc_snapshot snapshot;

	setup(100);
	frames(&counts.writers, 0, station_key(1) | 5 | L2PC_KEY_TX, 3, 300);
	frames(&counts.writers, 0, station_key(1) | 6 | L2PC_KEY_TX, 4, 400);
	frames(&counts.writers, 0, station_key(1) | 6, 5, 500);
	CHECK_EQ(view_count(&counts, WINDOW), 2);
	snapshot = view(&counts, WINDOW, L2PC_KEY_MASK_NO_VLAN);
	CHECK_EQ(snapshot.count, 1);
	CHECK_EQ(snapshot.stations[0].key, station_key(1));
	CHECK_EQ(snapshot.stations[0].packets, 5);
	CHECK_EQ(snapshot.stations[0].tx_packets, 7);
	CHECK_EQ(snapshot.stations[0].tx_bytes, 700);
	l2pc_snapshot_free(&snapshot);
	window_teardown();
}

/* As many stations as max_stations have both directions; one more has none. */
TEST(bound_by_stations)
{
	static const u32 bounds[] = { 1, 2, 10, 250, 1000 };
	u32 b, i, round;

	for (b = 0; b < 5; b++) {
		u32 bound = bounds[b];

		setup(bound);
		for (round = 0; round < 3; round++) {
			for (i = 1; i <= bound; i++) {
				window_count(0, i);
				send(i & 3, i);
				send(0, i);
			}
			CHECK_EQ(view_count(&counts, WINDOW), bound);
			CHECK_EQ(totals(WINDOW).counters.untracked_packets, 0);
			CHECK_EQ(totals(WINDOW).tx_counters.untracked_packets, 0);
			l2pc_window_close(&counts, NULL);
			CHECK_EQ(view_count(&counts, LIFETIME), bound);
			CHECK_EQ(totals(LIFETIME).tx_counters.untracked_packets, 0);
		}
		for (i = 1; i <= bound; i++) {
			send(0, i);
			shim_tick(1);
		}
		send(0, bound + 1);
		window_count(1, bound + 2);
		CHECK(view_count(&counts, WINDOW) <= bound);
		CHECK_EQ(totals(WINDOW).tx_packets, bound + 1);
		CHECK_EQ(totals(WINDOW).packets, 1);
		if (bound > 1) {
			CHECK_EQ(totals(WINDOW).tx_counters.untracked_packets, 1);
			CHECK_EQ(totals(WINDOW).counters.untracked_packets, 1);
		}
		window_teardown();
	}
}

/* Frames without a cell are untracked in their direction. */
TEST(untracked_by_direction)
{
	setup(1000);
	shim_faults.permille = 1000;
	shim_faults.atomic = true;
	send(0, 1);
	send(1, 1);
	window_count(0, 1);
	memset(&shim_faults, 0, sizeof(shim_faults));
	CHECK_EQ(totals(WINDOW).tx_counters.untracked_packets, 2);
	CHECK_EQ(totals(WINDOW).tx_counters.untracked_bytes, 200);
	CHECK_EQ(totals(WINDOW).counters.untracked_packets, 1);
	CHECK_EQ(totals(WINDOW).tx_packets, 2);
	l2pc_window_close(&counts, NULL);
	CHECK_EQ(totals(WINDOW).tx_packets, 0);
	CHECK_EQ(totals(PREVIOUS).tx_counters.untracked_packets, 2);
	CHECK_EQ(totals(LIFETIME).tx_counters.untracked_packets, 2);
	window_teardown();
}

TEST(skipped_by_direction)
{
	struct l2pc_totals open, closed, lifetime;

	setup(10);
	shim_softirq_begin(1);
	l2pc_writer_tx_skip(&counts.writers, L2PC_SKIPPED_BROADCAST);
	l2pc_writer_tx_skip(&counts.writers, L2PC_SKIPPED_MULTICAST);
	l2pc_writer_tx_malformed(&counts.writers);
	shim_softirq_end();
	/* A destination of all zeroes. */
	frame(&counts.writers, 0, L2PC_KEY_STATION | L2PC_KEY_TX);
	l2pc_window_close(&counts, NULL);
	shim_softirq_begin(0);
	l2pc_writer_tx_skip(&counts.writers, L2PC_SKIPPED_MULTICAST);
	shim_softirq_end();
	CHECK_EQ(l2pc_counts_totals(&counts, &open, &closed, &lifetime), 0);
	CHECK_EQ(open.tx_counters.skipped[L2PC_SKIPPED_MULTICAST], 1);
	CHECK_EQ(open.tx_counters.malformed, 0);
	CHECK_EQ(closed.tx_counters.skipped[L2PC_SKIPPED_MULTICAST], 1);
	CHECK_EQ(closed.tx_counters.skipped[L2PC_SKIPPED_BROADCAST], 1);
	CHECK_EQ(closed.tx_counters.skipped[L2PC_SKIPPED_INVALID], 1);
	CHECK_EQ(closed.tx_counters.malformed, 1);
	CHECK_EQ(lifetime.tx_counters.skipped[L2PC_SKIPPED_MULTICAST], 2);
	CHECK_EQ(lifetime.counters.skipped[L2PC_SKIPPED_MULTICAST], 0);
	CHECK_EQ(lifetime.counters.skipped[L2PC_SKIPPED_INVALID], 0);
	CHECK_EQ(lifetime.stations, 0);
	window_teardown();
}

/* A flood of received frames takes no cell of a station that frames are sent to. */
TEST(known_in_a_flood)
{
	u32 i, round;

	setup(300);
	for (i = 1; i <= 100; i++) {
		send(0, i);
		if (i % 2)
			window_count(0, i);
	}
	l2pc_window_close(&counts, NULL);
	for (round = 0; round < 2; round++) {
		for (i = 0; i < 5000; i++)
			window_count(0, 1000 + 5000 * round + i);
		for (i = 1; i <= 100; i++) {
			send(0, i);
			if (i % 2)
				window_count(0, i);
		}
		for (i = 1; i <= 100; i++) {
			CHECK_EQ(sent(WINDOW, i), 1);
			CHECK_EQ(window_packets(WINDOW, i), i % 2);
		}
		CHECK_EQ(totals(WINDOW).tx_counters.untracked_packets, 0);
		CHECK(view_count(&counts, WINDOW) <= 300);
		l2pc_window_close(&counts, NULL);
	}
	window_teardown();
}

/* A station has a cell on each of two CPUs, and a flood comes on one of them. */
TEST(flood_takes_no_slot_of_a_station_seen)
{
	u32 station, shown = 0;

	/* One table a CPU for all of them: nothing is folded meanwhile. */
	CHECK_EQ(l2pc_counts_init(&counts, 8, 100, &window_ops), 0);
	l2pc_counts_set_tx(&counts, true);
	for (station = 0; station < 80; station++) {
		window_count(0, station);
		send(1, station);
		shim_tick(1);
	}
	CHECK_EQ(totals(WINDOW).stations, 80);
	for (station = 1000; station < 1060; station++) {
		window_count(0, station);
		shim_tick(1);
	}
	CHECK_EQ(totals(WINDOW).stations, 100);
	for (station = 0; station < 80; station++)
		shown += window_packets(WINDOW, station) == 1;
	CHECK_EQ(shown, 80);
	/* And of those after them the earliest. */
	for (station = 1000; station < 1020; station++)
		shown += window_packets(WINDOW, station) == 1;
	CHECK_EQ(shown, 100);
	CHECK_EQ(totals(WINDOW).packets, 140);
	CHECK_EQ(totals(WINDOW).tx_packets, 80);
	window_teardown();
}

/* A station that only sends, or only receives, is not idle. */
TEST(expires_when_both_are_idle)
{
	const u64 timeout = 100 * NS_PER_JIFFY;
	struct l2pc_station_list expired = {};

	setup(100);
	window_count(0, 1);
	send(0, 1);
	window_count(0, 2);
	send(1, 2);
	send(2, 3);
	l2pc_window_close(&counts, NULL);
	shim_tick(150);
	send(0, 1);
	window_count(3, 2);
	CHECK(l2pc_counts_expire(&counts, timeout, &expired));
	CHECK_EQ(expired.count, 1);
	CHECK_EQ(expired.stations[0].key, station_key(3));
	CHECK_EQ(expired.stations[0].packets, 0);
	CHECK_EQ(expired.stations[0].tx_packets, 1);
	l2pc_station_list_free(&expired);
	CHECK_EQ(totals(LIFETIME).tx_packets, 4);
	CHECK_EQ(totals(LIFETIME).tx_counters.forgotten_packets, 1);
	CHECK_EQ(totals(LIFETIME).tx_counters.untracked_packets, 1);
	CHECK_EQ(totals(LIFETIME).counters.forgotten_packets, 0);
	shim_tick(150);
	CHECK(l2pc_counts_expire(&counts, timeout, NULL));
	CHECK_EQ(view_count(&counts, LIFETIME), 0);
	CHECK_EQ(totals(LIFETIME).tx_counters.forgotten_packets, 4);
	CHECK_EQ(totals(LIFETIME).counters.forgotten_packets, 3);
	window_teardown();
}

/* New by its first frame in either direction, and only once. */
TEST(new_by_either_direction)
{
	struct l2pc_station_list new;
	bool untracked;

	setup(100);
	l2pc_discovery_scan(&counts, true);
	send(0, 1);
	window_count(1, 2);
	l2pc_discovery_scan(&counts, true);
	l2pc_discovery_fetch(&counts, &new, &untracked);
	CHECK_EQ(new.count, 2);
	CHECK(!(new.stations[0].key & L2PC_KEY_TX) && !(new.stations[1].key & L2PC_KEY_TX));
	l2pc_station_list_free(&new);
	window_count(2, 1);
	send(3, 2);
	l2pc_discovery_scan(&counts, true);
	l2pc_window_close(&counts, NULL);
	send(0, 1);
	window_count(0, 2);
	l2pc_discovery_scan(&counts, true);
	l2pc_discovery_fetch(&counts, &new, &untracked);
	CHECK_EQ(new.count, 0);
	CHECK(!untracked);
	/* CPU 1 counted nothing in this window: it has no table in the next, and gets none. */
	l2pc_window_close(&counts, NULL);
	shim_faults.permille = 1000;
	shim_faults.atomic = true;
	send(1, 9);
	memset(&shim_faults, 0, sizeof(shim_faults));
	l2pc_discovery_scan(&counts, true);
	l2pc_discovery_fetch(&counts, &new, &untracked);
	CHECK(untracked);
	l2pc_station_list_free(&new);
	window_teardown();
}

/* Lifetime is all closed windows and the open one, while other CPUs count and tx changes. */
TEST(lifetime_is_the_sum_of_windows)
{
	u64 received_closed = 0, sent_closed = 0, received = 0, sent_frames = 0;
	struct l2pc_totals closed;
	u32 round, i;

	setup(200);
	shim_thread.point = window_others_count;
	for (round = 0; round < 100; round++) {
		for (i = 0; i < 60; i++) {
			send(unit_below(SHIM_CPUS), 1 + unit_below(100));
			window_count(unit_below(SHIM_CPUS), 1 + unit_below(100));
		}
		sent_frames += 60;
		received += 60;
		if (round % 10 == 5)
			l2pc_counts_set_tx(&counts, round % 20 == 5);
		l2pc_window_close(&counts, &closed);
		received_closed += closed.packets;
		sent_closed += closed.tx_packets;
		CHECK_EQ(sent_closed, sent_frames);
	}
	shim_thread.point = NULL;
	send(0, 1);
	CHECK_EQ(totals(LIFETIME).tx_packets, sent_closed + totals(WINDOW).tx_packets);
	CHECK_EQ(totals(LIFETIME).packets, received_closed + totals(WINDOW).packets);
	CHECK_EQ(totals(LIFETIME).packets, received + window_intruders);
	CHECK_EQ(totals(LIFETIME).tx_packets, sent_frames + 1);
	window_teardown();
}

/* What was counted stays when no more sent frames come, and tables may be smaller again. */
TEST(turned_off)
{
	u32 i;

	setup(1000);
	for (i = 1; i <= 1000; i++) {
		window_count(0, i);
		send(0, i);
	}
	CHECK_EQ(l2pc_table_bits_max(&counts.writers), 12);
	l2pc_counts_set_tx(&counts, false);
	CHECK_EQ(l2pc_table_bits_max(&counts.writers), 11);
	CHECK_EQ(totals(WINDOW).tx_packets, 1000);
	l2pc_window_close(&counts, NULL);
	/* No cells for sent frames. */
	CHECK_EQ(per_cpu_ptr(counts.writers.percpu, 0)->active->bits, 10);
	for (i = 1; i <= 1000; i++)
		window_count(0, i);
	CHECK_EQ(view_count(&counts, WINDOW), 1000);
	CHECK_EQ(totals(WINDOW).tx_packets, 0);
	CHECK_EQ(totals(LIFETIME).tx_packets, 1000);
	CHECK_EQ(totals(LIFETIME).tx_counters.untracked_packets, 0);
	CHECK_EQ(sent(LIFETIME, 17), 1);
	window_teardown();
}

/* The biggest table has the memory that one allocation can have, and is the last one. */
TEST(biggest_table)
{
	setup(L2PC_MAX_STATIONS_MAX);
	CHECK_EQ(l2pc_table_bits_max(&counts.writers), 25);
	CHECK((u64)sizeof(struct l2pc_cell) << 25 <= 0x7fffffff);
	CHECK(L2PC_SOFT_LIMIT(1U << 25) >= l2pc_writers_max_cells(&counts.writers));
	CHECK(l2pc_writers_max_cells(&counts.writers) >= L2PC_MAX_STATIONS_MAX);
	window_teardown();
}
