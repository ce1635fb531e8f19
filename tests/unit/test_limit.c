// SPDX-License-Identifier: GPL-2.0
/* Limits of tables: max_stations, full tables, allocations that fail. */
#include "writers.h"

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
		CHECK_EQ(sum(0, 0).bytes + writer(0)->rx.untracked_bytes,
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
	CHECK_EQ(writer(0)->rx.untracked_bytes, 500);
	/* The allocation is retried only in the next jiffy. */
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
		CHECK_EQ(sum(0, 0).bytes + writer(0)->rx.untracked_bytes, 54000);
		shim_faults.nth = 0;
		l2pc_writers_free(&writers);
	}
}

/* A failing allocation is retried once a jiffy, not for every frame. */
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

/* The table is full, and cannot grow: stations of an older table are counted there. */
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
