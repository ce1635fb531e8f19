/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events: what is told to those who listen, by netlink and by tracepoints.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_EVENT_H
#define L2PC_EVENT_H

#include <linux/types.h>

#include <linux/l2packet_counter.h>

struct l2pc_news;
struct l2pc_port;
struct l2pc_totals;

bool l2pc_event_listening(struct l2pc_port *port);
void l2pc_event_port(struct l2pc_port *port, u8 command);
void l2pc_event_closed(struct l2pc_port *port, const struct l2pc_totals *closed);
void l2pc_event_stations(struct l2pc_port *port, u8 command,
			 const struct l2pc_news *stations);

#endif /* L2PC_EVENT_H */
