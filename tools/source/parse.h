/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Parser of netlink messages of the family l2pc.
 * Copyright (C) the l2packet_counter authors
 *
 * Unknown attributes are skipped. One of a wrong size counts as missing.
 */
#ifndef L2PC_TOOL_PARSE_H
#define L2PC_TOOL_PARSE_H

#include "source/model.h"

struct nlattr;
struct nlmsghdr;

/* parse_cmd() - L2PC_CMD_x of a message */
uint8_t parse_cmd(const struct nlmsghdr *nlh);

/* parse_port() - read a port into @port, which is all zero */
void parse_port(const struct nlmsghdr *nlh, struct port *port);

/* parse_view() - read a view without its stations into @view, which is all zero */
void parse_view(const struct nlmsghdr *nlh, struct view *view);

/* parse_stations() - report the stations of a message */
void parse_stations(const struct nlmsghdr *nlh,
		    void (*on_station)(const struct station *station, void *data), void *data);

/* parse_closed() - read L2PC_A_RESET_CLOSED into @view, which is all zero */
void parse_closed(const struct nlattr *nest, struct view *view);

#endif /* L2PC_TOOL_PARSE_H */
