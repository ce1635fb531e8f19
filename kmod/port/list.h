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
#include <linux/workqueue.h>

#include "port.h"

struct net;
struct net_device;

/* Maximum number of ports of a network namespace. */
#define L2PC_PORTS_MAX			4096U

/* The same, if the initial user namespace does not own it. */
#define L2PC_PORTS_MAX_USER_NS		64U

/**
 * struct l2pc_net - what the module has of a network namespace; ports_lock
 * @net: the namespace
 * @ports: the ports that it sees, by serial
 * @count: number of @ports
 * @generation: changes with the set of @ports
 * @patterns: its patterns, in the order in which they were added
 * @patterns_count: number of @patterns
 * @gone: ports of patterns whose device is gone, the one that is gone longest first
 * @unlinked: deleted ports that @reap has yet to finish
 * @reap: deletes ports of @gone, when their time is over, and finishes those of
 *	@unlinked; queued only while there is one
 * @reap_at: jiffies64 for which @reap is queued, 0: it is not
 * @retry: tries again to count devices whose hooks could not be registered; queued only
 *	after such a failure
 * @retry_queued: @retry is queued
 * @retry_delay: jiffies for which it was queued last, 0: the last time no port failed
 * @full_reported: that there are more matching devices than ports was reported
 *
 * The initial namespace also sees the ports that were named when the module was loaded
 * in a namespace that was deleted since.
 */
struct l2pc_net {
	struct net *net;
	struct rb_root ports;
	unsigned int count;
	unsigned int generation;
	struct list_head patterns;
	unsigned int patterns_count;
	struct list_head gone;
	struct list_head unlinked;
	struct delayed_work reap;
	u64 reap_at;
	struct delayed_work retry;
	bool retry_queued;
	unsigned long retry_delay;
	bool full_reported;
};

/**
 * struct l2pc_pattern_info - what readers and events see of a pattern
 * @glob: the pattern
 * @settings: of its ports
 * @ports: number of its ports
 * @missed: devices that matched when there were as many ports as there may be
 * @serial: patterns in the order in which they were added
 */
struct l2pc_pattern_info {
	char glob[L2PC_PATTERN_MAX + 1];
	struct l2pc_settings settings;
	unsigned int ports;
	u64 missed;
	u64 serial;
};

/**
 * struct l2pc_pattern - a pattern; ports_lock
 * @list: in its namespace's list
 * @info: what readers see of it
 *
 * Freed when it is deleted, after its ports were unlinked.
 */
struct l2pc_pattern {
	struct list_head list;
	struct l2pc_pattern_info info;
};

/* The lock is written ports_lock in comments. Changes of the list hold RTNL, too. */
extern struct list_head l2pc_ports;
extern struct mutex l2pc_ports_lock;
extern unsigned int l2pc_net_id;
extern bool l2pc_ports_shut_down;

struct l2pc_net *l2pc_net(const struct net *net);
unsigned int l2pc_ports_max(const struct net *net);
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
