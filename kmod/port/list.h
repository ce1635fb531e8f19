/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The list of ports, its lock, and its searches.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_LIST_H
#define L2PC_LIST_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/types.h>

struct l2pc_port;
struct net;
struct net_device;

/* Maximum number of ports of a network namespace. */
#define L2PC_PORTS_MAX			4096U

/**
 * struct l2pc_net - what the module has of a network namespace; ports_lock
 * @net: the namespace
 * @ports: the ports that it sees, by serial
 * @count: number of @ports
 * @generation: changes with the set of @ports
 *
 * The initial namespace also sees the ports that were named when the module was loaded
 * in a namespace that was deleted since.
 */
struct l2pc_net {
	struct net *net;
	struct rb_root ports;
	unsigned int count;
	unsigned int generation;
};

/* The lock is written ports_lock in comments. Changes of the list hold RTNL, too. */
extern struct list_head l2pc_ports;
extern struct mutex l2pc_ports_lock;
extern unsigned int l2pc_net_id;

struct l2pc_net *l2pc_net(const struct net *net);
void l2pc_list_add(struct l2pc_port *port);
void l2pc_list_del(struct l2pc_port *port);
void l2pc_list_orphan(struct l2pc_port *port);
void l2pc_list_set_name(struct l2pc_port *port, const char *name);
void l2pc_list_set_dev(struct l2pc_port *port, struct net_device *dev);
struct l2pc_port *l2pc_port_find(const struct net *net, const char *name);
struct l2pc_port *l2pc_port_find_dev(const struct net_device *dev);
struct l2pc_port *l2pc_port_find_waiting(const struct net_device *dev);
unsigned int l2pc_ports_generation(const struct net *net);
struct l2pc_port **l2pc_ports_get(const struct net *net, unsigned int *count);
struct l2pc_port *l2pc_port_get(const struct net *net, const char *name);
struct l2pc_port *l2pc_port_get_after(const struct net *net, u64 serial);

#endif /* L2PC_LIST_H */
