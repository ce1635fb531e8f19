/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The stations and ports of top: as they are now, and what came since the scan before.
 * Copyright (C) the l2packet_counter authors
 *
 * A station is an entry in one array that delta finds by port, address and VLAN. Each
 * reading overwrites the one before, and keeps the difference. So an entry, its place in
 * the index and in the order of the screen take less than 100 bytes.
 */
#ifndef L2PC_TOOL_TOP_STORE_H
#define L2PC_TOOL_TOP_STORE_H

#include "source/delta.h"
#include "source/source.h"

struct entry {
	struct delta_station delta;	/* counters of the view */
	uint64_t base_packets;		/* when counting began here */
	uint64_t base_bytes;
	uint64_t first_seen;		/* boot time, ns */
	uint64_t last_seen;
	float new_packets;		/* since the reading before */
	float new_bytes;
};

struct top_port {
	struct delta_port delta;
	struct view view;		/* as last read, without stations */
	uint64_t before;		/* the reading before, or when its window was opened */
	uint64_t since;			/* when counting began here, or its window was opened */
	uint64_t packets_before;	/* total at @before */
	uint64_t bytes_before;
	uint64_t base_packets;		/* total at @since */
	uint64_t base_bytes;
	uint32_t stations;
	double seconds;			/* store_seconds(), for each of its stations */
};

struct store {
	struct delta delta;		/* of struct top_port and struct entry */
	bool tagged;			/* there is a station with a VLAN */
};

static inline struct top_port *store_port(const struct store *store, size_t slot)
{
	return (struct top_port *)store->delta.port + slot;
}

static inline struct entry *store_entry(const struct store *store, size_t number)
{
	return (struct entry *)store->delta.station + number;
}

/** store_has() - was a port in the last reading? */
static inline bool store_has(const struct store *store, size_t slot)
{
	return store_port(store, slot)->delta.scan == store->delta.scan;
}

/**
 * store_read() - read the stations
 * @ifname: the port, NULL for all
 *
 * Return: 0 or a negative errno; then there is what came before the error
 */
int store_read(struct store *store, struct source *source, const char *ifname,
	       enum l2pc_view view);

/** store_init() - start with no station */
void store_init(struct store *store);

/** store_clear() - free all; store_init() makes it usable again */
void store_clear(struct store *store);

/** store_seconds() - between the last two readings of a port, or 0 */
double store_seconds(const struct top_port *port);

/** store_age() - seconds since counting began here, or 0 */
double store_age(const struct top_port *port);

#endif /* L2PC_TOOL_TOP_STORE_H */
