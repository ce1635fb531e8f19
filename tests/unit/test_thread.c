// SPDX-License-Identifier: GPL-2.0
/*
 * Real threads under TSan: two CPUs count at full speed, tables grow, a thread closes,
 * rotates and grows, another one reads. TSan has the kernel's memory model from
 * shim/custom/linux/compiler.h: it reports accesses that are not ordered or marked there.
 * The amount of work is a number of frames, not of seconds.
 */
#include <linux/jiffies.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>

#include "engine.h"

#define CPUS		2
#define STATIONS	8000
#define FRAMES		250000U
#define ROUNDS		40U	/* minimum number of closes and readings */

static struct l2pc_counts counts;
static u32 counted[CPUS][STATIONS];
static bool spare_wanted, reading;
static u32 running;
static u64 closed_total;
static u32 closes, readings;

static void request_spare(struct l2pc_writers *writers)
{
	__atomic_store_n(&spare_wanted, true, __ATOMIC_RELAXED);
}

static const struct l2pc_writers_ops ops = {
	.request_spare = request_spare,
	.request_scan = request_ignore,
};

static bool still_running(void)
{
	return __atomic_load_n(&running, __ATOMIC_RELAXED);
}

static void count_up(u32 *counter)
{
	__atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

/* Wait for the other threads to do their share. Relaxed, so this orders nothing. */
static void wait_for(const u32 *counter, u32 value)
{
	while (__atomic_load_n(counter, __ATOMIC_RELAXED) < value)
		sched_yield();
}

/* Get a random number from the thread's own generator: shared state could order threads. */
static u64 next(u64 *state)
{
	u64 x = *state += 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

static void *cpu_counts(void *argument)
{
	int cpu = (int)(long)argument;
	u64 state = cpu + 1;
	u32 i;

	for (i = 0; i < FRAMES; i++) {
		u64 random = next(&state);
		u32 range = 1 + (u64)STATIONS * (i + 1) / FRAMES;
		u32 n = random & 3 ? random % 64 % range : random % range;

		if (!(i % (FRAMES / ROUNDS))) {
			wait_for(&closes, i / (FRAMES / ROUNDS));
			if (reading)
				wait_for(&readings, i / (FRAMES / ROUNDS));
		}
		frames(&counts.writers, cpu, station_key(n), 1, 60);
		counted[cpu][n]++;
		/* CPU 0 advances the clock. */
		if (!cpu && !(i & 1023))
			shim_tick(1);
	}
	__atomic_fetch_sub(&running, 1, __ATOMIC_RELAXED);
	return NULL;
}

/* Without memory (@argument) views cannot be read concurrently. */
static void *maintain(void *argument)
{
	u64 state = 99;

	do {
		u64 random = next(&state);

		if (__atomic_exchange_n(&spare_wanted, false, __ATOMIC_RELAXED) ||
		    !(random & 7))
			l2pc_counts_grow(&counts);
		if (!(random >> 8 & 3)) {
			l2pc_window_close(&counts, NULL);
			if (!argument)
				closed_total += view_total(&counts,
							   L2PC_VIEW_PREVIOUS);
			count_up(&closes);
		}
		if (!(random >> 16 & 7))
			l2pc_counts_rotate(&counts);
	} while (still_running());
	return NULL;
}

static void *read_views(void *argument)
{
	u64 lifetime = 0, open = 0, id = 0;

	do {
		struct l2pc_snapshot snapshot;

		snapshot = view(&counts, L2PC_VIEW_LIFETIME, ~0ULL);
		CHECK(snapshot.totals.packets >= lifetime);
		lifetime = snapshot.totals.packets;
		l2pc_snapshot_free(&snapshot);
		snapshot = view(&counts, L2PC_VIEW_WINDOW, ~0ULL);
		CHECK(snapshot.totals.id >= id);
		CHECK(snapshot.totals.id > id || snapshot.totals.packets >= open);
		id = snapshot.totals.id;
		open = snapshot.totals.packets;
		l2pc_snapshot_free(&snapshot);
		count_up(&readings);
	} while (still_running());
	return NULL;
}

static void run(u32 bound, unsigned int permille)
{
	struct l2pc_snapshot snapshot;
	pthread_t threads[CPUS + 2];
	u64 total = 0;
	long i;
	u32 n;

	unit_seed(bound + permille);
	running = CPUS;
	reading = !permille;
	CHECK_EQ(l2pc_counts_init(&counts, 5, bound, &ops), 0);
	shim_faults.permille = permille;
	for (i = 0; i < CPUS; i++)
		pthread_create(&threads[i], NULL, cpu_counts, (void *)i);
	pthread_create(&threads[CPUS], NULL, maintain,
		       permille ? &counts : NULL);
	if (reading)
		pthread_create(&threads[CPUS + 1], NULL, read_views, NULL);
	for (i = 0; i < CPUS + 1 + reading; i++)
		pthread_join(threads[i], NULL);
	shim_faults.permille = 0;

	snapshot = view(&counts, L2PC_VIEW_LIFETIME, ~0ULL);
	CHECK_EQ(snapshot.totals.packets, (u64)CPUS * FRAMES);
	for (n = 0; n < snapshot.count; n++) {
		u32 station = snapshot.stations[n].key >> 32;
		u64 packets = (u64)counted[0][station] + counted[1][station];

		CHECK(snapshot.stations[n].packets <= packets);
		if (bound > STATIONS && !permille)
			CHECK_EQ(snapshot.stations[n].packets, packets);
		total += snapshot.stations[n].packets;
	}
	CHECK_EQ(total + snapshot.totals.counters.untracked_packets, snapshot.totals.packets);
	if (bound > STATIONS && !permille)
		CHECK_EQ(snapshot.totals.counters.untracked_packets, 0);
	l2pc_snapshot_free(&snapshot);
	if (reading) {
		CHECK_EQ(closed_total + view_total(&counts, L2PC_VIEW_WINDOW),
			 (u64)CPUS * FRAMES);
		CHECK(closes >= ROUNDS - 1 && readings >= ROUNDS - 1);
	}
	if (getenv("UNIT_VERBOSE"))
		fprintf(stderr, "%u closes, %u readings\n", closes, readings);
	l2pc_counts_free(&counts);
	CHECK_EQ(shim_live(), 0);
}

TEST(every_frame_once)
{
	run(100000, 0);
}

TEST(totals_without_memory)
{
	run(100000, 300);
}

TEST(totals_within_a_bound)
{
	run(300, 0);
}
