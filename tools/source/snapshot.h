/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Asks the module, and keeps the answer.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_SNAPSHOT_H
#define L2PC_TOOL_SNAPSHOT_H

#include "source/model.h"
#include "source/netlink.h"

/**
 * struct views - views of several ports
 * @view: @count of them, of room for @room
 * @count: how many
 * @room: how many there is room for
 */
struct views {
	struct view *view;
	size_t count;
	size_t room;
};

/**
 * struct ports - several ports
 * @port: @count of them, of room for @room
 * @count: how many
 * @room: how many there is room for
 */
struct ports {
	struct port *port;
	size_t count;
	size_t room;
};

/**
 * struct closings - windows that were closed
 * @closing: @count of them, of room for @room
 * @count: how many
 * @room: how many there is room for
 */
struct closings {
	struct closing *closing;
	size_t count;
	size_t room;
};

/**
 * struct walker - who is told of stations one by one
 * @reset: discard what was reported: the walk starts again
 * @port: stations of this one follow; has none of them itself
 * @station: a station of it
 */
struct walker {
	void (*reset)(void *data);
	void (*port)(const struct view *view, void *data);
	void (*station)(const struct station *station, void *data);
};

/**
 * snapshot_walk() - the stations of a port, or of all, one by one
 * @nl: connection
 * @ifname: the port, NULL for all
 * @view: since when
 * @walker: is told
 * @data: for @walker
 *
 * Return: 0 or a negative errno
 */
int snapshot_walk(struct nl *nl, const char *ifname, enum l2pc_view view,
		  const struct walker *walker, void *data);

/**
 * snapshot_ports() - a port, or all
 * @nl: connection
 * @ifname: the port, NULL for all
 * @ports: empty; to be freed by ports_free(), also after an error
 *
 * Return: 0 or a negative errno
 */
int snapshot_ports(struct nl *nl, const char *ifname, struct ports *ports);

/**
 * snapshot_reset() - close the window of a port, or of all
 * @nl: connection
 * @ifname: the port, NULL for all
 * @closings: empty; to be freed by closings_free(), also after an error
 *
 * Return: 0 or a negative errno
 */
int snapshot_reset(struct nl *nl, const char *ifname, struct closings *closings);

/** views_free() - @views: is empty afterwards */
void views_free(struct views *views);

/** ports_free() - @ports: is empty afterwards */
void ports_free(struct ports *ports);

/** closings_free() - @closings: is empty afterwards */
void closings_free(struct closings *closings);

#endif /* L2PC_TOOL_SNAPSHOT_H */
