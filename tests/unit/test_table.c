// SPDX-License-Identifier: GPL-2.0
/* Tables of one CPU: find, claim, skip, count, sizes, free. */
#include <linux/jiffies.h>
#include <string.h>

#include "writers.h"

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

/* A frame with source 00:00:00:00:00:00 is skipped: it has no cell, and is not lost. */
TEST(zero_address_is_skipped)
{
	setup(8, 1000);
	frame(&writers, 0, L2PC_KEY_STATION);
	frame(&writers, 0, station_key(1));
	frame(&writers, 0, L2PC_KEY_STATION);
	CHECK_EQ(sum(0, 0).key, 1);
	CHECK_EQ(untracked(0), 0);
	CHECK_EQ(l2pc_counter_read(writer(0), &writer(0)->rx.skipped[L2PC_SKIPPED_INVALID]), 2);
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
	CHECK_EQ(writer(2)->rx.skipped[L2PC_SKIPPED_MULTICAST], 2);
	CHECK_EQ(writer(2)->rx.skipped[L2PC_SKIPPED_BROADCAST], 1);
	CHECK_EQ(writer(2)->rx.skipped[L2PC_SKIPPED_INVALID], 0);
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
