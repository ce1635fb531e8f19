/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages of the family l2pc, as kmod/iface/netlink_put.c makes them.
 * Copyright (C) the l2packet_counter authors
 *
 * A message is in a buffer of MESSAGE_MAX bytes. Functions that return bool return false
 * when it is full, with nothing appended.
 */
#ifndef L2PC_TOOL_RUN_MESSAGE_H
#define L2PC_TOOL_RUN_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include <libmnl/libmnl.h>

struct l2pc_station;
struct l2pc_totals;
struct pattern_run;
struct port_run;

/* What the kernel sends of a dump at once. */
#define MESSAGE_MAX	(32U << 10)

/* A message begins here: the request that it answers has the sequence number. */
struct nlmsghdr *message_start(void *at, uint8_t cmd, uint32_t seq, uint16_t flags);

bool message_totals(struct nlmsghdr *nlh, uint16_t attr, const struct l2pc_totals *totals);
bool message_station(struct nlmsghdr *nlh, const struct l2pc_station *station);

/* message_port() - append state and settings */
bool message_port(struct nlmsghdr *nlh, const struct port_run *port);

/* message_pattern() - append a pattern with its settings */
bool message_pattern(struct nlmsghdr *nlh, const struct pattern_run *pattern);

#endif /* L2PC_TOOL_RUN_MESSAGE_H */
