// SPDX-License-Identifier: GPL-2.0
/*
 * Nanoseconds per frame of several layouts of counters, on one thread and on two threads
 * at once. They include caches and atomic operations, unlike the instruction counts of
 * `make bench`.
 * Copyright (C) the l2packet_counter authors
 *
 * usage: native [--rounds N] [--most RATIO]
 *   --most RATIO  status 1 when two threads take more than RATIO times as long as one,
 *                 for table.c with 10 or 1,000 stations
 *
 * A figure is the median of the rounds, in which the layouts take turns. A round counts
 * only if every thread had its CPU to itself; else it is repeated. With root's rights the
 * threads have real-time priority, for some milliseconds each. Of two threads, the first
 * to finish continues to count until the other has finished.
 */
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "layout.h"

#define FRAMES		(1U << 20)	/* of a thread in a round */
#define FEW		(1U << 12)
#define ROUNDS_MAX	999
#define TRIES		200		/* to repeat a round */

static const u32 numbers[] = { 10, 1000, 100000, 1000000 };
static const struct layout *const layouts[] = {
	&layout_cells, &layout_tap, &layout_atomics, &layout_percpu,
};

#define LAYOUTS		(sizeof(layouts) / sizeof(layouts[0]))

volatile unsigned long jiffies;
__thread unsigned int cpu;
__thread unsigned long native_offset;

static unsigned int rounds = 15;
static u64 *keys[NATIVE_CPUS];
static double times[LAYOUTS][2][ROUNDS_MAX];
static u64 state;

static u64 next(void)
{
	u64 x = state += 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

void get_random_bytes(void *to, size_t size)
{
	u64 word;

	for (; size; size -= size < 8 ? size : 8, to = (char *)to + 8) {
		word = next();
		memcpy(to, &word, size < 8 ? size : 8);
	}
}

void *native_zeroed(size_t size)
{
	void *memory = aligned_alloc(4096, (size + 4095) / 4096 * 4096);

	if (!memory)
		abort();
	memset(memory, 0, (size + 4095) / 4096 * 4096);
	return memory;
}

/* Make the key of station @n, as table.h does. */
static u64 key_of(u32 n)
{
	return (u64)n << 32 | 0x0002ULL << L2PC_KEY_MAC_SHIFT | L2PC_KEY_STATION;
}

/* Choose the stations of all frames. Zipf: the nth busiest sends 1/n of the busiest's frames. */
static void keys_make(u32 stations, bool zipf)
{
	double *sums = malloc(stations * sizeof(*sums)), sum = 0;
	u32 i, low, high;
	int c;

	for (i = 0; i < stations; i++)
		sums[i] = sum += zipf ? 1.0 / (i + 1) : 1.0;
	for_each_possible_cpu(c)
		for (i = 0; i < FRAMES; i++) {
			double at = (next() >> 11) * 0x1p-53 * sum;

			for (low = 0, high = stations - 1; low < high;)
				if (sums[(low + high) / 2] > at)
					high = (low + high) / 2;
				else
					low = (low + high) / 2 + 1;
			keys[c][i] = key_of(low);
		}
	free(sums);
}

/*
 * @waiting: threads that have not started, @busy: threads that have not counted FRAMES
 * @wall, @ns: wall time and CPU time of FRAMES
 * @frames: all frames counted
 */
struct job {
	const struct layout *layout;
	unsigned int cpu;
	unsigned int *waiting;
	unsigned int *busy;
	double wall;
	double ns;
	u64 frames;
};

static double now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static void *work(void *argument)
{
	struct sched_param priority = { .sched_priority = 1 };
	struct job *job = argument;
	double wall, ns;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(job->cpu, &set);
	pthread_setaffinity_np(pthread_self(), sizeof(set), &set);
	/* This may be denied. Then more rounds are repeated. */
	pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority);
	cpu = job->cpu;
	native_offset = job->cpu * NATIVE_STRIDE;
	__atomic_fetch_sub(job->waiting, 1, __ATOMIC_ACQ_REL);
	while (__atomic_load_n(job->waiting, __ATOMIC_ACQUIRE))
		;
	wall = now(CLOCK_MONOTONIC);
	ns = now(CLOCK_THREAD_CPUTIME_ID);
	job->layout->run(keys[job->cpu], FRAMES);
	job->ns = now(CLOCK_THREAD_CPUTIME_ID) - ns;
	job->wall = now(CLOCK_MONOTONIC) - wall;
	job->frames = FRAMES;
	__atomic_fetch_sub(job->busy, 1, __ATOMIC_RELAXED);
	for (; __atomic_load_n(job->busy, __ATOMIC_RELAXED); job->frames += FEW)
		job->layout->run(keys[job->cpu], FEW);
	return NULL;
}

/*
 * Run threads on the CPUs from @first on, and add their frames to *@frames. Returns
 * whether each thread had its CPU to itself.
 */
static bool once_try(const struct layout *layout, unsigned int first,
		     unsigned int threads, double *slowest, u64 *frames)
{
	unsigned int waiting = threads, busy = threads, i;
	struct job jobs[NATIVE_CPUS];
	pthread_t thread[NATIVE_CPUS];
	bool undisturbed = true;

	*slowest = 0;
	for (i = 0; i < threads; i++) {
		jobs[i] = (struct job){
			.layout = layout, .cpu = first + i,
			.waiting = &waiting, .busy = &busy,
		};
		if (pthread_create(&thread[i], NULL, work, &jobs[i]))
			abort();
	}
	for (i = 0; i < threads; i++) {
		pthread_join(thread[i], NULL);
		*slowest = fmax(*slowest, jobs[i].ns / FRAMES);
		*frames += jobs[i].frames;
		if (jobs[i].ns < 0.97 * jobs[i].wall)
			undisturbed = false;
	}
	return undisturbed;
}

/* Get the ns per frame of the slower thread; repeat disturbed rounds. */
static double once(const struct layout *layout, unsigned int first,
		   unsigned int threads, u64 *frames)
{
	unsigned int i;
	double ns;

	for (i = 0; i < TRIES; i++)
		if (once_try(layout, first, threads, &ns, frames))
			return ns;
	printf("\nthis machine is too busy: no thread had a CPU to itself in %u tries\n", TRIES);
	exit(1);
}

static double both(const struct layout *layout, u64 *frames)
{
	return once(layout, 0, 2, frames);
}

/* Run each CPU's frames alone, and get the slower one's time, as with two threads. */
static double alone(const struct layout *layout, u64 *frames)
{
	return fmax(once(layout, 0, 1, frames), once(layout, 1, 1, frames));
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *of)
{
	qsort(of, rounds, sizeof(*of), compare);
	return of[rounds / 2];
}

/* Measure all layouts. Returns table.c's time with two threads, divided by that with one. */
static double measure(u32 stations, bool zipf)
{
	double one[LAYOUTS], two[LAYOUTS];
	u64 frames[LAYOUTS] = { 0 };
	unsigned int l, r;

	keys_make(stations, zipf);
	for (l = 0; l < LAYOUTS; l++) {
		layouts[l]->alloc(stations);
		/* Insert all stations, and touch all memory. */
		both(layouts[l], &frames[l]);
	}
	for (r = 0; r < rounds; r++)
		for (l = 0; l < LAYOUTS; l++) {
			times[l][0][r] = alone(layouts[l], &frames[l]);
			times[l][1][r] = both(layouts[l], &frames[l]);
		}
	printf("%9u %-8s", stations, zipf ? "Zipf" : "uniform");
	for (l = 0; l < LAYOUTS; l++) {
		if (layouts[l]->packets() != frames[l]) {
			printf("\n%s has not counted every frame\n", layouts[l]->name);
			exit(1);
		}
		layouts[l]->free();
		one[l] = median(times[l][0]);
		two[l] = median(times[l][1]);
		printf("  %6.2f %6.2f %5.2f", one[l], two[l], two[l] / one[l]);
	}
	for (l = 1; l < LAYOUTS; l++)
		printf("  %6.1f %6.1f", one[l] / one[0], two[l] / two[0]);
	printf("\n");
	fflush(stdout);
	return two[0] / one[0];
}

int main(int argc, char **argv)
{
	double most = 0, ratio;
	unsigned int i;
	bool exceeded = false;
	int c;

	for (i = 1; i + 1 < (unsigned int)argc; i += 2)
		if (!strcmp(argv[i], "--rounds"))
			rounds = atoi(argv[i + 1]);
		else if (!strcmp(argv[i], "--most"))
			most = atof(argv[i + 1]);
		else
			return 2;
	if (i != (unsigned int)argc || !rounds || rounds > ROUNDS_MAX)
		return 2;
	for_each_possible_cpu(c)
		keys[c] = native_zeroed(FRAMES * sizeof(u64));

	printf("ns a frame: one thread, two threads, ratio of the two; and how many times table.c's\n\n");
	printf("%18s", "");
	for (i = 0; i < LAYOUTS; i++)
		printf("  %-20.20s", layouts[i]->name);
	for (i = 1; i < LAYOUTS; i++)
		printf("  %7s/table.c", layouts[i]->name);
	printf("\n%9s %-8s", "stations", "");
	for (i = 0; i < LAYOUTS; i++)
		printf("  %6s %6s %5s", "one", "two", "ratio");
	for (i = 1; i < LAYOUTS; i++)
		printf("  %6s %6s", "one", "two");
	printf("\n");
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		for (c = 0; c < 2; c++) {
			ratio = measure(numbers[i], c);
			if (most && numbers[i] <= 1000 && ratio > most)
				exceeded = true;
		}
	if (exceeded)
		printf("table.c: two threads take more than %.2f times what one takes\n", most);
	return exceeded;
}
