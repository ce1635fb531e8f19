// SPDX-License-Identifier: GPL-2.0
/* Tables of one CPU: find, claim, limits, growth, spares, placeholders, failures. */
#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <string.h>

#include "engine.h"
#include "sizes.h"

static struct l2pc_writers writers;
static unsigned int spare_wanted;

static void request_spare(struct l2pc_writers *from)
{
	CHECK(from == &writers);
	CHECK(shim_self()->softirq);
	spare_wanted++;
}

static const struct l2pc_writers_ops ops = {
	.request_spare = request_spare,
	.request_scan = request_ignore,
};

static void setup(u8 first_bits, u32 max_stations)
{
	unit_seed(first_bits + max_stations);
	spare_wanted = 0;
	CHECK_EQ(l2pc_writers_alloc(&writers, first_bits, max_stations, &ops), 0);
}

static struct l2pc_writer *writer(int cpu)
{
	return per_cpu_ptr(writers.percpu, cpu);
}

static struct l2pc_table *active(int cpu)
{
	return writer(cpu)->active;
}

static unsigned int chain_length(int cpu)
{
	const struct l2pc_table *table;
	unsigned int length = 0;

	for (table = active(cpu); table; table = table->older)
		length++;
	return length;
}

/* Add up all cells of the CPU's tables with this key, or with any (0). */
static struct l2pc_cell sum(int cpu, u64 key)
{
	struct l2pc_cell total = {}, copy;
	const struct l2pc_table *table;
	const struct l2pc_cell *cell;
	u32 index;

	for (table = active(cpu); table; table = table->older)
		l2pc_table_for_each(table, index, cell) {
			if (!l2pc_cell_read(writer(cpu), cell, &copy))
				continue;
			CHECK(copy.key & L2PC_KEY_MAC_MASK);
			if (key && copy.key != key)
				continue;
			total.key++;
			total.packets += copy.packets;
			total.bytes += copy.bytes;
		}
	return total;
}

static u64 untracked(int cpu)
{
	return l2pc_counter_read(writer(cpu), &writer(cpu)->untracked_packets);
}

static u32 empty_cells(const struct l2pc_table *table)
{
	const struct l2pc_cell *cell;
	u32 index, empty = 0;

	l2pc_table_for_each(table, index, cell)
		empty += !cell->key;
	return empty;
}

TEST(claim_and_find)
{
	struct l2pc_cell total;
	u32 i;

	setup(8, 1000);
	CHECK(active(1) == l2pc_table_none);
	for (i = 1; i <= 150; i++)
		frames(&writers, 1, station_key(i), i, 60 * i);
	for (i = 1; i <= 150; i++)
		frames(&writers, 1, station_key(i), 2, 3);
	CHECK_EQ(active(1)->used, 150);
	CHECK_EQ(chain_length(1), 1);
	for (i = 1; i <= 150; i++) {
		total = sum(1, station_key(i));
		CHECK_EQ(total.key, 1);
		CHECK_EQ(total.packets, i + 2);
		CHECK_EQ(total.bytes, 60 * i + 3);
	}
	/* Idle CPUs have no table. */
	CHECK(active(0) == l2pc_table_none && active(2) == l2pc_table_none);
	CHECK_EQ(shim_live(), 2);
	CHECK_EQ(untracked(1), 0);
	l2pc_writers_free(&writers);
}

TEST(empty_table_reads_as_nothing)
{
	setup(8, 1000);
	CHECK_EQ(l2pc_table_cells(l2pc_table_none), 0);
	CHECK_EQ(sum(0, 0).key, 0);
	l2pc_writers_free(&writers);
}

/* Find a key with cell @home of a table of @bits as its home. */
static u64 key_with_home(u8 bits, u32 home, u32 *from)
{
	u64 mask = (sizeof(struct l2pc_cell) << bits) - 1;

	for (;;) {
		u64 key = station_key(++*from);

		if ((l2pc_hash(writers.hash_key, key) & mask) / sizeof(struct l2pc_cell) ==
		    home)
			return key;
	}
}

/* Keys of one home fill the cells after it, past the end, past the header. */
TEST(collisions_wrap_around_and_pass_the_header)
{
	u32 homes[] = { 0, 1, 2, 254, 255 };
	u64 keys[60];
	u32 i, h, from;

	for (h = 0; h < 5; h++) {
		setup(8, 1000);
		from = 0;
		for (i = 0; i < 60; i++) {
			keys[i] = key_with_home(8, homes[h], &from);
			frames(&writers, 0, keys[i], 1 + i, 10);
		}
		CHECK_EQ(active(0)->bits, 8);
		for (i = 0; i < 60; i++)
			frames(&writers, 0, keys[i], 100, 10);
		for (i = 0; i < 60; i++) {
			CHECK_EQ(sum(0, keys[i]).key, 1);
			CHECK_EQ(sum(0, keys[i]).packets, 101 + i);
		}
		/* The header is unchanged. */
		CHECK_EQ(active(0)->guard0, L2PC_KEY_GUARD);
		CHECK_EQ(active(0)->guard1, L2PC_KEY_GUARD);
		CHECK_EQ(active(0)->used, 60);
		CHECK(!active(0)->older);
		CHECK_EQ(active(0)->hash_key[0], writers.hash_key[0]);
		l2pc_writers_free(&writers);
	}
}

/* No frame's key equals the key of a header cell or of an empty one. */
TEST(guards_equal_no_key)
{
	u64 keys[] = {
		L2PC_KEY_STATION | L2PC_KEY_GUARD | 0x02ULL << 16,
		L2PC_KEY_STATION | 0x02ULL << 16,
		~0ULL & ~L2PC_KEY_MULTICAST,
		L2PC_KEY_STATION | 0x02ULL << 16 | KEY_TAGGED | L2PC_KEY_VLAN_MASK,
	};
	struct l2pc_table before;
	u32 i;

	setup(8, 1000);
	frame(&writers, 0, keys[0]);
	before = *active(0);
	for (i = 0; i < 4; i++)
		frame(&writers, 0, keys[i]);
	CHECK_EQ(sum(0, 0).key, 4);
	CHECK_EQ(sum(0, 0).packets, 5);
	before.used = 4;
	CHECK(!memcmp(&before, active(0), sizeof(before)));
	l2pc_writers_free(&writers);
}

/* A frame with a source of zeros is skipped: without a cell, and not lost. */
TEST(zero_address_is_skipped)
{
	setup(8, 1000);
	frame(&writers, 0, L2PC_KEY_STATION);
	frame(&writers, 0, station_key(1));
	frame(&writers, 0, L2PC_KEY_STATION);
	CHECK_EQ(sum(0, 0).key, 1);
	CHECK_EQ(untracked(0), 0);
	CHECK_EQ(l2pc_counter_read(writer(0), &writer(0)->skipped[L2PC_SKIPPED_INVALID]), 2);
	l2pc_writers_free(&writers);
}

TEST(skipped_by_reason)
{
	setup(8, 1000);
	shim_softirq_begin(2);
	l2pc_writer_skip(&writers, L2PC_SKIPPED_MULTICAST);
	l2pc_writer_skip(&writers, L2PC_SKIPPED_MULTICAST);
	l2pc_writer_skip(&writers, L2PC_SKIPPED_BROADCAST);
	shim_softirq_end();
	CHECK_EQ(writer(2)->skipped[L2PC_SKIPPED_MULTICAST], 2);
	CHECK_EQ(writer(2)->skipped[L2PC_SKIPPED_BROADCAST], 1);
	CHECK_EQ(writer(2)->skipped[L2PC_SKIPPED_INVALID], 0);
	l2pc_writers_free(&writers);
}

/* Counters exceed 32 bits, also by super-packets. */
TEST(counts_are_64_bit)
{
	u32 i;

	setup(8, 1000);
	for (i = 0; i < 8; i++)
		frames(&writers, 0, station_key(1), ~0U, ~0U);
	CHECK_EQ(sum(0, station_key(1)).packets, 8 * 0xffffffffULL);
	CHECK_EQ(sum(0, station_key(1)).bytes, 8 * 0xffffffffULL);
	l2pc_writers_free(&writers);
}

TEST(timestamps)
{
	const struct l2pc_cell *cell;
	struct l2pc_cell copy;
	u32 start, index;

	setup(8, 1000);
	shim_set_jiffies(0xfffffff0UL);
	start = (u32)shim_jiffies();
	frame(&writers, 0, station_key(1));
	shim_tick(100);
	frame(&writers, 0, station_key(1));
	l2pc_table_for_each(active(0), index, cell)
		if (l2pc_cell_read(writer(0), cell, &copy)) {
			CHECK_EQ(copy.first_seen, start);
			CHECK_EQ(copy.last_seen, start + 100);
		}
	l2pc_writers_free(&writers);
}

/* At the soft limit the next station switches the CPU to a table of twice the size. */
TEST(grows_at_the_limit)
{
	u32 i, limit = LIMIT(256);

	setup(8, 100000);
	for (i = 1; i <= limit; i++)
		frame(&writers, 0, station_key(i));
	CHECK_EQ(active(0)->bits, 8);
	CHECK_EQ(active(0)->used, limit);
	frame(&writers, 0, station_key(i));
	CHECK_EQ(active(0)->bits, 9);
	CHECK_EQ(active(0)->used, 1);
	CHECK_EQ(chain_length(0), 2);
	/* From now on old stations are counted in the new table. */
	frame(&writers, 0, station_key(1));
	CHECK_EQ(active(0)->used, 2);
	CHECK_EQ(sum(0, station_key(1)).key, 2);
	CHECK_EQ(sum(0, station_key(1)).packets, 2);
	CHECK_EQ(sum(0, 0).packets, limit + 2);
	l2pc_writers_free(&writers);
}

TEST(requests_a_spare_when_half_full_once_a_jiffy)
{
	u32 i, limit = LIMIT(256);

	setup(8, 100000);
	for (i = 1; i <= limit / 2; i++)
		frame(&writers, 0, station_key(i));
	CHECK_EQ(spare_wanted, 0);
	for (; i <= limit / 2 + 10; i++)
		frame(&writers, 0, station_key(i));
	CHECK_EQ(spare_wanted, 1);
	shim_tick(1);
	frame(&writers, 0, station_key(i++));
	frame(&writers, 0, station_key(i++));
	CHECK_EQ(spare_wanted, 2);
	/* Not for a frame of a station with a cell. */
	shim_tick(1);
	frame(&writers, 0, station_key(1));
	CHECK_EQ(spare_wanted, 2);
	/* Not while there is a spare. */
	writer(0)->spare = l2pc_table_alloc(&writers, 9, 0);
	frame(&writers, 0, station_key(i++));
	CHECK_EQ(spare_wanted, 2);
	l2pc_writers_free(&writers);
}

TEST(installs_the_spare)
{
	struct l2pc_table *spare;
	u32 i, limit = LIMIT(256);
	size_t allocs;

	setup(8, 100000);
	for (i = 1; i <= limit; i++)
		frame(&writers, 0, station_key(i));
	spare = l2pc_table_alloc(&writers, 10, 0);
	CHECK(l2pc_table_reserve(&writers, spare, station_key(1)));
	writer(0)->spare = spare;
	allocs = shim_allocs();
	frame(&writers, 0, station_key(i));
	CHECK(active(0) == spare && !writer(0)->spare);
	CHECK_EQ(shim_allocs(), allocs);
	CHECK_EQ(chain_length(0), 2);
	CHECK_EQ(spare->used, 2);
	CHECK_EQ(sum(0, 0).packets, i);
	l2pc_writers_free(&writers);
}

TEST(frees_a_stale_spare)
{
	u32 i, limit = LIMIT(256);

	setup(8, 100000);
	for (i = 1; i <= limit; i++)
		frame(&writers, 0, station_key(i));
	writer(0)->spare = l2pc_table_alloc(&writers, 8, 0);
	frame(&writers, 0, station_key(i));
	CHECK(!writer(0)->spare);
	CHECK_EQ(active(0)->bits, 9);
	CHECK_EQ(shim_live(), 3);
	CHECK_EQ(sum(0, 0).packets, i);
	l2pc_writers_free(&writers);
}

/* max_stations bounds a table of any size; further stations are untracked. */
TEST(bounded_by_max_stations)
{
	u32 bounds[] = { 1, 2, 3, 10, 11, 12, 13, 14, 15, 27, 28, 29, 100, 196, 197, 1000 };
	u32 b, i;

	for (b = 0; b < sizeof(bounds) / sizeof(*bounds); b++) {
		u32 bound = bounds[b];

		setup(5, bound);
		for (i = 1; i <= 2 * bound + 2; i++)
			frames(&writers, 0, station_key(i), 2, 100);
		CHECK(active(0)->used <= bound);
		CHECK(sum(0, 0).key >= bound);
		CHECK_EQ(sum(0, 0).packets + untracked(0), 2 * (2 * bound + 2));
		CHECK_EQ(sum(0, 0).bytes + writer(0)->untracked_bytes,
			 100 * (2 * bound + 2));
		CHECK_EQ(active(0)->bits, l2pc_table_bits_max(&writers));
		/* Stations with a cell are counted on; others stay untracked. */
		for (i = 1; i <= 2 * bound + 2; i++) {
			u64 before = sum(0, station_key(i)).packets;

			frame(&writers, 0, station_key(i));
			if (before)
				CHECK_EQ(sum(0, station_key(i)).packets, before + 1);
		}
		CHECK_EQ(sum(0, 0).packets + untracked(0), 3 * (2 * bound + 2));
		l2pc_writers_free(&writers);
	}
}

/* Without memory a table fills to 7/8, so that every probe still ends. */
static void hard_limit(u8 bits)
{
	u32 i, cells = 1U << bits;

	setup(bits, 100000);
	frame(&writers, 0, station_key(1));
	shim_faults.atomic = true;
	for (i = 2; i <= cells + 10; i++) {
		CHECK(empty_cells(active(0)) > 0);
		frame(&writers, 0, station_key(i));
	}
	CHECK(empty_cells(active(0)) > 0);
	CHECK_EQ(chain_length(0), 1);
	CHECK_EQ(active(0)->used, HARD(cells));
	CHECK_EQ(sum(0, 0).packets, active(0)->used);
	CHECK_EQ(untracked(0), cells + 10 - active(0)->used);
	CHECK(spare_wanted > 0);
	shim_faults.atomic = false;
	l2pc_writers_free(&writers);
}

TEST(hard_limit_without_memory)
{
	u8 bits;

	for (bits = L2PC_MIN_BITS; bits <= 12; bits++)
		hard_limit(bits);
}

TEST(first_table_fails)
{
	setup(8, 100000);
	shim_faults.atomic = true;
	frames(&writers, 0, station_key(1), 3, 200);
	frames(&writers, 0, station_key(2), 4, 300);
	CHECK(active(0) == l2pc_table_none);
	CHECK_EQ(untracked(0), 7);
	CHECK_EQ(writer(0)->untracked_bytes, 500);
	/* Tried again in the next jiffy only. */
	shim_faults.atomic = false;
	frame(&writers, 0, station_key(1));
	CHECK_EQ(untracked(0), 8);
	shim_tick(1);
	frame(&writers, 0, station_key(1));
	CHECK_EQ(untracked(0), 8);
	CHECK_EQ(sum(0, station_key(1)).packets, 1);
	l2pc_writers_free(&writers);
}

/* Every allocation fails once: the totals stay exact. */
TEST(each_allocation_fails_once)
{
	u32 nth, i;

	for (nth = 1; nth < 12; nth++) {
		setup(5, 5000);
		shim_faults.nth = nth;
		for (i = 0; i < 6000; i++) {
			frames(&writers, 0, station_key(1 + i % 3000), 2, 9);
			if (i % 100 == 99)
				shim_tick(1);
		}
		CHECK_EQ(sum(0, 0).packets + untracked(0), 12000);
		CHECK_EQ(sum(0, 0).bytes + writer(0)->untracked_bytes, 54000);
		shim_faults.nth = 0;
		l2pc_writers_free(&writers);
	}
}

/* A failing allocation is tried once a jiffy, not for every frame. */
TEST(failing_allocation_is_tried_once_a_jiffy)
{
	u32 i, limit = LIMIT(256);
	size_t before;

	setup(8, 100000);
	for (i = 1; i <= limit; i++)
		frame(&writers, 0, station_key(i));
	shim_faults.atomic = true;
	before = shim_failed();
	for (; i <= limit + 20; i++)
		frame(&writers, 0, station_key(i));
	CHECK(shim_failed() - before <= 8);
	shim_faults.atomic = false;
	l2pc_writers_free(&writers);
}

/* Full, and no bigger table: stations of an older table are counted there. */
TEST(counts_in_older_tables)
{
	u32 i, old = LIMIT(256), more = HARD(512);

	setup(8, 100000);
	for (i = 1; i <= old + 1; i++)
		frame(&writers, 0, station_key(i));
	CHECK_EQ(chain_length(0), 2);
	shim_faults.atomic = true;
	for (; i <= old + more; i++)
		frame(&writers, 0, station_key(i));
	CHECK_EQ(active(0)->bits, 9);
	CHECK_EQ(active(0)->used, more);
	CHECK_EQ(untracked(0), 0);
	for (i = 1; i <= old; i++)
		frame(&writers, 0, station_key(i));
	CHECK_EQ(untracked(0), 0);
	for (i = 1; i <= old; i++) {
		CHECK_EQ(sum(0, station_key(i)).key, 1);
		CHECK_EQ(sum(0, station_key(i)).packets, 2);
	}
	frame(&writers, 0, station_key(99999));
	CHECK_EQ(untracked(0), 1);
	shim_faults.atomic = false;
	l2pc_writers_free(&writers);
}

/* Above the maximum size in softirq the CPU adds overflow tables, within the bound. */
TEST(overflow_tables_are_bounded)
{
	u32 i, stations = 40000, cells = 0;
	const struct l2pc_table *table;

	setup(14, 50000);
	for (i = 1; i <= stations; i++)
		frame(&writers, 0, station_key(i));
	CHECK(spare_wanted > 0);
	CHECK(chain_length(0) > 2);
	for (table = active(0); table; table = table->older) {
		CHECK(table->bits <= L2PC_ATOMIC_BITS);
		cells += l2pc_table_cells(table);
	}
	CHECK(cells <= 1U << l2pc_table_bits_max(&writers));
	CHECK_EQ(untracked(0), 0);
	CHECK_EQ(sum(0, 0).key, stations);
	/* Each station is counted in the table that has it. */
	for (i = 1; i <= stations; i += 7)
		frame(&writers, 0, station_key(i));
	CHECK_EQ(sum(0, 0).key, stations);
	CHECK_EQ(sum(0, 0).packets, stations + (stations + 6) / 7);
	for (; i <= 200000; i++)
		frame(&writers, 0, station_key(i));
	cells = 0;
	for (table = active(0); table; table = table->older)
		cells += l2pc_table_cells(table);
	CHECK(cells <= 1U << l2pc_table_bits_max(&writers));
	CHECK_EQ(chain_length(0), active(0)->depth);
	CHECK(untracked(0) > 0);
	l2pc_writers_free(&writers);
}

TEST(placeholders_show_only_when_used)
{
	struct l2pc_table *spare;
	u32 i, limit = LIMIT(256);

	setup(8, 100000);
	for (i = 1; i <= limit; i++)
		frame(&writers, 0, station_key(i));
	spare = l2pc_table_alloc(&writers, 9, 0);
	for (i = 1; i <= 100; i++)
		CHECK(l2pc_table_reserve(&writers, spare, station_key(i)));
	CHECK(l2pc_table_reserve(&writers, spare, station_key(1)));
	CHECK_EQ(spare->used, 100);
	writer(0)->spare = spare;
	frame(&writers, 0, station_key(1000));
	CHECK(active(0) == spare);
	CHECK_EQ(sum(0, 0).key, limit + 1);
	frame(&writers, 0, station_key(50));
	CHECK_EQ(sum(0, station_key(50)).key, 2);
	CHECK_EQ(spare->used, 101);
	l2pc_writers_free(&writers);
}

TEST(placeholders_leave_half_of_the_biggest_table)
{
	struct l2pc_table *table;
	u32 i;

	setup(8, 101);
	table = l2pc_table_alloc(&writers, 8, 0);
	for (i = 1; i <= 51; i++)
		CHECK(l2pc_table_reserve(&writers, table, station_key(i)));
	CHECK(!l2pc_table_reserve(&writers, table, station_key(i)));
	CHECK(l2pc_table_reserve(&writers, table, station_key(51)));
	CHECK_EQ(table->used, 51);
	l2pc_table_free(table);
	l2pc_writers_free(&writers);
}

TEST(sizes)
{
	setup(8, 65536);
	CHECK_EQ(l2pc_table_bits_max(&writers), 17);
	CHECK_EQ(l2pc_table_bits_for(&writers, 0), 8);
	CHECK_EQ(l2pc_table_bits_for(&writers, LIMIT(256)), 8);
	CHECK_EQ(l2pc_table_bits_for(&writers, LIMIT(256) + 1), 9);
	CHECK_EQ(l2pc_table_bits_for(&writers, ~0U), 17);
	writers.max_stations = L2PC_MAX_STATIONS_MAX;
	CHECK_EQ(l2pc_table_bits_max(&writers), 25);
	writers.max_stations = 1;
	CHECK_EQ(l2pc_table_bits_max(&writers), 8);
	l2pc_writers_free(&writers);
	setup(0, 1);
	CHECK_EQ(writers.first_bits, L2PC_MIN_BITS);
	l2pc_writers_free(&writers);
}

TEST(writers_alloc_fails)
{
	shim_faults.nth = 1;
	CHECK(l2pc_writers_alloc(&writers, 8, 100, &ops) == -12);
	CHECK_EQ(shim_live(), 0);
}

TEST(free_frees_everything)
{
	u32 i;
	int cpu;

	setup(4, 100000);
	for (cpu = 0; cpu < SHIM_CPUS; cpu++)
		for (i = 0; i < 5000; i++)
			frame(&writers, cpu, station_key(i));
	writer(0)->spare = l2pc_table_alloc(&writers, 6, 0);
	CHECK(shim_live() > 10);
	l2pc_writers_free(&writers);
	CHECK_EQ(shim_live(), 0);
	CHECK(!writers.percpu);
}

/* window.c switches while the owner grows: after the owner's allocation. */
static struct l2pc_table *installed_next, *installed_spare, *replaced;
static size_t allocs_before;

static void window_switches_first(void)
{
	if (!installed_next || shim_allocs() == allocs_before)
		return;
	replaced = xchg(&writer(0)->active, installed_next);
	writer(0)->spare = installed_spare;
	installed_next = NULL;
}

/* The owner continues in window.c's table. Its own becomes the spare, or is freed. */
TEST(window_c_switches_first)
{
	u32 i, limit = LIMIT(256);
	struct l2pc_table *installed;
	bool occupied;

	for (occupied = false;; occupied = true) {
		setup(8, 100000);
		for (i = 1; i <= limit; i++)
			frame(&writers, 0, station_key(i));
		installed = installed_next = l2pc_table_alloc(&writers, 8, 0);
		installed_spare = occupied ? l2pc_table_alloc(&writers, 9, 0) : NULL;
		allocs_before = shim_allocs();
		shim_thread.point = window_switches_first;
		frame(&writers, 0, station_key(i));
		shim_thread.point = NULL;
		CHECK(!installed_next);
		CHECK(active(0) == installed && installed->used == 1);
		CHECK(!installed->older && replaced->used == limit);
		CHECK(writer(0)->spare && !writer(0)->spare->older);
		CHECK(!occupied || writer(0)->spare == installed_spare);
		/* The per-CPU part, the old table, the installed one, the spare. */
		CHECK_EQ(shim_live(), 4);
		l2pc_table_free(replaced);
		l2pc_writers_free(&writers);
		if (occupied)
			break;
	}
}

static void frame_outside_of_softirq(void)
{
	l2pc_writer_count(&writers, station_key(1), 1, 60);
}

TEST(counting_needs_a_cpu)
{
	setup(8, 100);
	CHECK(unit_dies(frame_outside_of_softirq));
	l2pc_writers_free(&writers);
}
