/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A port and its device: which can be counted, and by which way in.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_ATTACH_H
#define L2PC_ATTACH_H

struct l2pc_port;
struct net_device;
struct netlink_ext_ack;

int l2pc_attach_init(void);
void l2pc_attach_exit(void);
void l2pc_attach_prepare(struct l2pc_port *port);
void l2pc_attach_stop(struct l2pc_port *port);
int l2pc_port_attach(struct l2pc_port *port, struct net_device *dev,
		     struct netlink_ext_ack *extack);
void l2pc_port_detach(struct l2pc_port *port);
int l2pc_port_rehook(struct l2pc_port *port, struct netlink_ext_ack *extack);
void l2pc_port_device_event(struct l2pc_port *port, unsigned long event,
			    void *ptr);

#endif /* L2PC_ATTACH_H */
