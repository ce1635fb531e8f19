/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Netlink messages of the family l2pc, taken apart.
 * Copyright (C) the l2packet_counter authors
 *
 * Attributes that the tool does not know are passed over, those that are missing
 * stay missing, those of a wrong size count as missing.
 */
#ifndef L2PC_TOOL_PARSE_H
#define L2PC_TOOL_PARSE_H

#include <libmnl/libmnl.h>

#include "source/model.h"

/** parse_cmd() - L2PC_CMD_x of @nlh: this message */
uint8_t parse_cmd(const struct nlmsghdr *nlh);

/**
 * parse_port() - a message with attributes of a port
 * @nlh: the message
 * @port: to be filled, all zero
 */
void parse_port(const struct nlmsghdr *nlh, struct port *port);

/**
 * parse_view() - everything but the stations of a message with stations
 * @nlh: the message
 * @view: to be filled, all zero
 */
void parse_view(const struct nlmsghdr *nlh, struct view *view);

/** typedef parse_on_station - takes a station; @data is the caller's */
typedef void (*parse_on_station)(const struct station *station, void *data);

/**
 * parse_stations() - its stations
 * @nlh: the message
 * @on_station: called for each
 * @data: for @on_station
 */
void parse_stations(const struct nlmsghdr *nlh, parse_on_station on_station, void *data);

/**
 * parse_closing() - a window that was closed
 * @nest: L2PC_A_RESET_CLOSED
 * @closing: to be filled, all zero
 */
void parse_closing(const struct nlattr *nest, struct closing *closing);

#endif /* L2PC_TOOL_PARSE_H */
