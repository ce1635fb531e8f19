/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Delta: what ports and stations have counted since they were last read.
 * Copyright (C) the l2packet_counter authors
 *
 * A scan reads all ports of one view. For each port and station of it, delta finds the
 * record of the scan before, and decides whether the counters went on or started again
 * at zero. Its users keep what they need in structs that begin with a struct delta_port
 * and a struct delta_station:
 *
 *	delta_scan(d);
 *	delta_assign(d, views, count, slots);
 *	for each view:
 *		start = delta_enter(d, slot, view);
 *		for each station:
 *			record = delta_station(d, station, &start);
 *			new packets: station->packets - record->packets
 *			record->packets = station->packets
 *	delta_sweep(d);
 *
 * Ports keep their slots. Records of stations move when one is added, and in a sweep.
 */
#ifndef L2PC_TOOL_DELTA_H
#define L2PC_TOOL_DELTA_H

#include "source/model.h"
#include "util/index.h"

#define DELTA_BOOT	37
#define NO_VLAN		UINT16_MAX

/** enum delta_start - what became of counters since the scan before */
enum delta_start {
	DELTA_SAME,		/* they went on */
	DELTA_NEW,		/* they were not known */
	DELTA_RESTARTED,	/* they started again at zero */
};

/* A port when it was last read. */
struct delta_port {
	char ifname[L2PC_NAME_MAX + 1];
	char boot[DELTA_BOOT];	/* id of the boot; empty: never read */
	bool claimed;		/* a view of this scan is of it */
	uint32_t ifindex;	/* 0: no device, or not known */
	uint32_t scan;		/* that had it last */
	uint32_t started;	/* scan that found its counters new */
	uint64_t opened;	/* when its lifetime or window started, boot time, ns */
	uint64_t packets;	/* received */
	uint64_t tx_packets;
	uint64_t read;		/* boot time, ns */
	uint64_t slept;		/* of these, in suspension */
	uint8_t identity[6];	/* permanent address of its device; all zero: none, or not known */
};

/* A station; its counters are those from which differences are taken. */
struct delta_station {
	uint64_t packets;	/* received */
	uint64_t bytes;
	uint64_t tx_packets;
	uint64_t tx_bytes;
	uint8_t mac[6];		/* address and VLAN are read as one number */
	uint16_t vlan;		/* outer VLAN id, or NO_VLAN */
	uint32_t port;		/* slot of its port */
	uint32_t scan;		/* that had it last */
};

struct delta {
	void *port;		/* @ports of @port_size bytes, and room for @port_room */
	size_t port_size, ports, port_room;
	size_t port_unused;	/* no slot before this one is unused */
	struct index known;	/* ports by what may match, as of the start of the scan */
	bool known_valid;
	void *station;		/* the same */
	size_t station_size, stations, station_room;
	uint32_t *index;	/* open addressing: a station's number plus one */
	unsigned int index_bits;
	struct delta_station *next;	/* behind the one found last: dumps keep an order */
	struct delta_station *end;	/* behind the last one */
	size_t current;		/* slot of the port whose stations are read */
	uint32_t started;	/* as that of the port */
	uint64_t latest;	/* a station of it that was known was first seen by then */
	uint32_t scan;		/* number of the scan, from 1 */
	bool again;		/* what was found was in this scan before delta_rewind() */
	char boot[DELTA_BOOT];
};

/** delta_init() - start with no port; records have so many bytes */
void delta_init(struct delta *delta, size_t port_size, size_t station_size);

/** delta_free() - give back all memory */
void delta_free(struct delta *delta);

/** delta_scan() - start a scan */
void delta_scan(struct delta *delta);

/** delta_rewind() - read all ports of this scan again, after an interrupted dump */
void delta_rewind(struct delta *delta);

/**
 * delta_assign() - find or add the ports of views
 * @slot: of each view
 *
 * The surest matches first: a name or a device may belong to another port by now. When
 * views come one by one, each takes the best port that is left.
 */
void delta_assign(struct delta *delta, const struct view *views, size_t count, size_t *slot);

/** delta_enter() - record that a port is read; the stations that follow are of it */
enum delta_start delta_enter(struct delta *delta, size_t slot, const struct view *view);

/** delta_port_add() - add a port, all zero. Return: its slot. */
size_t delta_port_add(struct delta *delta);

/** delta_release() - let the next new port have a slot */
void delta_release(struct delta *delta, size_t slot);

/** delta_find() - the record of a station of the current port, or NULL */
struct delta_station *delta_find(struct delta *delta, const struct station *station);

/**
 * delta_station() - find or add the record of a station of the current port
 * @start: unless DELTA_SAME, the caller sets the counters of the record to 0
 */
struct delta_station *delta_station(struct delta *delta, const struct station *station,
				    enum delta_start *start);

/** delta_add() - add a station to a port, without a look whether it is there */
struct delta_station *delta_add(struct delta *delta, size_t slot, const uint8_t mac[6],
				uint16_t vlan);

/** delta_sweep() - forget the stations that this scan did not have */
void delta_sweep(struct delta *delta);

/** delta_sort() - put the records of stations into an order, as qsort() */
void delta_sort(struct delta *delta, int (*order)(const void *x, const void *y));

/** delta_order() - by port, address and VLAN */
int delta_order(const void *x, const void *y);

static inline void *delta_port_at(const struct delta *delta, size_t slot)
{
	return (char *)delta->port + slot * delta->port_size;
}

static inline void *delta_station_at(const struct delta *delta, size_t number)
{
	/* Without stations there is no array: a null pointer has no offset, not even 0. */
	return delta->station ? (char *)delta->station + number * delta->station_size : NULL;
}

static inline uint16_t station_vlan(const struct station *station)
{
	return station->has & BIT(L2PC_A_STATION_VLAN) ? station->vlan : NO_VLAN;
}

#endif /* L2PC_TOOL_DELTA_H */
