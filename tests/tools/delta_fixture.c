// SPDX-License-Identifier: GPL-2.0
/*
 * A scan of made-up ports and stations, for the unit tests of tools/source/delta.c.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "delta_fixture.h"
#include "unit.h"
#include "util/clock.h"
#include "util/errors.h"
#include "util/files.h"

uint64_t slept;
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

struct delta d;

/* A view of a port, read at 1000 s, whose lifetime started at 100 s. */
struct view view_of(const char *ifname, uint32_t ifindex, uint64_t packets)
{
	struct view view = { .ifindex = ifindex, .now = 1000 * SECOND };

	strcpy(view.ifname, ifname);
	view.totals.value[L2PC_A_TOTALS_OPENED] = 100 * SECOND;
	view.totals.value[L2PC_A_TOTALS_PACKETS] = packets;
	return view;
}

struct view *opened(struct view *view, uint64_t seconds)
{
	view->totals.value[L2PC_A_TOTALS_OPENED] = seconds * SECOND;
	return view;
}

/* A station that was first seen at 200 s. */
struct station station_of(uint8_t last, uint64_t packets)
{
	return (struct station){
		.packets = packets, .bytes = 60 * packets, .first_seen = 200 * SECOND,
		.mac = { 2, 0, 0, 0, 0, last },
	};
}

struct station tagged(struct station station, uint16_t vlan)
{
	station.vlan = vlan;
	station.has |= BIT(L2PC_A_STATION_VLAN);
	return station;
}

void test_init(void)
{
	delta_init(&d, sizeof(struct test_port), sizeof(struct test_station));
}

/* Scan the ports; return their slots and how each continues in @slot and @start. */
void scan(const struct view *views, size_t count, size_t *slot, enum delta_start *start)
{
	delta_scan(&d);
	delta_assign(&d, views, count, slot);
	for (size_t i = 0; i < count; i++)
		start[i] = delta_enter(&d, slot[i], &views[i]);
}

enum delta_start scan_one(const struct view *view)
{
	enum delta_start start;
	size_t slot;

	scan(view, 1, &slot, &start);
	return start;
}

/* Read a station, as a user of delta does; *fresh is the number of new packets. */
enum delta_start read_station(struct station station, uint64_t *fresh)
{
	enum delta_start start;
	struct delta_station *s = delta_station(&d, &station, &start);

	if (start != DELTA_SAME)
		s->packets = s->bytes = s->tx_packets = s->tx_bytes = 0;
	if (fresh)
		*fresh = station.packets - s->packets;
	s->packets = station.packets;
	s->bytes = station.bytes;
	s->tx_packets = station.tx_packets;
	s->tx_bytes = station.tx_bytes;
	return start;
}

/* Scan eth0 once, with one station of 50 packets. */
void test_first(void)
{
	struct view view = view_of("eth0", 2, 115);

	test_init();
	CHECK_EQ(scan_one(&view), DELTA_NEW);
	CHECK_EQ(read_station(station_of(1, 50), NULL), DELTA_NEW);
}
