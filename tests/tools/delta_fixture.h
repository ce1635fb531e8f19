/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A scan of made-up ports and stations, for the unit tests of tools/source/delta.c.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TEST_DELTA_FIXTURE_H
#define L2PC_TEST_DELTA_FIXTURE_H

#include "source/delta.h"

#define SECOND	UINT64_C(1000000000)
#define DAY	(86400 * SECOND)

struct test_port {
	struct delta_port delta;
	int mark;
};

struct test_station {
	struct delta_station delta;
	int mark;
};

/* The subject of the tests. */
extern struct delta d;
/* Time that the machine was suspended, in ns. */
extern uint64_t slept;

struct view view_of(const char *ifname, uint32_t ifindex, uint64_t packets);
struct view *opened(struct view *view, uint64_t seconds);
struct station station_of(uint8_t last, uint64_t packets);
struct station tagged(struct station station, uint16_t vlan);
void test_init(void);
void scan(const struct view *views, size_t count, size_t *slot, enum delta_start *start);
enum delta_start scan_one(const struct view *view);
enum delta_start read_station(struct station station, uint64_t *fresh);
void test_first(void);

#endif /* L2PC_TEST_DELTA_FIXTURE_H */
