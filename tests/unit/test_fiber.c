// SPDX-License-Identifier: GPL-2.0
/*
 * CPUs in the middle of a frame while a window is closed, a table grown, a view read.
 * Every shared access may switch to another fiber; thousands of seeds choose. Freed
 * tables are freed for real, so ASan reports a later access.
 *
 * At the end every frame is in lifetime once, and in exactly one window. During the run
 * no reading decreases or exceeds the frames counted.
 */
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <string.h>

#include "engine.h"
#include "fiber.h"
#include "sizes.h"

#define STATIONS	200
#define COUNTERS	2	/* CPUs that count */

static struct l2pc_counts counts;
static u64 started[STATIONS], done[STATIONS];
static u64 started_total, done_total, closed_total;
static u32 frames_each, universe, running;
static bool spare_wanted, little_memory;

static void request_spare(struct l2pc_writers *writers)
{
	spare_wanted = true;
}

static const struct l2pc_writers_ops ops = {
	.request_spare = request_spare,
	.request_scan = request_ignore,
};

static void cpu_counts(void *argument)
{
	int cpu = (int)(long)argument;
	u32 i;

	for (i = 0; i < frames_each; i++) {
		/* New stations all the time, and old ones as well. */
		u32 n = unit_below(1 + universe * (i + 1) / frames_each);

		/* Allocations in softirq usually fail. */
		if (little_memory)
			shim_faults.atomic = unit_below(8);
		started[n]++;
		started_total++;
		frame(&counts.writers, cpu, station_key(n));
		done[n]++;
		done_total++;
		if (!unit_below(16))
			shim_tick(1);
		if (!unit_below(4))
			fiber_yield();
	}
	running--;
}

static void check_view(enum l2pc_view which, bool exact)
{
	struct l2pc_snapshot snapshot;
	u64 at_least[STATIONS], at_least_total = done_total;
	u32 i;

	memcpy(at_least, done, sizeof(at_least));
	if (l2pc_snapshot_read(&counts, which, ~0ULL, &snapshot)) {
		CHECK(shim_failed() > 0);
		return;
	}
	CHECK(snapshot.totals.packets <= started_total);
	if (which == L2PC_VIEW_LIFETIME)
		CHECK(snapshot.totals.packets >= at_least_total);
	for (i = 0; i < snapshot.count; i++) {
		u32 n = snapshot.stations[i].key >> 32;

		CHECK(snapshot.stations[i].packets <= started[n]);
		if (exact && which == L2PC_VIEW_LIFETIME)
			CHECK(snapshot.stations[i].packets >= at_least[n]);
	}
	l2pc_snapshot_free(&snapshot);
}

static void maintain(void *argument)
{
	while (running) {
		switch (unit_below(8)) {
		case 0: {
			/* Below 0: some frames were closed before their counting ended. */
			s64 before = done_total - closed_total;
			unsigned int permille = shim_faults.permille;
			struct l2pc_snapshot snapshot;

			l2pc_window_close(&counts, NULL);
			shim_faults.permille = 0;
			if (l2pc_snapshot_read(&counts, L2PC_VIEW_PREVIOUS,
						 ~0ULL, &snapshot))
				shim_die(__FILE__, __LINE__, "no memory here");
			/* Has all frames counted before the close. */
			CHECK((s64)snapshot.totals.packets >= before);
			shim_faults.permille = permille;
			closed_total += snapshot.totals.packets;
			CHECK(closed_total <= started_total);
			l2pc_snapshot_free(&snapshot);
			break;
		}
		case 1:
			l2pc_counts_rotate(&counts);
			break;
		default:
			if (spare_wanted || !unit_below(8)) {
				spare_wanted = false;
				l2pc_counts_grow(&counts);
			}
			break;
		}
		fiber_yield();
	}
}

static void read_views(void *argument)
{
	bool exact = argument != NULL;

	while (running) {
		check_view(unit_below(2) ? L2PC_VIEW_LIFETIME : L2PC_VIEW_WINDOW,
			   exact);
		fiber_yield();
	}
}

/*
 * @max_stations: below STATIONS, frames may be untracked; else all are exact.
 * @atomic_fails: the CPUs get their tables, but for the first, only from process context.
 * @permille: so many allocations of all kinds fail.
 */
static void run(u64 seed, u32 max_stations, bool atomic_fails,
		unsigned int permille)
{
	bool exact = max_stations > 2 * STATIONS && !atomic_fails && !permille;
	struct l2pc_snapshot snapshot;
	u32 i;
	long cpu;

	unit_seed(seed);
	fiber_stickiness = 1 + unit_below(6);
	universe = 20 + unit_below(STATIONS - 20);
	frames_each = 50 + unit_below(400);
	memset(started, 0, sizeof(started));
	memset(done, 0, sizeof(done));
	started_total = done_total = closed_total = 0;
	spare_wanted = false;
	running = COUNTERS;
	CHECK_EQ(l2pc_counts_init(&counts, 5, max_stations, &ops), 0);
	for (cpu = 0; cpu < COUNTERS; cpu++) {
		fiber_start(cpu_counts, (void *)cpu);
		if (atomic_fails)
			frame(&counts.writers, cpu, station_key(0));
	}
	if (atomic_fails) {
		done[0] = started[0] = done_total = started_total = COUNTERS;
		shim_faults.atomic = true;
	}
	fiber_start(maintain, NULL);
	fiber_start(read_views, exact ? &counts : NULL);
	shim_faults.permille = permille;
	little_memory = permille;
	fiber_run_all();
	memset(&shim_faults, 0, sizeof(shim_faults));

	snapshot = view(&counts, L2PC_VIEW_LIFETIME, ~0ULL);
	CHECK_EQ(snapshot.totals.packets, done_total);
	if (exact) {
		CHECK_EQ(snapshot.totals.counters.untracked_packets, 0);
		for (i = 0; i < snapshot.count; i++)
			CHECK_EQ(snapshot.stations[i].packets,
				 done[snapshot.stations[i].key >> 32]);
	}
	l2pc_snapshot_free(&snapshot);
	CHECK_EQ(view_total(&counts, L2PC_VIEW_WINDOW) + closed_total, done_total);
	l2pc_counts_free(&counts);
	CHECK_EQ(shim_live(), 0);
}

TEST(every_frame_once)
{
	u64 seed;

	for (seed = 0; seed < unit_seeds(600); seed++)
		run(seed, 100000, false, 0);
}

TEST(every_frame_once_without_atomic_memory)
{
	u64 seed;

	for (seed = 0; seed < unit_seeds(400); seed++)
		run(10000 + seed, 100000, true, 0);
}

/* Full tables in long chains: frames are counted in older tables while those are folded. */
TEST(every_frame_once_with_little_memory)
{
	u64 seed;

	for (seed = 0; seed < unit_seeds(600); seed++)
		run(30000 + seed, 100000, false, 1 + 300 * (seed & 1));
}

/* A table of 32 cells behind one of 64 that is full to the last cell. */
#define OLDER	LIMIT(32)
#define NEWER	HARD(64)

static void count_older_ones(void *argument)
{
	u32 i;

	while (running)
		for (i = 0; i < OLDER; i++, done_total++)
			frame(&counts.writers, 0, station_key(i));
}

static void grow_once(void *argument)
{
	l2pc_counts_grow(&counts);
	running = 0;
}

TEST(grow_waits_for_frames_in_an_older_table)
{
	u32 i, seed;

	for (seed = 0; seed < unit_seeds(300); seed++) {
		unit_seed(seed);
		fiber_stickiness = 1 + unit_below(4);
		CHECK_EQ(l2pc_counts_init(&counts, 5, 100000, &ops), 0);
		for (i = 0; i < OLDER + NEWER; i++) {
			shim_faults.atomic = i > OLDER;
			frame(&counts.writers, 0, station_key(i));
		}
		running = 1;
		done_total = 0;
		fiber_start(count_older_ones, NULL);
		fiber_start(grow_once, NULL);
		fiber_run_all();
		for (i = 0; i < OLDER + NEWER; i++)
			CHECK_EQ(view_packets(&counts, L2PC_VIEW_WINDOW,
					      station_key(i)),
				 i < OLDER ? 1 + done_total / OLDER : 1);
		l2pc_counts_free(&counts);
	}
	shim_faults.atomic = false;
}

TEST(every_frame_once_within_a_bound)
{
	static const u32 bounds[] = { 1, 2, 10, 30, 100 };
	u64 seed;

	for (seed = 0; seed < unit_seeds(400); seed++)
		run(20000 + seed, bounds[seed % 5], false, 0);
}
