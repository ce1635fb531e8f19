// SPDX-License-Identifier: GPL-2.0
/*
 * 64-bit counters on 32 bit: two stores to write, two loads to read. A frame counts so
 * many packets here that nearly every frame carries into the upper word. A reader must
 * always get the counts of some number of frames: never half a counter, and never packets
 * without their bytes.
 *
 * Tested with threads, and at each instruction: the processor's trap flag stops the
 * reader after every one of its instructions, and a frame is counted there, like a
 * softirq. Or it stops the writer, and a reader reads there.
 *
 * Only for a compiler with words of 32 bits: elsewhere a carry is one instruction.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>

#include "engine.h"

#define PACKETS		0xfffffff1U	/* of each frame */
#define BYTES		0xffffff1dU
#define FRAMES		200000U		/* of a thread, at least */
#define READINGS	200000U
#define READINGS_A_VIEW	100U		/* readings for each view */

#define STATION		station_key(1)	/* has the only cell */
#define UNTRACKED	station_key(2)
#define OTHER		station_key(3)

static struct l2pc_counts counts;

/* Get the number of frames that make @value; fails when it is not a whole number. */
static u64 whole(u64 value, u32 of_each)
{
	CHECK_EQ(value % of_each, 0);
	return value / of_each;
}

static struct l2pc_writer *the_writer(void)
{
	return per_cpu_ptr(counts.writers.percpu, 0);
}

static void count_both(void)
{
	frames(&counts.writers, 0, STATION, PACKETS, BYTES);
	frames(&counts.writers, 0, UNTRACKED, PACKETS, BYTES);
}

/* Set up counts with cells for so many stations. */
static void setup(u32 max_stations)
{
	CHECK_EQ(l2pc_counts_init(&counts, L2PC_MIN_BITS, max_stations,
				  &ops_ignore), 0);
}

/*
 * Read the station's frames in its cell; 0 without a cell. Only the two cells where it
 * may be: each of these instructions is tested below.
 */
static u64 read_cell(void)
{
	const struct l2pc_writer *writer = the_writer();
	struct l2pc_table *table = READ_ONCE(writer->active);
	unsigned long offset = l2pc_table_home(table, STATION);
	struct l2pc_cell copy = {};
	unsigned int i;
	u64 found = 0;

	if (l2pc_table_at(table, offset)->key == L2PC_KEY_GUARD)
		offset = l2pc_table_next(table, offset);
	for (i = 0; i < 2 && copy.key != STATION; i++) {
		if (l2pc_cell_read(writer, l2pc_table_at(table, offset), &copy)) {
			CHECK(copy.key == STATION || copy.key == OTHER);
			found = whole(copy.packets, PACKETS);
			CHECK_EQ(whole(copy.bytes, BYTES), found);
		}
		offset = l2pc_table_mate(offset);
	}
	return copy.key == STATION ? found : 0;
}

static u64 read_untracked_packets(void)
{
	const struct l2pc_writer *writer = the_writer();

	return whole(l2pc_counter_read(writer, &writer->rx.untracked_packets), PACKETS);
}

static u64 read_untracked_bytes(void)
{
	const struct l2pc_writer *writer = the_writer();

	return whole(l2pc_counter_read(writer, &writer->rx.untracked_bytes), BYTES);
}

static u64 (*const readers[])(void) = {
	read_cell, read_untracked_packets, read_untracked_bytes,
};

#define READERS	(sizeof(readers) / sizeof(readers[0]))

/* Check the final counts, and free them. */
static void teardown(u64 cell, u64 untracked)
{
	struct l2pc_snapshot snapshot = view(&counts, L2PC_VIEW_WINDOW, ~0ULL);

	CHECK_EQ(snapshot.count, 1);
	CHECK_EQ(snapshot.stations[0].packets, cell * PACKETS);
	CHECK_EQ(snapshot.stations[0].bytes, cell * BYTES);
	CHECK_EQ(snapshot.totals.counters.untracked_packets, untracked * PACKETS);
	CHECK_EQ(snapshot.totals.counters.untracked_bytes, untracked * BYTES);
	l2pc_snapshot_free(&snapshot);
	l2pc_counts_free(&counts);
	CHECK_EQ(shim_live(), 0);
}

/* --- threads --- */

static u32 readings;
static bool done;

static void *count(void *argument)
{
	u64 *counted = argument;

	while (*counted < FRAMES ||
	       __atomic_load_n(&readings, __ATOMIC_RELAXED) < READINGS) {
		count_both();
		++*counted;
	}
	__atomic_store_n(&done, true, __ATOMIC_RELEASE);
	return NULL;
}

static void grows(u64 value, u64 *before)
{
	CHECK(value >= *before);
	*before = value;
}

TEST(threads)
{
	u64 before[READERS] = {}, packets = 0, bytes = 0, counted = 0;
	struct l2pc_snapshot snapshot;
	pthread_t thread;
	unsigned int i;

	setup(1);
	pthread_create(&thread, NULL, count, &counted);
	while (!__atomic_load_n(&done, __ATOMIC_ACQUIRE)) {
		for (i = 0; i < READERS; i++)
			grows(readers[i](), &before[i]);
		if (!(readings % READINGS_A_VIEW)) {
			snapshot = view(&counts, L2PC_VIEW_WINDOW, ~0ULL);
			grows(whole(snapshot.totals.packets, PACKETS), &packets);
			grows(whole(snapshot.totals.bytes, BYTES), &bytes);
			l2pc_snapshot_free(&snapshot);
		}
		__atomic_fetch_add(&readings, 1, __ATOMIC_RELAXED);
	}
	pthread_join(thread, NULL);
	teardown(counted, counted);
}

/* --- instruction by instruction --- */

#if defined(__i386__) || defined(__x86_64__)

#include <x86intrin.h>

#define TRAP_FLAG	0x100U

static volatile unsigned int step, stop_at;
static void (*at_stop)(void);

#define AT_EACH	0U

static void trapped(int signal, siginfo_t *info, void *context)
{
	ucontext_t *registers = context;

	(void)signal;
	(void)info;
	if (++step != stop_at && stop_at != AT_EACH)
		return;
	at_stop();
	if (stop_at != AT_EACH)
		registers->uc_mcontext.gregs[REG_EFL] &= ~TRAP_FLAG;
}

/*
 * Run a function, stopped for @other after its @at-th instruction, or after each.
 * Returns false when it has fewer instructions.
 */
static bool stopped(void (*run)(void), unsigned int at, void (*other)(void))
{
	const struct sigaction action = {
		.sa_sigaction = trapped,
		.sa_flags = SA_SIGINFO,
	};

	CHECK_EQ(sigaction(SIGTRAP, &action, NULL), 0);
	step = 0;
	stop_at = at;
	at_stop = other;
	/* The compiler does not know that these call a function. */
	barrier();
	__writeeflags(__readeflags() | TRAP_FLAG);
	barrier();
	run();
	barrier();
	__writeeflags(__readeflags() & ~TRAP_FLAG);
	barrier();
	return step >= at;
}

static u64 (*reader)(void);
static u64 value;

static void read_value(void)
{
	value = reader();
}

TEST(a_frame_after_each_instruction_of_a_reader)
{
	unsigned int i, at;
	u64 counted = 1;

	setup(1);
	count_both();
	for (i = 0; i < READERS; i++) {
		reader = readers[i];
		for (at = 1; stopped(read_value, at, count_both); at++) {
			counted++;
			CHECK(value == counted - 1 || value == counted);
		}
		/* The run was stopped often enough to cover the reader. */
		CHECK(at > 10);
		CHECK_EQ(value, counted);
	}
	teardown(counted, counted);
}

static sigjmp_buf would_wait;
static unsigned int read_before, read_after, waited;

static void give_up(void)
{
	siglongjmp(would_wait, 1);
}

static u64 counted_before;

/* Read on another CPU while this one is stopped. The read may have to wait for the writer. */
static void read_or_wait(void)
{
	shim_self()->wait = give_up;
	if (sigsetjmp(would_wait, 0)) {
		waited++;
	} else {
		value = reader();
		CHECK(value == counted_before || value == counted_before + 1);
		if (value == counted_before)
			read_before++;
		else
			read_after++;
	}
	shim_self()->wait = NULL;
}

/* Count a frame with @run, and read after each of its instructions. */
static void read_after_each(void (*run)(void), u64 (*read)(void))
{
	reader = read;
	counted_before = reader();
	read_before = 0;
	read_after = 0;
	waited = 0;
	stopped(run, AT_EACH, read_or_wait);
	CHECK(read_before && waited && read_after);
	CHECK_EQ(reader(), counted_before + 1);
}

static void count_station(void)
{
	frames(&counts.writers, 0, STATION, PACKETS, BYTES);
}

static void count_untracked(void)
{
	frames(&counts.writers, 0, UNTRACKED, PACKETS, BYTES);
}

TEST(a_reader_after_each_instruction_of_a_writer)
{
	setup(1);
	count_both();
	read_after_each(count_station, read_cell);
	read_after_each(count_untracked, read_untracked_packets);
	read_after_each(count_untracked, read_untracked_bytes);
	teardown(2, 3);
}

/* While a cell is being claimed, readers see no cell or the complete cell. */
TEST(a_reader_after_each_instruction_of_a_first_frame)
{
	setup(2);
	/* This frame gives the CPU a table. */
	frames(&counts.writers, 0, OTHER, PACKETS, BYTES);
	read_after_each(count_station, read_cell);
	l2pc_counts_free(&counts);
}

/* Skipped frames count one each: set the counter so that the next one carries. */
static u64 read_skipped(void)
{
	const struct l2pc_writer *writer = the_writer();

	return l2pc_counter_read(writer, &writer->rx.skipped[L2PC_SKIPPED_MULTICAST]);
}

static void skip(void)
{
	shim_softirq_begin(0);
	l2pc_writer_skip(&counts.writers, L2PC_SKIPPED_MULTICAST);
	shim_softirq_end();
}

TEST(skipped_frames_carry)
{
	const u64 below = 0xffffffffU;
	unsigned int at;
	bool more;

	setup(1);
	the_writer()->rx.skipped[L2PC_SKIPPED_MULTICAST] = below;
	read_after_each(skip, read_skipped);
	for (more = true, at = 1; more; at++) {
		the_writer()->rx.skipped[L2PC_SKIPPED_MULTICAST] = below;
		more = stopped(read_value, at, skip);
		CHECK(value == below || value == below + 1);
	}
	l2pc_counts_free(&counts);
	CHECK_EQ(shim_live(), 0);
}

#endif
