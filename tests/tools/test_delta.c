// SPDX-License-Identifier: GPL-2.0
/*
 * Unit tests of tools/source/delta.c: ports and stations that are found again, and
 * counters that started again.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/delta.h"
#include "unit.h"
#include "util/clock.h"
#include "util/errors.h"
#include "util/files.h"

#define SECOND	UINT64_C(1000000000)
#define DAY	(86400 * SECOND)

static uint64_t slept;
static const char *boot = "boot-1";

uint64_t clock_slept(void)
{
	return slept;
}

bool file_line(const char *path, char *line, size_t size)
{
	(void)path;
	snprintf(line, size, "%s", boot);
	return true;
}

void out_of_memory(void)
{
	abort();
}

struct test_port {
	struct delta_port delta;
	int mark;
};

struct test_station {
	struct delta_station delta;
	int mark;
};

static struct delta d;

/* A view of a port, read at 1000 s, whose lifetime started at 100 s. */
static struct view view_of(const char *ifname, uint32_t ifindex, uint64_t packets)
{
	struct view view = { .ifindex = ifindex, .now = 1000 * SECOND };

	strcpy(view.ifname, ifname);
	view.totals.value[L2PC_A_TOTALS_OPENED] = 100 * SECOND;
	view.totals.value[L2PC_A_TOTALS_PACKETS] = packets;
	return view;
}

static struct view *opened(struct view *view, uint64_t seconds)
{
	view->totals.value[L2PC_A_TOTALS_OPENED] = seconds * SECOND;
	return view;
}

/* A station that was first seen at 200 s. */
static struct station station_of(uint8_t last, uint64_t packets)
{
	return (struct station){
		.packets = packets, .bytes = 60 * packets, .first_seen = 200 * SECOND,
		.mac = { 2, 0, 0, 0, 0, last },
	};
}

static struct station tagged(struct station station, uint16_t vlan)
{
	station.vlan = vlan;
	station.has |= BIT(L2PC_A_STATION_VLAN);
	return station;
}

static void test_init(void)
{
	delta_init(&d, sizeof(struct test_port), sizeof(struct test_station));
}

/* Scan the ports; slots and what became of them are put there. */
static void scan(const struct view *views, size_t count, size_t *slot, enum delta_start *start)
{
	delta_scan(&d);
	delta_assign(&d, views, count, slot);
	for (size_t i = 0; i < count; i++)
		start[i] = delta_enter(&d, slot[i], &views[i]);
}

static enum delta_start scan_one(const struct view *view)
{
	enum delta_start start;
	size_t slot;

	scan(view, 1, &slot, &start);
	return start;
}

/* Read a station, as a user of delta does; *fresh is what is new. */
static enum delta_start read_station(struct station station, uint64_t *fresh)
{
	enum delta_start start;
	struct delta_station *s = delta_station(&d, &station, &start);

	if (start != DELTA_SAME)
		s->packets = s->bytes = 0;
	if (fresh)
		*fresh = station.packets - s->packets;
	s->packets = station.packets;
	s->bytes = station.bytes;
	return start;
}

/* One scan of eth0 with one station of 50 packets. */
static void test_first(void)
{
	struct view view = view_of("eth0", 2, 115);

	test_init();
	CHECK_EQ(scan_one(&view), DELTA_NEW);
	CHECK_EQ(read_station(station_of(1, 50), NULL), DELTA_NEW);
}

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

/* It has more than before, but was first seen after the scan before. */
TEST(station_expired)
{
	struct view view = view_of("eth0", 2, 500);
	struct station station = station_of(1, 80);
	uint64_t fresh;

	test_first();
	view.now += 3600 * SECOND;
	station.first_seen = 1002 * SECOND;
	CHECK_EQ(scan_one(&view), DELTA_SAME);
	CHECK_EQ(read_station(station, &fresh), DELTA_RESTARTED);
	CHECK_EQ(fresh, 80);
	/* In the same scan, and the next one, it goes on. */
	CHECK_EQ(read_station(station, &fresh), DELTA_SAME);
	scan_one(&view);
	CHECK_EQ(read_station(station, &fresh), DELTA_SAME);
	CHECK_EQ(fresh, 0);
	delta_free(&d);
}

TEST(station_counters_went_back)
{
	struct view view = view_of("eth0", 2, 500);
	struct station station = station_of(1, 50);

	test_first();
	scan_one(&view);
	station.packets = 49;
	CHECK_EQ(read_station(station, NULL), DELTA_RESTARTED);
	station.bytes = 40;
	CHECK_EQ(read_station(station, NULL), DELTA_RESTARTED);
	delta_free(&d);
}

/* A timestamp moves by some ticks, and by what NTP slews in a day. */
TEST(stamp_jitter)
{
	struct view view = view_of("eth0", 2, 500);
	struct station station = station_of(1, 50);

	test_init();
	scan_one(&view);
	station.first_seen = view.now - SECOND / 100;
	read_station(station, NULL);
	view.now += SECOND;
	station.first_seen += SECOND / 25;
	scan_one(&view);
	CHECK_EQ(read_station(station, NULL), DELTA_SAME);
	view.now += DAY;
	station.first_seen = view.now - DAY + 40 * SECOND;
	scan_one(&view);
	CHECK_EQ(read_station(station, NULL), DELTA_SAME);
	view.now += DAY;
	station.first_seen = view.now - DAY + 50 * SECOND;
	scan_one(&view);
	CHECK_EQ(read_station(station, NULL), DELTA_RESTARTED);
	delta_free(&d);
}

/* A suspension moves timestamps by its length; without one it is a restart. */
TEST(suspended)
{
	struct view view = view_of("eth0", 2, 500);
	struct station station = station_of(1, 50);

	test_first();
	slept = 3600 * SECOND;
	view.now += 3610 * SECOND;
	station.first_seen += slept;
	scan_one(&view);
	CHECK_EQ(read_station(station, NULL), DELTA_SAME);
	view.now += 3610 * SECOND;
	station.first_seen = view.now - 10 * SECOND;
	scan_one(&view);
	CHECK_EQ(read_station(station, NULL), DELTA_RESTARTED);
	delta_free(&d);
}

/* The dump starts again: what was new in the first half is not restarted. */
TEST(dump_interrupted)
{
	struct view view = view_of("eth0", 2, 500);
	struct station station = station_of(2, 7);
	enum delta_start start;
	uint64_t fresh;
	size_t slot;

	test_first();
	view.now += SECOND;
	station.first_seen = view.now - SECOND / 2;
	CHECK_EQ(scan_one(&view), DELTA_SAME);
	CHECK_EQ(read_station(station, NULL), DELTA_NEW);
	delta_rewind(&d);
	delta_assign(&d, &view, 1, &slot);
	CHECK_EQ(slot, 0);
	start = delta_enter(&d, slot, &view);
	CHECK_EQ(start, DELTA_SAME);
	station.packets++;
	CHECK_EQ(read_station(station, &fresh), DELTA_SAME);
	CHECK_EQ(fresh, 1);
	/* Those that come only now were still there before. */
	CHECK_EQ(read_station(station_of(1, 50), NULL), DELTA_SAME);
	delta_free(&d);
}

TEST(vlans_are_stations)
{
	struct view view = view_of("eth0", 2, 500);

	test_first();
	scan_one(&view);
	CHECK_EQ(read_station(tagged(station_of(1, 50), 0), NULL), DELTA_NEW);
	CHECK_EQ(read_station(tagged(station_of(1, 50), 4094), NULL), DELTA_NEW);
	CHECK_EQ(read_station(station_of(1, 50), NULL), DELTA_SAME);
	CHECK_EQ(d.stations, 3);
	delta_sort(&d, delta_order);
	CHECK_EQ(((struct delta_station *)delta_station_at(&d, 0))->vlan, NO_VLAN);
	CHECK_EQ(((struct delta_station *)delta_station_at(&d, 1))->vlan, 0);
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

/* Random scans against a table of all stations: which are there, with what. */
TEST(sweeps)
{
	enum { PORTS = 3, STATIONS = 250, SCANS = 60 };
	static uint64_t known[PORTS][STATIONS];
	struct view views[PORTS] = { view_of("eth0", 2, 0), view_of("eth1", 3, 0), view_of("eth2", 4, 0) };
	enum delta_start start[PORTS], got;
	size_t slot[PORTS], there;

	unit_seed(1);
	test_init();
	for (int s = 0; s < SCANS; s++) {
		bool all = unit_below(10);

		there = 0;
		scan(views, PORTS, slot, start);
		for (size_t p = 0; p < PORTS; p++) {
			delta_enter(&d, slot[p], &views[p]);
			for (uint8_t m = 0; m < STATIONS; m++) {
				struct station station = station_of(m, known[p][m] + unit_below(5) + 1);
				uint64_t fresh;

				if (unit_below(100) < (all ? 10 : 90)) {
					known[p][m] = 0;
					continue;
				}
				got = read_station(station, &fresh);
				CHECK_EQ(got, known[p][m] ? DELTA_SAME : DELTA_NEW);
				CHECK_EQ(fresh, station.packets - known[p][m]);
				known[p][m] = station.packets;
				there++;
			}
		}
		delta_sweep(&d);
		CHECK_EQ(d.stations, there);
		if (s % 7 == 0)
			delta_sort(&d, delta_order);
	}
	delta_free(&d);
}
