/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The egress hook: counts the frames that a device is given to send.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_EGRESS_H
#define L2PC_EGRESS_H

struct l2pc_port;
struct net_device;
struct netlink_ext_ack;

int l2pc_egress_check(const char *name, struct netlink_ext_ack *extack);
int l2pc_egress_register(struct l2pc_port *port, struct net_device *dev);
void l2pc_egress_remove(struct l2pc_port *port, struct net_device *dev);
void l2pc_egress_unregister(struct l2pc_port *port, struct net_device *dev);

#endif /* L2PC_EGRESS_H */
