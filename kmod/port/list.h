/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The list of ports, its lock, and its searches.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_LIST_H
#define L2PC_LIST_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>

struct l2pc_port;
struct net;

/* Maximum number of ports of a network namespace. */
#define L2PC_PORTS_MAX			64U
/*
 * Maximum number of ports that the initial namespace sees: its own, and those of the
 * namespace in which the module was loaded, after that was deleted.
 */
#define L2PC_PORTS_SEEN_MAX		(2 * L2PC_PORTS_MAX)

/* The lock is written ports_lock in comments. Changes of the list hold RTNL, too. */
extern struct list_head l2pc_ports;
extern struct mutex l2pc_ports_lock;

struct l2pc_port *l2pc_port_find(const struct net *net, const char *name);
unsigned int l2pc_ports_count(const struct net *net);
unsigned int l2pc_ports_get(const struct net *net,
			    struct l2pc_port *ports[L2PC_PORTS_SEEN_MAX]);
unsigned int l2pc_ports_generation(const struct net *net);
struct l2pc_port *l2pc_port_get(const struct net *net, const char *name);
struct l2pc_port *l2pc_port_get_after(const struct net *net, u64 serial);

#endif /* L2PC_LIST_H */
