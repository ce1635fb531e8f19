/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The list of ports: the interfaces being monitored.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_PORTS_H
#define L2PC_PORTS_H

#include <linux/types.h>

struct l2pc_port;
struct l2pc_settings;
struct net;
struct netlink_ext_ack;

/* Of one network namespace. */
#define L2PC_PORTS_MAX			64U
/*
 * What the initial one sees at most: its own, and those of the namespace in which
 * the module was loaded, when that was deleted.
 */
#define L2PC_PORTS_SEEN_MAX		(2 * L2PC_PORTS_MAX)

int l2pc_ports_init(void);
void l2pc_ports_close(void);
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
unsigned int l2pc_ports_get(const struct net *net,
			    struct l2pc_port *ports[L2PC_PORTS_SEEN_MAX]);
unsigned int l2pc_ports_generation(const struct net *net);
struct l2pc_port *l2pc_port_get(const struct net *net, const char *name);
struct l2pc_port *l2pc_port_get_after(const struct net *net, u64 serial);

#endif /* L2PC_PORTS_H */
