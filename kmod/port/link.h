/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Linking: ports onto the list, and off it.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_LINK_H
#define L2PC_LINK_H

struct l2pc_port;
struct list_head;
struct netlink_ext_ack;

int l2pc_port_link(struct l2pc_port *port, struct netlink_ext_ack *extack);
void l2pc_port_unlink(struct l2pc_port *port, struct list_head *unlinked);
void l2pc_ports_unlink(struct list_head *leaving, struct list_head *unlinked);
void l2pc_ports_finish(struct list_head *unlinked);

#endif /* L2PC_LINK_H */
