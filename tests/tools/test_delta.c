// SPDX-License-Identifier: GPL-2.0
/*
 * Unit tests of tools/source/delta.c: how ports are recognized, and when their counters
 * started again.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
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

/* There are more packets than before, but of a later lifetime: all of them are new. */
TEST(module_reloaded)
{
	struct view view = view_of("eth0", 2, 1000);
	uint64_t fresh;

	test_first();
	CHECK_EQ(scan_one(opened(&view, 900)), DELTA_RESTARTED);
	CHECK_EQ(read_station(station_of(1, 80), &fresh), DELTA_RESTARTED);
	CHECK_EQ(fresh, 80);
	CHECK_EQ(d.ports, 1);
	/* The restart is reported once. */
	CHECK_EQ(scan_one(&view), DELTA_SAME);
	CHECK_EQ(read_station(station_of(1, 81), &fresh), DELTA_SAME);
	CHECK_EQ(fresh, 1);
	delta_free(&d);
}

/* A station is read again some scans after the restart of its port. */
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

/* The ports were added together, and their names have been exchanged. */
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

/* Recordings have no devices: ports are matched by name, then the remaining one. */
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
	/* With fewer packets than eth1 had, the port is another one. */
	test_init();
	views[0] = view_of("eth1", 0, 20);
	scan(views, 1, slot, start);
	views[0] = view_of("lan0", 5, 19);
	scan(views, 1, slot, start);
	CHECK(slot[0] == 1 && start[0] == DELTA_NEW);
	delta_free(&d);
}

/* The device was deleted, and another interface has its name. */
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
	/* The other port comes first, with a new name. */
	views[0] = views[1];
	views[1] = view_of("usb0", 0, 100);
	strcpy(views[0].ifname, "lan0");
	scan(views, 2, slot, start);
	CHECK_EQ(slot[0], 1);
	CHECK_EQ(slot[1], 0);
	CHECK(start[0] == DELTA_SAME && start[1] == DELTA_SAME);
	delta_free(&d);
}

/* The same interface is replugged: with another index, then with another name as well. */
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
	/* Index and name differ: the port cannot be recognized. */
	view.ifindex = 11;
	strcpy(view.ifname, "usb2");
	CHECK_EQ(scan_one(&view), DELTA_NEW);
	delta_free(&d);
}

/* The device moves to another netns, and the port stays here without a device. In the other
 * netns, the device's port has the same name and perhaps the same index.
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

/* Views come one by one, as in a dump. */
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

/* Ports keep their slots, and records their own members, until the slots are released. */
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
	CHECK_EQ(delta_port_add(&d), 0);
	delta_release(&d, 2);
	scan(views, 3, slot, start);
	CHECK(slot[0] == 0 && slot[1] == 1 && slot[2] == 2);
	CHECK(start[0] == DELTA_NEW && start[1] == DELTA_SAME && start[2] == DELTA_NEW);
	CHECK_EQ(((struct test_port *)delta_port_at(&d, 1))->mark, 7);
	CHECK_EQ(((struct test_port *)delta_port_at(&d, 0))->mark, 0);
	delta_free(&d);
}

/*
 * Many ports that all started at the same time, in one order and in the other. Half of
 * them are gone then, and as many others come: no slot has two ports.
 */
TEST(many)
{
	enum { PORTS = 1000 };
	static struct view views[PORTS];
	static enum delta_start start[PORTS];
	static size_t slot[PORTS];
	char ifname[L2PC_NAME_MAX + 1];
	unsigned int wrong = 0;

	test_init();
	for (uint32_t scans = 0; scans < 2; scans++) {
		for (uint32_t i = 0; i < PORTS; i++) {
			uint32_t number = scans ? PORTS - 1 - i : i;

			snprintf(ifname, sizeof(ifname), "tap%u", number);
			views[i] = view_of(ifname, 10 + number, 10 + scans);
		}
		scan(views, PORTS, slot, start);
		for (uint32_t i = 0; i < PORTS; i++)
			wrong += slot[i] != (scans ? PORTS - 1 - i : i) ||
				 start[i] != (scans ? DELTA_SAME : DELTA_NEW);
	}
	CHECK_EQ(wrong, 0);
	for (uint32_t i = 0; i < PORTS / 2; i++) {
		delta_release(&d, PORTS - 1 - i);
		snprintf(ifname, sizeof(ifname), "veth%u", i);
		views[i] = view_of(ifname, 5000 + i, 10);
	}
	scan(views, PORTS, slot, start);
	for (uint32_t i = 0; i < PORTS; i++)
		wrong += start[i] != (i < PORTS / 2 ? DELTA_NEW : DELTA_SAME) ||
			 slot[i] != (i < PORTS / 2 ? i + PORTS / 2 : PORTS - 1 - i);
	CHECK_EQ(wrong, 0);
	CHECK_EQ(d.ports, PORTS);
	delta_free(&d);
}
