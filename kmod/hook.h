/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The way into the packet path.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_HOOK_H
#define L2PC_HOOK_H

struct l2pc_port;
struct net_device;

int l2pc_hook_attach(struct l2pc_port *port, struct net_device *dev);
void l2pc_hook_detach(struct l2pc_port *port, struct net_device *dev);

#endif /* L2PC_HOOK_H */
