// SPDX-License-Identifier: GPL-2.0
/* Discovery for listeners: each new station is reported once, others never. */
#include <linux/jiffies.h>
#include <string.h>

#include "engine.h"

static struct l2pc_counts counts;
static unsigned int calls;

static void request_scan(struct l2pc_writers *writers)
{
	calls++;
}

static const struct l2pc_writers_ops ops = {
	.request_spare = request_ignore,
	.request_scan = request_scan,
};

static void setup(u32 max_stations)
{
	unit_seed(max_stations);
	calls = 0;
	CHECK_EQ(l2pc_counts_init(&counts, 5, max_stations, &ops), 0);
}

static void teardown(void)
{
	l2pc_counts_free(&counts);
	CHECK_EQ(shim_live(), 0);
}

static void count(int cpu, u32 station)
{
	frame(&counts.writers, cpu, station_key(station));
}

/* Fetch the pending events: the number of new stations, and untracked frames. */
static u32 fetch_new(bool *untracked)
{
	struct l2pc_station_list new;
	u32 count;

	l2pc_discovery_fetch(&counts, &new, untracked);
	count = new.count;
	l2pc_station_list_free(&new);
	return count;
}

static u32 scan(bool listening)
{
	bool untracked;

	l2pc_discovery_scan(&counts, listening);
	return fetch_new(&untracked);
}

static void setup_listening(u32 max_stations)
{
	setup(max_stations);
	CHECK_EQ(scan(true), 0);
}

/* Expire all stations. */
static bool expire_all(struct l2pc_station_list *expired)
{
	shim_tick(HZ);
	return l2pc_counts_expire(&counts, NSEC_PER_SEC / 2, expired);
}

/* Count a new station: the packet path requests a scan, and the scan reports it. */
static void check_requests_scan(u32 station)
{
	calls = 0;
	count(0, station);
	CHECK_EQ(calls, 1);
	CHECK_EQ(scan(true), 1);
}

TEST(new_station_reported_once)
{
	u32 i;

	setup_listening(1000);
	for (i = 0; i < 300; i++)
		count(i % 2, i);
	CHECK_EQ(scan(true), 300);
	CHECK_EQ(scan(true), 0);
	for (i = 0; i < 310; i++)
		count(2, i);
	CHECK_EQ(scan(true), 10);
	l2pc_window_close(&counts, NULL);
	for (i = 0; i < 312; i++)
		count(3, i);
	CHECK_EQ(scan(true), 2);
	teardown();
}

/* The packet path requests a scan once, and again after the scan. */
TEST(one_request_per_scan)
{
	setup(1000);
	count(0, 1);
	count(0, 2);
	CHECK_EQ(calls, 1);
	count(1, 3);
	CHECK_EQ(calls, 2);
	CHECK_EQ(scan(true), 3);
	count(0, 1);
	CHECK_EQ(calls, 2);
	count(0, 4);
	CHECK_EQ(calls, 3);
	teardown();
}

TEST(not_reported_without_a_listener)
{
	setup(1000);
	count(0, 1);
	shim_tick(10);
	CHECK_EQ(scan(false), 0);
	shim_tick(10);
	count(0, 2);
	CHECK_EQ(scan(true), 1);
	teardown();
}

/* The station is old on one CPU, and new on another CPU, which is scanned first. */
TEST(old_on_another_cpu)
{
	setup(1000);
	count(3, 1);
	shim_tick(10);
	CHECK_EQ(scan(false), 0);
	shim_tick(10);
	count(0, 1);
	CHECK_EQ(scan(true), 0);
	teardown();
}

TEST(reported_when_the_window_is_closed)
{
	bool untracked;

	setup_listening(1000);
	count(0, 1);
	l2pc_window_close(&counts, NULL);
	CHECK_EQ(fetch_new(&untracked), 1);
	CHECK_EQ(scan(true), 0);
	teardown();
}

TEST(expired_and_back)
{
	setup_listening(1000);
	count(0, 1);
	CHECK_EQ(scan(true), 1);
	expire_all(NULL);
	count(0, 1);
	CHECK_EQ(scan(true), 1);
	teardown();
}

/* A station that comes back requests a scan immediately. */
TEST(expired_and_back_requests_a_scan)
{
	setup_listening(1000);
	count(0, 1);
	l2pc_window_close(&counts, NULL);
	/* From here on the station has placeholder cells. */
	l2pc_window_close(&counts, NULL);
	scan(true);
	CHECK(expire_all(NULL));
	CHECK(!l2pc_counts_expire(&counts, NSEC_PER_SEC / 2, NULL));
	scan(true);
	check_requests_scan(1);
	teardown();
}

/* On a busy machine the expiry may precede the requested scan. */
TEST(expired_before_a_scan)
{
	struct l2pc_station_list expired = {};
	bool untracked;

	setup_listening(1000);
	count(0, 1);
	CHECK(expire_all(&expired));
	CHECK_EQ(expired.count, 1);
	CHECK_EQ(fetch_new(&untracked), 1);
	l2pc_station_list_free(&expired);
	/* The station appears without a listener. */
	CHECK_EQ(scan(false), 0);
	count(0, 1);
	CHECK(expire_all(NULL));
	CHECK_EQ(fetch_new(&untracked), 0);
	teardown();
}

/* The listener left after the last scan: neither event has a receiver. */
TEST(expired_after_the_listener_left)
{
	bool untracked;

	setup_listening(1000);
	count(0, 1);
	CHECK(expire_all(NULL));
	CHECK_EQ(fetch_new(&untracked), 0);
	teardown();
}

/*
 * More stations have cells than there are slots: the first reported stations are not the
 * ones that get a slot.
 */
TEST(reported_without_a_slot)
{
	struct l2pc_station_list expired = {};
	bool untracked;
	u32 i;

	setup_listening(3);
	for (i = 1; i <= 3; i++)
		count(1, i);
	shim_tick(1);
	for (i = 11; i <= 13; i++)
		count(0, i);
	CHECK_EQ(scan(true), 3);
	CHECK(expire_all(&expired));
	/* A station is reported as new before it expires. The order depends on the hashes. */
	CHECK_EQ(expired.count, 3);
	for (i = 0; i < expired.count; i++)
		CHECK(expired.stations[i].key >= station_key(1) &&
		      expired.stations[i].key <= station_key(3));
	CHECK_EQ(fetch_new(&untracked), 3);
	l2pc_station_list_free(&expired);
	count(0, 21);
	CHECK_EQ(scan(true), 1);
	teardown();
}

/* Evicted stations had placeholder cells in the new window's tables. */
TEST(evicted_and_back_requests_a_scan)
{
	u32 i;

	setup_listening(4);
	for (i = 1; i <= 4; i++) {
		count(0, i);
		shim_tick(1);
	}
	l2pc_window_close(&counts, NULL);
	shim_tick(HZ);
	count(0, 11);
	count(0, 12);
	CHECK(l2pc_window_close(&counts, NULL));
	scan(true);
	shim_tick(HZ);
	check_requests_scan(1);
	teardown();
}

/* Stations that cannot be reported later are marked as lost. */
TEST(lost_without_memory)
{
	struct l2pc_station_list list = {};
	bool untracked;

	setup_listening(1000);
	count(0, 1);
	l2pc_counts_rotate(&counts);
	shim_tick(HZ);
	shim_faults.sleeping = true;
	CHECK(l2pc_counts_expire(&counts, NSEC_PER_SEC / 2, &list));
	shim_faults.sleeping = false;
	CHECK(list.lost && !list.count);
	l2pc_station_list_free(&list);
	CHECK(!list.lost);
	l2pc_discovery_fetch(&counts, &list, &untracked);
	CHECK(list.lost && !list.count);
	count(0, 2);
	l2pc_counts_rotate(&counts);
	shim_faults.sleeping = true;
	l2pc_window_close(&counts, NULL);
	shim_faults.sleeping = false;
	l2pc_discovery_fetch(&counts, &list, &untracked);
	CHECK(list.lost && !list.count);
	/* The next scan reports this station: it is not lost. */
	count(0, 3);
	shim_faults.sleeping = true;
	l2pc_discovery_scan(&counts, true);
	shim_faults.sleeping = false;
	l2pc_discovery_fetch(&counts, &list, &untracked);
	CHECK(!list.lost && !list.count);
	teardown();
}

/* A station of the history is not new, and expires once. */
TEST(expired_from_the_history)
{
	struct l2pc_station_list expired = {};
	bool untracked;

	setup_listening(1000);
	count(0, 1);
	l2pc_window_close(&counts, NULL);
	CHECK_EQ(fetch_new(&untracked), 1);
	count(0, 1);
	CHECK(expire_all(&expired));
	CHECK_EQ(expired.count, 1);
	CHECK_EQ(fetch_new(&untracked), 0);
	l2pc_station_list_free(&expired);
	teardown();
}

TEST(without_memory_reported_later)
{
	setup_listening(1000);
	count(0, 1);
	shim_faults.sleeping = true;
	CHECK_EQ(scan(true), 0);
	shim_faults.sleeping = false;
	CHECK_EQ(scan(true), 1);
	teardown();
}

TEST(untracked_reported_once_a_window)
{
	bool untracked;
	u32 i;

	setup_listening(4);
	for (i = 0; i < 40; i++)
		count(0, i);
	l2pc_discovery_scan(&counts, true);
	fetch_new(&untracked);
	CHECK(untracked);
	count(0, 50);
	l2pc_discovery_scan(&counts, true);
	fetch_new(&untracked);
	CHECK(!untracked);
	l2pc_window_close(&counts, NULL);
	for (i = 0; i < 40; i++)
		count(0, 100 + i);
	l2pc_discovery_scan(&counts, true);
	fetch_new(&untracked);
	CHECK(untracked);
	teardown();
}
