/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the module says, as the tool keeps it: ports, views of a port with their
 * stations, windows that were closed, events.
 * Copyright (C) the l2packet_counter authors
 *
 * The module may be older or newer than the tool. So each number comes with a
 * bit that says whether it was sent: what was not sent is left out of the
 * output, which is something else than 0. Numbers stand at the place of their
 * netlink attribute, so that a table of names (totals_keys, port_keys) is all
 * that it takes to read and to write them.
 */
#ifndef L2PC_TOOL_MODEL_H
#define L2PC_TOOL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/l2packet_counter.h>

#include "util/array.h"
#include "util/value.h"

/**
 * struct totals - the sums of a view
 * @has: bit L2PC_A_TOTALS_x is set where @value[L2PC_A_TOTALS_x] was sent
 * @value: the numbers; moments are CLOCK_BOOTTIME in nanoseconds
 */
struct totals {
	uint32_t has;
	uint64_t value[L2PC_A_TOTALS_MAX + 1];
};

/**
 * struct port - an interface that is counted
 * @ifname: its name, empty when it was not sent
 * @has: bit L2PC_A_PORT_x is set where it was sent, also for the three sums
 * @value: the numbers, by L2PC_A_PORT_x
 * @older: it was sent by a module before 2.1, which had other hooks
 * @totals: the three sums, by enum l2pc_view
 * @window: the open window
 * @previous: the window closed last
 * @lifetime: all windows
 */
struct port {
	char ifname[L2PC_NAME_MAX + 1];
	uint32_t has;
	uint64_t value[L2PC_A_PORT_MAX + 1];
	bool older;
	union {
		struct totals totals[3];
		struct {
			struct totals window, previous, lifetime;
		};
	};
};

/**
 * struct station - a source address seen on a port
 * @packets: its frames
 * @bytes: their bytes on the wire
 * @first_seen: boot time in nanoseconds
 * @last_seen: boot time in nanoseconds
 * @has: bit L2PC_A_STATION_x is set where it was sent
 * @vlan: outer VLAN id
 * @mac: the address
 * @name: its name, NULL when it has none or was not looked up
 */
struct station {
	uint64_t packets;
	uint64_t bytes;
	uint64_t first_seen;
	uint64_t last_seen;
	uint16_t has;
	uint16_t vlan;
	uint8_t mac[6];
	const char *name;
};

/**
 * struct hidden - stations of a view that are not shown
 * @stations: how many
 * @packets: their frames
 * @bytes: their bytes
 */
struct hidden {
	uint64_t stations;
	uint64_t packets;
	uint64_t bytes;
};

/**
 * struct view - the stations of a port since some moment
 * @ifname: of the port, empty when it was not sent
 * @has: bit L2PC_A_STATIONS_x is set where it was sent
 * @ifindex: of the port, 0 while there is no device
 * @view: enum l2pc_view
 * @now: when it was read, CLOCK_BOOTTIME in nanoseconds
 * @all_time: it is what l2pc save has kept; @view says nothing then
 * @totals: the sums, of the same moment as the stations
 * @hidden: stations that are not among those
 * @stations: @count of them, of room for @room
 * @count: how many
 * @room: how many there is room for
 */
struct view {
	char ifname[L2PC_NAME_MAX + 1];
	uint32_t has;
	uint32_t ifindex;
	uint32_t view;
	bool all_time;
	uint64_t now;
	struct totals totals;
	struct hidden hidden;
	struct station *stations;
	size_t count;
	size_t room;
};

/**
 * struct closing - a window that a reset closed
 * @ifname: of the port
 * @has: bit L2PC_A_CLOSED_x is set where it was sent
 * @ifindex: of the port
 * @totals: what was counted in the window
 */
struct closing {
	char ifname[L2PC_NAME_MAX + 1];
	uint32_t has;
	uint32_t ifindex;
	struct totals totals;
};

/**
 * struct event - something that happened, as the monitor shows it
 * @name: a word that says what: that of the spec without "-ntf", or "lost"
 *	(events were lost), or "port" (the state of a port, after that)
 * @cmd: L2PC_CMD_x, 0 for the two that are the tool's own
 * @port: whose; for events about ports, with what they say
 * @view: the stations, for events about stations
 */
struct event {
	const char *name;
	uint8_t cmd;
	struct port port;
	struct view view;
};

/** struct views - views of several ports: @count of them, room for @room */
struct views {
	struct view *view;
	size_t count;
	size_t room;
};

/** struct ports - several ports: @count of them, room for @room */
struct ports {
	struct port *port;
	size_t count;
	size_t room;
};

/** struct closings - windows that a reset closed: @count of them, room for @room */
struct closings {
	struct closing *closing;
	size_t count;
	size_t room;
};

/** views_free() - free all views, and empty the list */
void views_free(struct views *views);

/** ports_free() - free all ports, and empty the list */
void ports_free(struct ports *ports);

/** closings_free() - free all windows, and empty the list */
void closings_free(struct closings *closings);

/* Keys of the output, by attribute; NULL where there is no number of its own. */
extern const char *const totals_keys[L2PC_A_TOTALS_MAX + 1];
extern const char *const port_keys[L2PC_A_PORT_MAX + 1];

extern const struct enum_names view_names;
extern const struct enum_names hook_names;
extern const struct enum_names hook_wanted_names;
extern const struct enum_names state_names;

/**
 * port_enum_names() - the words of a number of a port
 * @attr: L2PC_A_PORT_x
 *
 * Return: NULL when it is a plain number.
 */
const struct enum_names *port_enum_names(unsigned int attr);

/** view_station() - append a station, all zero, to a view */
struct station *view_station(struct view *view);

/** view_append() - append a copy of a station @data: struct view, so that it is a callback */
void view_append(const struct station *station, void *data);

/**
 * view_span() - how long a view has counted, or did before it was closed
 * @view: this view
 *
 * Return: nanoseconds, 0 when that is not known
 */
uint64_t view_span(const struct view *view);

/** view_name() - "window", "previous", "lifetime", "all-time" @view: this view */
const char *view_name(const struct view *view);

/**
 * station_order() - the order of addresses, then of VLANs
 * @x: a station
 * @y: another one
 *
 * Return: below, above or at 0, as for qsort()
 */
int station_order(const struct station *x, const struct station *y);

/**
 * view_free() - give back the stations
 * @view: of this view, which can be filled anew
 */
void view_free(struct view *view);

/** port_totals() - a port's sums of a view, or NULL where they were not sent */
static inline const struct totals *port_totals(const struct port *port, enum l2pc_view view)
{
	return port->has & BIT(L2PC_A_PORT_WINDOW + view) ? &port->totals[view] : NULL;
}

static inline bool totals_has(const struct totals *totals, unsigned int attr)
{
	return totals->has & BIT(attr);
}

/* 0 for what was not sent. */
static inline uint64_t totals_skipped(const struct totals *totals)
{
	return totals->value[L2PC_A_TOTALS_SKIPPED_MULTICAST] +
	       totals->value[L2PC_A_TOTALS_SKIPPED_BROADCAST] +
	       totals->value[L2PC_A_TOTALS_SKIPPED_INVALID];
}

#endif /* L2PC_TOOL_MODEL_H */
