/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Notifications: the events of a port, in order, to the interface that sends them.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_NOTIFY_H
#define L2PC_NOTIFY_H

#include <linux/types.h>

struct l2pc_port;
struct l2pc_station_list;
struct l2pc_totals;

/**
 * struct l2pc_notify_ops - what sends events, in process context
 * @listening: whether station events of a port have a listener
 * @port: a port changed, or its untracked frames began; the command is L2PC_CMD_*_NTF
 * @closed: a window was closed
 * @stations: stations are new, or expired; the command is L2PC_CMD_STATION_*_NTF
 * @grown: CPUs got bigger tables
 *
 * All may sleep. @port may be called with RTNL and ports_lock held.
 */
struct l2pc_notify_ops {
	bool (*listening)(struct l2pc_port *port);
	void (*port)(struct l2pc_port *port, u8 command);
	void (*closed)(struct l2pc_port *port, const struct l2pc_totals *closed);
	void (*stations)(struct l2pc_port *port, u8 command,
			 const struct l2pc_station_list *stations);
	void (*grown)(struct l2pc_port *port, unsigned int tables);
};

void l2pc_notify_init(const struct l2pc_notify_ops *ops);
void l2pc_notify_port(struct l2pc_port *port, u8 command);
void l2pc_notify_grown(struct l2pc_port *port, unsigned int tables);
bool l2pc_notify_begin(struct l2pc_port *port);
void l2pc_notify_new_stations(struct l2pc_port *port);
void l2pc_notify_closed(struct l2pc_port *port, const struct l2pc_totals *closed);
void l2pc_notify_expired(struct l2pc_port *port,
			 const struct l2pc_station_list *expired);
void l2pc_notify_end(struct l2pc_port *port, bool rescan);
u64 l2pc_notify_scan(struct l2pc_port *port);

#endif /* L2PC_NOTIFY_H */
