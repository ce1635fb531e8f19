/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ports: add, delete, set.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_PORTS_H
#define L2PC_PORTS_H

#include <linux/types.h>

struct l2pc_settings;
struct net;
struct netlink_ext_ack;

int l2pc_ports_init(void);
void l2pc_ports_shutdown(void);
void l2pc_ports_exit(void);
int l2pc_port_add(struct net *net, const char *name,
		  const struct l2pc_settings *settings, bool parameter,
		  struct netlink_ext_ack *extack);
int l2pc_port_del(const struct net *net, const char *name,
		  struct netlink_ext_ack *extack);
int l2pc_port_set(const struct net *net, const char *name,
		  const struct l2pc_settings *settings, u32 given,
		  struct netlink_ext_ack *extack);
void l2pc_ports_set(u32 given);

#endif /* L2PC_PORTS_H */
