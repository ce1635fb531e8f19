/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Notifications: the events of a port, in order, to the interface that sends them.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_NOTIFY_H
#define L2PC_NOTIFY_H

#include <linux/types.h>

#include "engine/station_list.h"
#include "engine/sums.h"

struct l2pc_pattern_info;
struct l2pc_port;
struct net;
struct net_device;

/**
 * struct l2pc_changes - what a change of stations reports, in this order
 * @new: stations that are new
 * @untracked: the window has its first untracked frames
 * @closed: totals of the window that was closed; its id is 0 when none was
 * @expired: stations that expired
 */
struct l2pc_changes {
	struct l2pc_station_list new;
	bool untracked;
	struct l2pc_totals closed;
	struct l2pc_station_list expired;
};

/**
 * struct l2pc_notify_ops - what sends events, in process context
 * @listening: whether station events of a port have a listener
 * @port: a port changed; the command is L2PC_CMD_PORT_*_NTF
 * @changes: a port's stations changed, or its window was closed
 * @grown: CPUs got bigger tables
 * @pattern: a pattern of a namespace changed, or a device that it matches, which may be
 *	NULL, is not counted; the command is L2PC_CMD_PATTERN_*_NTF or
 *	L2PC_CMD_PORTS_FULL_NTF
 *
 * All may sleep. @port and @pattern may be called with RTNL and ports_lock held.
 */
struct l2pc_notify_ops {
	bool (*listening)(struct l2pc_port *port);
	void (*port)(struct l2pc_port *port, u8 command);
	void (*changes)(struct l2pc_port *port, const struct l2pc_changes *changes);
	void (*grown)(struct l2pc_port *port, unsigned int tables);
	void (*pattern)(struct net *net, const struct l2pc_pattern_info *pattern,
			const struct net_device *dev, u8 command);
};

void l2pc_notify_init(const struct l2pc_notify_ops *ops);
void l2pc_notify_port(struct l2pc_port *port, u8 command);
void l2pc_notify_pattern(struct net *net, const struct l2pc_pattern_info *pattern,
			 const struct net_device *dev, u8 command);
void l2pc_notify_grown(struct l2pc_port *port, unsigned int tables);
bool l2pc_notify_begin(struct l2pc_port *port);
void l2pc_notify_discover(struct l2pc_port *port, bool listening);
void l2pc_notify_end(struct l2pc_port *port, struct l2pc_changes *changes,
		     bool rescan);
u64 l2pc_notify_scan(struct l2pc_port *port);

#endif /* L2PC_NOTIFY_H */
