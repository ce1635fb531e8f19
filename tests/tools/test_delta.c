// SPDX-License-Identifier: GPL-2.0
/*
 * Unit tests of tools/source/delta.c: ports that are found again, and their counters that
 * started again.
 * Copyright (C) the l2packet_counter authors
 */
#include <string.h>

#include "delta_fixture.h"
#include "unit.h"

TEST(goes_on)
{
	struct view view = view_of("eth0", 2, 160);
	uint64_t fresh;

	test_first();
	view.now += 3600 * SECOND;
	CHECK_EQ(scan_one(&view), DELTA_SAME);
	CHECK_EQ(read_station(station_of(1, 80), &fresh), DELTA_SAME);
	CHECK_EQ(fresh, 30);
	CHECK_EQ(read_station(station_of(2, 7), &fresh), DELTA_NEW);
	CHECK_EQ(fresh, 7);
	CHECK_EQ(d.ports, 1);
	delta_free(&d);
}

/* More packets than before in a later lifetime: all of them are new. */
TEST(module_reloaded)
{
	struct view view = view_of("eth0", 2, 1000);
	uint64_t fresh;

	test_first();
	CHECK_EQ(scan_one(opened(&view, 900)), DELTA_RESTARTED);
	CHECK_EQ(read_station(station_of(1, 80), &fresh), DELTA_RESTARTED);
	CHECK_EQ(fresh, 80);
	CHECK_EQ(d.ports, 1);
	/* Only once. */
	CHECK_EQ(scan_one(&view), DELTA_SAME);
	CHECK_EQ(read_station(station_of(1, 81), &fresh), DELTA_SAME);
	CHECK_EQ(fresh, 1);
	delta_free(&d);
}

/* A station that is first seen again some scans after the restart of its port. */
TEST(port_added_again)
{
	struct view view = view_of("eth0", 2, 1000);

	test_first();
	opened(&view, 150);
	scan_one(&view);
	scan_one(&view);
	CHECK_EQ(read_station(station_of(1, 80), NULL), DELTA_RESTARTED);
	delta_free(&d);
}

TEST(window_closed)
{
	struct view view = view_of("eth0", 2, 115);

	test_first();
	view.now += SECOND;
	CHECK_EQ(scan_one(opened(&view, 1000)), DELTA_RESTARTED);
	CHECK_EQ(read_station(station_of(1, 51), NULL), DELTA_RESTARTED);
	delta_free(&d);
}

TEST(rebooted)
{
	struct view view = view_of("eth0", 2, 115);

	test_first();
	strcpy(d.boot, "boot-2");
	CHECK_EQ(scan_one(&view), DELTA_RESTARTED);
	CHECK_EQ(read_station(station_of(1, 50), NULL), DELTA_RESTARTED);
	delta_free(&d);
}

TEST(port_counters_went_back)
{
	struct view view = view_of("eth0", 2, 114);

	test_first();
	CHECK_EQ(scan_one(&view), DELTA_RESTARTED);
	CHECK_EQ(d.ports, 1);
	delta_free(&d);
}

TEST(port_sent_counters_went_back)
{
	struct view view = view_of("eth0", 2, 115);

	view.totals.value[L2PC_A_TOTALS_TX_PACKETS] = 7;
	test_init();
	CHECK_EQ(scan_one(&view), DELTA_NEW);
	CHECK_EQ(scan_one(&view), DELTA_SAME);
	view.totals.value[L2PC_A_TOTALS_PACKETS]++;
	view.totals.value[L2PC_A_TOTALS_TX_PACKETS] = 6;
	CHECK_EQ(scan_one(&view), DELTA_RESTARTED);
	CHECK_EQ(scan_one(&view), DELTA_SAME);
	delta_free(&d);
}

TEST(device_renamed)
{
	struct view view = view_of("lan0", 2, 115);

	test_first();
	CHECK_EQ(scan_one(&view), DELTA_SAME);
	CHECK_EQ(read_station(station_of(1, 50), NULL), DELTA_SAME);
	CHECK(!strcmp(((struct delta_port *)delta_port_at(&d, 0))->ifname, "lan0"));
	delta_free(&d);
}

/* Loaded together, and the names are exchanged since. */
TEST(names_exchanged)
{
	struct view views[] = { view_of("eth0", 2, 10), view_of("eth1", 3, 10) };
	enum delta_start start[2];
	size_t slot[2];

	test_init();
	scan(views, 2, slot, start);
	strcpy(views[0].ifname, "eth1");
	strcpy(views[1].ifname, "eth0");
	scan(views, 2, slot, start);
	CHECK_EQ(slot[0], 0);
	CHECK_EQ(slot[1], 1);
	CHECK(start[0] == DELTA_SAME && start[1] == DELTA_SAME);
	delta_free(&d);
}

/* Read from a file, which has no devices: by name first, then the one that is left. */
TEST(renamed_without_device)
{
	struct view views[] = { view_of("eth0", 0, 10), view_of("eth1", 0, 20) };
	enum delta_start start[2];
	size_t slot[2];

	test_init();
	scan(views, 2, slot, start);
	views[0] = view_of("lan0", 5, 30);
	views[1] = view_of("eth0", 2, 20);
	scan(views, 2, slot, start);
	CHECK(slot[0] == 1 && start[0] == DELTA_SAME);
	CHECK(slot[1] == 0 && start[1] == DELTA_SAME);
	delta_free(&d);
	/* Fewer packets than eth1 had: it is another one. */
	test_init();
	views[0] = view_of("eth1", 0, 20);
	scan(views, 1, slot, start);
	views[0] = view_of("lan0", 5, 19);
	scan(views, 1, slot, start);
	CHECK(slot[0] == 1 && start[0] == DELTA_NEW);
	delta_free(&d);
}

/* The device is gone, and another interface has its name. */
TEST(name_taken)
{
	struct view views[] = { view_of("usb0", 4, 100), view_of("usb0", 5, 50) };
	enum delta_start start[2];
	size_t slot[2];

	test_init();
	scan(views, 1, slot, start);
	views[0].ifindex = 0;
	opened(&views[1], 200);
	scan(views, 2, slot, start);
	CHECK_EQ(slot[0], 0);
	CHECK_EQ(start[0], DELTA_SAME);
	CHECK_EQ(slot[1], 1);
	CHECK_EQ(start[1], DELTA_NEW);
	/* The other one first, which is renamed. */
	views[0] = views[1];
	views[1] = view_of("usb0", 0, 100);
	strcpy(views[0].ifname, "lan0");
	scan(views, 2, slot, start);
	CHECK_EQ(slot[0], 1);
	CHECK_EQ(slot[1], 0);
	CHECK(start[0] == DELTA_SAME && start[1] == DELTA_SAME);
	delta_free(&d);
}

/* The same interface goes and comes: another index, then another name too. */
TEST(device_came_back)
{
	struct view view = view_of("usb0", 4, 100);

	test_init();
	scan_one(&view);
	view.ifindex = 9;
	CHECK_EQ(scan_one(&view), DELTA_SAME);
	view.ifindex = 0;
	CHECK_EQ(scan_one(&view), DELTA_SAME);
	view.ifindex = 10;
	strcpy(view.ifname, "usb1");
	CHECK_EQ(scan_one(&view), DELTA_SAME);
	/* Nothing says that this is the same one. */
	view.ifindex = 11;
	strcpy(view.ifname, "usb2");
	CHECK_EQ(scan_one(&view), DELTA_NEW);
	delta_free(&d);
}

/* The device moves to another netns: the port stays here without one. Where the device
 * is now, its port has the same name and perhaps the same index.
 */
TEST(device_in_another_netns)
{
	struct view view = view_of("eth0", 0, 115);

	test_first();
	CHECK_EQ(scan_one(&view), DELTA_SAME);
	CHECK_EQ(read_station(station_of(1, 50), NULL), DELTA_SAME);
	view = view_of("eth0", 2, 200);
	CHECK_EQ(scan_one(opened(&view, 990)), DELTA_RESTARTED);
	CHECK_EQ(read_station(station_of(1, 60), NULL), DELTA_RESTARTED);
	delta_free(&d);
}

/* Views one by one, as a dump brings them. */
TEST(one_by_one)
{
	struct view a = view_of("eth0", 2, 10), b = view_of("eth1", 3, 10);
	size_t slot;

	test_init();
	for (int i = 0; i < 2; i++) {
		delta_scan(&d);
		delta_assign(&d, &a, 1, &slot);
		CHECK_EQ(slot, 0);
		CHECK_EQ(delta_enter(&d, slot, &a), i ? DELTA_SAME : DELTA_NEW);
		CHECK_EQ(read_station(station_of(1, 10), NULL), i ? DELTA_SAME : DELTA_NEW);
		delta_assign(&d, &b, 1, &slot);
		CHECK_EQ(slot, 1);
		CHECK_EQ(delta_enter(&d, slot, &b), i ? DELTA_SAME : DELTA_NEW);
		CHECK_EQ(read_station(station_of(1, 10), NULL), i ? DELTA_SAME : DELTA_NEW);
	}
	CHECK_EQ(d.stations, 2);
	delta_free(&d);
}

/* Ports keep their slots until they are released, and records their own members. */
TEST(slots)
{
	struct view views[] = { view_of("eth0", 2, 1), view_of("eth1", 3, 1), view_of("eth2", 4, 1) };
	enum delta_start start[3];
	size_t slot[3];

	test_init();
	scan(views, 2, slot, start);
	((struct test_port *)delta_port_at(&d, 1))->mark = 7;
	scan(&views[1], 1, slot, start);
	CHECK_EQ(slot[0], 1);
	CHECK_EQ(start[0], DELTA_SAME);
	scan(&views[2], 1, slot, start);
	CHECK_EQ(slot[0], 2);
	delta_release(&d, 0);
	delta_release(&d, 2);
	scan(views, 3, slot, start);
	CHECK(slot[0] == 0 && slot[1] == 1 && slot[2] == 2);
	CHECK(start[0] == DELTA_NEW && start[1] == DELTA_SAME && start[2] == DELTA_NEW);
	CHECK_EQ(((struct test_port *)delta_port_at(&d, 1))->mark, 7);
	CHECK_EQ(((struct test_port *)delta_port_at(&d, 0))->mark, 0);
	delta_free(&d);
}
