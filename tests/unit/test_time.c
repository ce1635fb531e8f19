// SPDX-License-Identifier: GPL-2.0
/* Timestamps of stations and windows, across jiffies that wrap. */
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <string.h>

#include "clock.h"
#include "fixture.h"
#include "idle.h"

TEST(timestamps_across_the_wrap_of_jiffies)
{
	struct l2pc_snapshot snapshot;
	const struct l2pc_station *station;
	u64 first, last;

	window_setup(100);
	shim_set_jiffies(0xfffffff0UL);
	shim_set_boottime(5000 * NSEC_PER_SEC);
	first = shim_boottime();
	window_count(0, 1);
	shim_tick(10);
	window_count(1, 1);
	shim_tick(10);
	last = shim_boottime();
	CHECK((u32)shim_jiffies() < 100);
	window_count(2, 1);
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
	window_teardown();
}

/* The owner sets timestamps of an active table after the clock was read. */
static void time_passes(void)
{
	if (shim_self()->softirq || unit_below(2))
		return;
	frame(&counts.writers, 1, station_key(1 + unit_below(9)));
	/* Only jiffies advance: the reading has its boot time already. */
	shim_set_jiffies(shim_jiffies() + 1);
}

TEST(timestamps_are_never_in_the_future)
{
	u32 i;

	window_setup(100);
	shim_set_jiffies(0xffffff00UL);
	for (i = 1; i <= 9; i++)
		window_count(1, i);
	shim_thread.point = time_passes;
	for (i = 0; i < 50; i++)
		view_total(&counts, WINDOW);
	window_teardown();
}

/* An idle station's last_seen is the same, at whatever time within a jiffy it is read. */
TEST(a_timestamp_converts_to_a_constant_time)
{
	const u64 start = 5000 * NSEC_PER_SEC;
	struct l2pc_snapshot snapshot;
	u64 last = 0;
	u32 i;

	window_setup(100);
	shim_set_jiffies(0xffffff00UL);
	shim_set_boottime(start);
	window_count(0, 1);
	for (i = 0; i < 100; i++) {
		shim_set_jiffies(0xffffff00UL + i);
		/* Read at the end, the start and the middle of a jiffy. */
		shim_set_boottime(start + i * NS_PER_JIFFY + i % 3 * (NS_PER_JIFFY - 1) / 2);
		snapshot = view(&counts, WINDOW, ~0ULL);
		if (last)
			CHECK_EQ(snapshot.stations[0].last_seen, last);
		last = snapshot.stations[0].last_seen;
		l2pc_snapshot_free(&snapshot);
	}
	/* jiffies stop during a suspend: that belongs to later timestamps. */
	shim_set_boottime(start + 3600 * NSEC_PER_SEC);
	snapshot = view(&counts, WINDOW, ~0ULL);
	CHECK_EQ(snapshot.stations[0].last_seen, last);
	l2pc_snapshot_free(&snapshot);
	window_teardown();
}

/* First seen on this port, in each window. */
TEST(first_seen_is_kept_over_windows)
{
	struct l2pc_snapshot snapshot;
	u64 first;

	window_setup(100);
	window_count(0, 1);
	first = shim_boottime();
	l2pc_window_close(&counts, NULL);
	shim_tick(1000);
	window_count(0, 1);
	snapshot = view(&counts, WINDOW, ~0ULL);
	CHECK_EQ(snapshot_find(&snapshot, station_key(1))->first_seen, first);
	l2pc_snapshot_free(&snapshot);
	l2pc_window_close(&counts, NULL);
	snapshot = view(&counts, PREVIOUS, ~0ULL);
	CHECK_EQ(snapshot_find(&snapshot, station_key(1))->first_seen, first);
	l2pc_snapshot_free(&snapshot);
	window_teardown();
}

/*
 * A reader may see the packet of a placeholder's first frame, and not yet its last_seen. It
 * has the time at which the placeholder was made: the station was not idle for days.
 */
TEST(placeholder_has_a_time_before_its_first_frame)
{
	struct l2pc_snapshot snapshot;
	struct l2pc_cell *cell;

	window_setup(100);
	shim_set_jiffies(0x70000000UL);
	shim_set_boottime(400ULL * 86400 * NSEC_PER_SEC);
	window_count(0, 1);
	l2pc_window_close(&counts, NULL);
	cell = l2pc_table_probe(per_cpu_ptr(counts.writers.percpu, 0)->active, station_key(1));
	CHECK_EQ(cell->key, station_key(1));
	CHECK_EQ(cell->packets, 0);
	shim_tick(1000);
	WRITE_ONCE(cell->packets, 1);
	snapshot = view(&counts, WINDOW, ~0ULL);
	CHECK(snapshot_find(&snapshot, station_key(1))->last_seen >= snapshot.totals.opened);
	l2pc_snapshot_free(&snapshot);
	window_teardown();
}

TEST(previous_was_opened_before_the_window)
{
	struct l2pc_snapshot snapshot;
	u64 opened = shim_boottime();

	window_setup(100);
	CHECK_EQ(counts.opened, opened);
	shim_tick(1000);
	l2pc_window_close(&counts, NULL);
	snapshot = view(&counts, PREVIOUS, ~0ULL);
	CHECK_EQ(snapshot.totals.opened, opened);
	l2pc_snapshot_free(&snapshot);
	window_teardown();
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

	window_setup(100);
	for (i = 1; i <= 50; i++)
		window_count(0, i);
	shim_thread.point = slow_machine;
	l2pc_window_close(&counts, NULL);
	shim_thread.point = NULL;
	snapshot = view(&counts, PREVIOUS, ~0ULL);
	/* Reading 32 cells and freeing took longer than 10 jiffies. */
	CHECK(shim_boottime() - counts.opened > 10 * NS_PER_JIFFY);
	l2pc_snapshot_free(&snapshot);
	window_teardown();
}

/* A flood took the slot of a station of the history, which still sent frames. */
TEST(counted_without_a_slot_is_not_idle)
{
	struct l2pc_snapshot snapshot;
	u64 last;
	u32 i;

	window_setup(4);
	for (i = 1; i <= 4; i++) {
		window_count(0, i);
		shim_tick(1);
	}
	l2pc_window_close(&counts, NULL);
	shim_tick(10 * HZ);
	window_count(0, 11);
	window_count(0, 12);
	shim_tick(1);
	window_count(1, 3);
	last = shim_boottime();
	CHECK(l2pc_counts_expire(&counts, NSEC_PER_SEC, NULL));
	snapshot = view(&counts, LIFETIME, ~0ULL);
	CHECK(!snapshot_find(&snapshot, station_key(4)));
	CHECK(snapshot_find(&snapshot, station_key(3)));
	CHECK_EQ(snapshot_find(&snapshot, station_key(3))->packets, 1);
	CHECK_EQ(snapshot_find(&snapshot, station_key(3))->last_seen, last);
	l2pc_snapshot_free(&snapshot);
	window_teardown();
}

/* Rotating may be late by days. */
TEST(timestamps_of_two_days_ago)
{
	struct l2pc_snapshot snapshot;
	u64 then = shim_boottime();

	window_setup(100);
	window_count(0, 1);
	shim_tick(2 * 24 * 3600 * HZ);
	snapshot = view(&counts, WINDOW, ~0ULL);
	CHECK_EQ(snapshot.count, 1);
	CHECK_EQ(snapshot.stations[0].first_seen, then);
	CHECK_EQ(snapshot.stations[0].last_seen, then);
	l2pc_snapshot_free(&snapshot);
	window_teardown();
}

/* A timestamp converts to the same time, wherever in a jiffy it is read. */
TEST(timestamps_read_anywhere_in_a_jiffy)
{
	u64 start = shim_boottime(), seen = 0;
	struct l2pc_snapshot snapshot;
	int i;

	window_setup(100);
	window_count(0, 1);
	for (i = 1; i < 20; i++) {
		shim_tick(1);
		/* The readings go from late to early in a jiffy. */
		shim_set_boottime(start + i * NS_PER_JIFFY + (19 - i) * NS_PER_JIFFY / 20);
		snapshot = view(&counts, WINDOW, ~0ULL);
		CHECK_EQ(snapshot.count, 1);
		if (seen)
			CHECK_EQ(snapshot.stations[0].last_seen, seen);
		seen = snapshot.stations[0].last_seen;
		l2pc_snapshot_free(&snapshot);
	}
	window_teardown();
}

/* Sleep: boot time goes on, jiffies do not. */
static void sleep_for(u64 seconds, bool reported)
{
	if (reported)
		l2pc_clock_suspend();
	shim_set_boottime(shim_boottime() + seconds * NSEC_PER_SEC);
}

/* Read the window's timestamps of a station. */
static void expect_seen(u32 id, u64 first, u64 last)
{
	struct l2pc_snapshot snapshot = view(&counts, WINDOW, ~0ULL);
	const struct l2pc_station *station = snapshot_find(&snapshot, station_key(id));

	CHECK_EQ(station->first_seen, first);
	CHECK_EQ(station->last_seen, last);
	l2pc_snapshot_free(&snapshot);
}

/* A station that was silent since a suspension was last seen before it. */
TEST(timestamps_across_suspensions)
{
	u64 before, between, after;
	int reported;

	for (reported = 0; reported < 2; reported++) {
		window_setup(100);
		/* No frame arrives in the jiffy in which the machine sleeps. */
		shim_tick(1);
		before = shim_boottime();
		window_count(0, 1);
		window_count(0, 2);
		expect_seen(1, before, before);
		shim_tick(100);
		sleep_for(3600, reported);
		expect_seen(1, before, before);
		shim_tick(100);
		between = shim_boottime();
		window_count(1, 2);
		window_count(1, 3);
		shim_tick(100);
		/* Attempts that did not sleep. */
		sleep_for(0, true);
		shim_tick(1);
		sleep_for(0, true);
		shim_tick(100);
		sleep_for(60, reported);
		shim_tick(100);
		expect_seen(1, before, before);
		expect_seen(2, before, between);
		expect_seen(3, between, between);
		after = shim_boottime();
		window_count(0, 1);
		expect_seen(1, before, after);
		expect_seen(3, between, between);
		/* Folded timestamps are boot time: a further suspension is nothing to them. */
		l2pc_counts_rotate(&counts);
		sleep_for(86400, reported);
		expect_seen(2, before, between);
		window_teardown();
	}
}

/* Of more suspensions than are kept apart, the latest are exact. */
TEST(timestamps_across_many_suspensions)
{
	u64 seen[40];
	u32 i;

	window_setup(100);
	for (i = 0; i < ARRAY_SIZE(seen); i++) {
		seen[i] = shim_boottime();
		window_count(0, i + 1);
		shim_tick(10);
		sleep_for(30, i % 2);
		/* An unreported suspension is known from a reading. */
		l2pc_clock_now();
		shim_tick(10);
	}
	for (i = ARRAY_SIZE(seen) - L2PC_SUSPENSIONS; i < ARRAY_SIZE(seen); i++)
		expect_seen(i + 1, seen[i], seen[i]);
	window_teardown();
}

/* The end of an idle port's window, a suspension ago. */
TEST(windows_across_a_suspension)
{
	struct l2pc_totals closed;
	u64 end;

	window_setup(100);
	shim_tick(1000);
	l2pc_clock_now();
	end = shim_boottime();
	shim_tick(50);
	sleep_for(3600, true);
	shim_tick(50);
	l2pc_window_skip(&counts, 1, 100 * NS_PER_JIFFY, 1000 * NS_PER_JIFFY, &closed);
	CHECK_EQ(closed.closed, end);
	window_teardown();
}
