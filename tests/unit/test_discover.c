// SPDX-License-Identifier: GPL-2.0
/* Which stations are news, for those who listen: each once, and none that is not. */
#include <linux/jiffies.h>
#include <string.h>

#include "engine.h"

static struct l2pc_counts counts;
static unsigned int calls;

static void news(struct l2pc_writers *writers)
{
	calls++;
}

static const struct l2pc_writers_ops ops = {
	.request_spare = wanted_nothing,
	.request_scan = news,
};

static void begin(u32 max_stations)
{
	unit_seed(max_stations);
	calls = 0;
	CHECK_EQ(l2pc_counts_init(&counts, 5, max_stations, &ops), 0);
}

static void end(void)
{
	l2pc_counts_free(&counts);
	CHECK_EQ(shim_live(), 0);
}

static void count(int cpu, u32 station)
{
	frame(&counts.writers, cpu, station_key(station));
}

/* How many are told now; untracked ones too? */
static u32 told(bool *untracked)
{
	struct l2pc_station_list fresh;
	u32 count;

	l2pc_discovery_fetch(&counts, &fresh, untracked);
	count = fresh.count;
	l2pc_station_list_free(&fresh);
	return count;
}

static u32 look(bool listening)
{
	bool untracked;

	l2pc_discovery_scan(&counts, listening);
	return told(&untracked);
}

static void begin_listening(u32 max_stations)
{
	begin(max_stations);
	CHECK_EQ(look(true), 0);
}

/* All are silent for longer than they may be. */
static bool idle(struct l2pc_station_list *gone)
{
	shim_tick(HZ);
	return l2pc_counts_expire(&counts, NSEC_PER_SEC / 2, gone);
}

/* It is news, and the packet path says so. */
static void check_asks(u32 station)
{
	calls = 0;
	count(0, station);
	CHECK_EQ(calls, 1);
	CHECK_EQ(look(true), 1);
}

TEST(each_once)
{
	u32 i;

	begin_listening(1000);
	for (i = 0; i < 300; i++)
		count(i % 2, i);
	CHECK_EQ(look(true), 300);
	CHECK_EQ(look(true), 0);
	for (i = 0; i < 310; i++)
		count(2, i);
	CHECK_EQ(look(true), 10);
	l2pc_window_close(&counts, NULL);
	for (i = 0; i < 312; i++)
		count(3, i);
	CHECK_EQ(look(true), 2);
	end();
}

/* The packet path asks for a look once, and again after it. */
TEST(one_call_a_look)
{
	begin(1000);
	count(0, 1);
	count(0, 2);
	CHECK_EQ(calls, 1);
	count(1, 3);
	CHECK_EQ(calls, 2);
	CHECK_EQ(look(true), 3);
	count(0, 1);
	CHECK_EQ(calls, 2);
	count(0, 4);
	CHECK_EQ(calls, 3);
	end();
}

TEST(nothing_of_when_nobody_listened)
{
	begin(1000);
	count(0, 1);
	shim_tick(10);
	CHECK_EQ(look(false), 0);
	shim_tick(10);
	count(0, 2);
	CHECK_EQ(look(true), 1);
	end();
}

/* Old on one CPU, new on another, which is looked at first. */
TEST(old_on_another_cpu)
{
	begin(1000);
	count(3, 1);
	shim_tick(10);
	CHECK_EQ(look(false), 0);
	shim_tick(10);
	count(0, 1);
	CHECK_EQ(look(true), 0);
	end();
}

TEST(in_the_window_that_is_closed)
{
	bool untracked;

	begin_listening(1000);
	count(0, 1);
	l2pc_window_close(&counts, NULL);
	CHECK_EQ(told(&untracked), 1);
	CHECK_EQ(look(true), 0);
	end();
}

TEST(forgotten_and_back)
{
	begin_listening(1000);
	count(0, 1);
	CHECK_EQ(look(true), 1);
	idle(NULL);
	count(0, 1);
	CHECK_EQ(look(true), 1);
	end();
}

/* It is asked for news of who comes back, at once, and not only told later. */
TEST(forgotten_and_back_asks)
{
	begin_listening(1000);
	count(0, 1);
	l2pc_window_close(&counts, NULL);
	/* From here on places are kept for it. */
	l2pc_window_close(&counts, NULL);
	look(true);
	CHECK(idle(NULL));
	CHECK(!l2pc_counts_expire(&counts, NSEC_PER_SEC / 2, NULL));
	look(true);
	check_asks(1);
	end();
}

/* On a busy machine the look it asked for may come later than that. */
TEST(forgotten_before_a_look)
{
	struct l2pc_station_list gone = {};
	bool untracked;

	begin_listening(1000);
	count(0, 1);
	CHECK(idle(&gone));
	CHECK_EQ(gone.count, 1);
	CHECK_EQ(told(&untracked), 1);
	l2pc_station_list_free(&gone);
	/* Nobody listened when it came. */
	CHECK_EQ(look(false), 0);
	count(0, 1);
	CHECK(idle(NULL));
	CHECK_EQ(told(&untracked), 0);
	end();
}

/* Who listened at the last look and went may hear of it by nobody. */
TEST(forgotten_when_the_listener_left)
{
	bool untracked;

	begin_listening(1000);
	count(0, 1);
	CHECK(idle(NULL));
	CHECK_EQ(told(&untracked), 0);
	end();
}

/*
 * More have cells than there are places: those that were noticed first are not those
 * that get one.
 */
TEST(noticed_without_a_place)
{
	struct l2pc_station_list gone = {};
	bool untracked;
	u32 i;

	begin_listening(3);
	for (i = 1; i <= 3; i++)
		count(1, i);
	shim_tick(1);
	for (i = 11; i <= 13; i++)
		count(0, i);
	CHECK_EQ(look(true), 3);
	CHECK(idle(&gone));
	/* Whoever goes came. In which order depends on their hashes. */
	CHECK_EQ(gone.count, 3);
	for (i = 0; i < gone.count; i++)
		CHECK(gone.stations[i].key >= station_key(1) &&
		      gone.stations[i].key <= station_key(3));
	CHECK_EQ(told(&untracked), 3);
	l2pc_station_list_free(&gone);
	count(0, 21);
	CHECK_EQ(look(true), 1);
	end();
}

/* Places were kept for them in the tables of the window that begins. */
TEST(left_lifetime_and_back_asks)
{
	u32 i;

	begin_listening(4);
	for (i = 1; i <= 4; i++) {
		count(0, i);
		shim_tick(1);
	}
	l2pc_window_close(&counts, NULL);
	shim_tick(HZ);
	count(0, 11);
	count(0, 12);
	CHECK(l2pc_window_close(&counts, NULL));
	look(true);
	shim_tick(HZ);
	check_asks(1);
	end();
}

/* Who cannot be told later is known to be lost. */
TEST(lost_without_memory)
{
	struct l2pc_station_list news = {};
	bool untracked;

	begin_listening(1000);
	count(0, 1);
	l2pc_counts_rotate(&counts);
	shim_tick(HZ);
	shim_faults.sleeping = true;
	CHECK(l2pc_counts_expire(&counts, NSEC_PER_SEC / 2, &news));
	shim_faults.sleeping = false;
	CHECK(news.lost && !news.count);
	l2pc_station_list_free(&news);
	CHECK(!news.lost);
	l2pc_discovery_fetch(&counts, &news, &untracked);
	CHECK(news.lost && !news.count);
	count(0, 2);
	l2pc_counts_rotate(&counts);
	shim_faults.sleeping = true;
	l2pc_window_close(&counts, NULL);
	shim_faults.sleeping = false;
	l2pc_discovery_fetch(&counts, &news, &untracked);
	CHECK(news.lost && !news.count);
	/* Told at the next look: not lost. */
	count(0, 3);
	shim_faults.sleeping = true;
	l2pc_discovery_scan(&counts, true);
	shim_faults.sleeping = false;
	l2pc_discovery_fetch(&counts, &news, &untracked);
	CHECK(!news.lost && !news.count);
	end();
}

/* What lifetime has is no news, and goes once. */
TEST(forgotten_from_lifetime)
{
	struct l2pc_station_list gone = {};
	bool untracked;

	begin_listening(1000);
	count(0, 1);
	l2pc_window_close(&counts, NULL);
	CHECK_EQ(told(&untracked), 1);
	count(0, 1);
	CHECK(idle(&gone));
	CHECK_EQ(gone.count, 1);
	CHECK_EQ(told(&untracked), 0);
	l2pc_station_list_free(&gone);
	end();
}

TEST(without_memory_later)
{
	begin_listening(1000);
	count(0, 1);
	shim_faults.sleeping = true;
	CHECK_EQ(look(true), 0);
	shim_faults.sleeping = false;
	CHECK_EQ(look(true), 1);
	end();
}

TEST(untracked_once_a_window)
{
	bool untracked;
	u32 i;

	begin_listening(4);
	for (i = 0; i < 40; i++)
		count(0, i);
	l2pc_discovery_scan(&counts, true);
	told(&untracked);
	CHECK(untracked);
	count(0, 50);
	l2pc_discovery_scan(&counts, true);
	told(&untracked);
	CHECK(!untracked);
	l2pc_window_close(&counts, NULL);
	for (i = 0; i < 40; i++)
		count(0, 100 + i);
	l2pc_discovery_scan(&counts, true);
	told(&untracked);
	CHECK(untracked);
	end();
}
