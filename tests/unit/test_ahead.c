// SPDX-License-Identifier: GPL-2.0
/*
 * Tables made ahead, where the packet path cannot allocate (L2PC_ENGINE_BPF): a CPU has a
 * table before its first frame, after each window, and a bigger one in time.
 * Copyright (C) the l2packet_counter authors
 */
#include "fixture.h"
#include "prealloc.h"

TEST(cpu_has_first_table)
{
	int cpu;

	window_setup(1000);
	/* Without a table a frame is untracked, and stays in the total. */
	window_count(0, 1);
	CHECK_EQ(view_packets(&counts, WINDOW, station_key(1)), 0);
	CHECK_EQ(view_total(&counts, WINDOW), 1);

	l2pc_counts_rotate(&counts);
	for (cpu = 0; cpu < SHIM_CPUS; cpu++)
		window_count(cpu, 2);
	CHECK_EQ(view_packets(&counts, WINDOW, station_key(2)), SHIM_CPUS);
	window_teardown();
}

TEST(idle_cpu_has_table_in_next_window)
{
	int cpu, window;

	window_setup(1000);
	l2pc_counts_rotate(&counts);
	/* Also a CPU that counted nothing has a table in the next window. */
	for (window = 0; window < 3; window++) {
		l2pc_window_close(&counts, NULL);
		for (cpu = 0; window == 2 && cpu < SHIM_CPUS; cpu++)
			window_count(cpu, 3);
	}
	CHECK_EQ(view_packets(&counts, WINDOW, station_key(3)), SHIM_CPUS);
	window_teardown();
}

TEST(bigger_table_in_time)
{
	struct l2pc_snapshot snapshot;
	u32 n;

	window_setup(2000);
	l2pc_counts_rotate(&counts);
	for (n = 0; n < 2000; n++) {
		window_count(0, n);
		/* A CPU requests a table once in a jiffy. */
		shim_tick(1);
	}
	snapshot = view(&counts, WINDOW, ~0ULL);
	CHECK_EQ(snapshot.count, 2000);
	CHECK_EQ(snapshot.totals.counters.untracked_packets, 0);
	l2pc_snapshot_free(&snapshot);
	window_teardown();
}

/* The table that CPU 0 has before a window is closed, and its stations with cells in a new one. */
static struct l2pc_table *exchanged;
static u32 reserved;

/* l2pc run makes a table for CPU 0 while it waits for the end of the grace period. */
static void table_while_waiting(void)
{
	struct l2pc_writer *writer = per_cpu_ptr(counts.writers.percpu, 0);
	struct l2pc_table *table;
	u32 n;

	if (!exchanged || writer->next != exchanged)
		return;
	exchanged = NULL;
	table = l2pc_prealloc_table(&counts, writer, 0, 0);
	for (n = 0; n < 50; n++)
		reserved += l2pc_table_probe(table, station_key(n))->key == station_key(n);
	l2pc_table_free(table);
}

/* The stations of a table that is not folded yet are in no archive. */
TEST(table_while_waiting_has_the_stations_before)
{
	u32 n;

	window_setup(1000);
	l2pc_counts_rotate(&counts);
	/* Twice: a bigger table takes the stations over with their next frame. */
	for (n = 0; n < 100; n++)
		window_count(0, n % 50);
	exchanged = per_cpu_ptr(counts.writers.percpu, 0)->active;
	reserved = 0;
	shim_thread.point = table_while_waiting;
	l2pc_window_close(&counts, NULL);
	shim_thread.point = NULL;
	CHECK(!exchanged);
	CHECK_EQ(reserved, 50);
	window_teardown();
}

/*
 * Without a barrier in the program a reader may see a claimed cell's key and packet, and not
 * its timestamps: the station was not seen days ago.
 */
TEST(unordered_claim)
{
	const struct l2pc_station *station;
	struct l2pc_snapshot snapshot;
	struct l2pc_cell *cell;

	window_setup(1000);
	shim_set_jiffies(0x70000000UL);
	shim_set_boottime(400ULL * 86400 * NSEC_PER_SEC);
	l2pc_window_close(&counts, NULL);
	shim_tick(1000);
	cell = l2pc_table_probe(per_cpu_ptr(counts.writers.percpu, 0)->active, station_key(1));
	WRITE_ONCE(cell->packets, 1);
	WRITE_ONCE(cell->key, station_key(1));
	snapshot = view(&counts, WINDOW, ~0ULL);
	station = snapshot_find(&snapshot, station_key(1));
	CHECK(station->first_seen >= snapshot.totals.opened);
	CHECK(station->last_seen >= station->first_seen);
	l2pc_snapshot_free(&snapshot);

	WRITE_ONCE(cell->first_seen, (u32)jiffies - 10);
	snapshot = view(&counts, WINDOW, ~0ULL);
	station = snapshot_find(&snapshot, station_key(1));
	CHECK(station->last_seen >= station->first_seen);
	l2pc_snapshot_free(&snapshot);
	window_teardown();
}
