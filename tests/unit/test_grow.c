// SPDX-License-Identifier: GPL-2.0
/* Growth of a table: spares, placeholders in them, a concurrent switch of the window. */
#include <linux/atomic.h>

#include "writers.h"

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
	/* From here on old stations are counted in the new table. */
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
	/* A frame of a station with a cell requests no spare. */
	shim_tick(1);
	frame(&writers, 0, station_key(1));
	CHECK_EQ(spare_wanted, 2);
	/* No spare is requested while there is one. */
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
		/* These remain: the per-CPU part, the old table, the installed one, the spare. */
		CHECK_EQ(shim_live(), 4);
		l2pc_table_free(replaced);
		l2pc_writers_free(&writers);
		if (occupied)
			break;
	}
}
