// SPDX-License-Identifier: GPL-2.0
/*
 * Unit tests of tools/source/delta.c: how stations are recognized, and when their counters
 * started again.
 * Copyright (C) the l2packet_counter authors
 */
#include <string.h>

#include "delta_fixture.h"
#include "unit.h"

/* The station has more packets than before, but was first seen after the last scan. */
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
	/* In the same scan, and in the next one, the station continues. */
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

/* Fewer frames sent to a station: more frames received from it do not hide that. */
TEST(station_sent_counters_went_back)
{
	struct view view = view_of("eth0", 2, 500);
	struct station station = station_of(1, 50);

	test_init();
	scan_one(&view);
	station.tx_packets = 20;
	station.tx_bytes = 1200;
	read_station(station, NULL);
	scan_one(&view);
	station.tx_bytes = 1260;
	CHECK_EQ(read_station(station, NULL), DELTA_SAME);
	station.packets++;
	station.tx_packets = 19;
	CHECK_EQ(read_station(station, NULL), DELTA_RESTARTED);
	station.tx_bytes = 1259;
	CHECK_EQ(read_station(station, NULL), DELTA_RESTARTED);
	CHECK_EQ(read_station(station, NULL), DELTA_SAME);
	delta_free(&d);
}

/* A timestamp varies by some ticks, and by the clock's slew in a day. */
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

/* The dump starts again: stations that were new in the first half are not restarted. */
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
	/* Stations that appear only in the second half are still known. */
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

/* Random scans are compared with a table of all stations and their counts. */
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
