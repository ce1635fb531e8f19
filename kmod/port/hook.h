/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hooks: a packet tap, or the device's RX handler.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_HOOK_H
#define L2PC_HOOK_H

#include <linux/types.h>

#include <linux/l2packet_counter.h>

struct l2pc_port;
struct net_device;

const char *l2pc_hook_name(enum l2pc_hook_kind kind);
enum l2pc_hook_kind l2pc_hook_kind(enum l2pc_hook_wanted wanted);
int l2pc_hook_check(const struct l2pc_port *port, struct net_device *dev,
		    enum l2pc_hook_kind kind);
int l2pc_hook_register(struct l2pc_port *port, struct net_device *dev,
		       enum l2pc_hook_kind kind, bool fcs);
void l2pc_hook_unregister(struct l2pc_port *port, struct net_device *dev);
void l2pc_hook_remove(struct l2pc_port *port, struct net_device *dev);
void l2pc_hook_wait(struct l2pc_port *port);

#endif /* L2PC_HOOK_H */
