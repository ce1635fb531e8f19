/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Attachment of a port to its device.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_ATTACH_H
#define L2PC_ATTACH_H

#include <linux/types.h>

#include <linux/l2packet_counter.h>

struct l2pc_port;
struct net_device;
struct netlink_ext_ack;

int l2pc_port_attach(struct l2pc_port *port, struct net_device *dev,
		     struct netlink_ext_ack *extack);
void l2pc_port_detach(struct l2pc_port *port);
bool l2pc_device_follow(struct net_device *dev);
void l2pc_port_review(struct l2pc_port *port);
int l2pc_port_check_hook(struct l2pc_port *port, enum l2pc_hook_wanted wanted,
			 struct netlink_ext_ack *extack);
void l2pc_port_set_hook(struct l2pc_port *port, enum l2pc_hook_wanted wanted);
int l2pc_port_set_tx(struct l2pc_port *port, bool tx, struct netlink_ext_ack *extack);
void l2pc_port_device_event(struct l2pc_port *port, unsigned long event);

#endif /* L2PC_ATTACH_H */
