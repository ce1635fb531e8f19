/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ports: the interfaces being monitored.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_PORT_H
#define L2PC_PORT_H

#include <linux/if.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/workqueue.h>

#include <linux/l2packet_counter.h>

#include "hook.h"
#include "housekeeping.h"
#include "window.h"

struct net;
struct net_device;
struct netlink_ext_ack;

/* Of one network namespace. */
#define L2PC_PORTS_MAX			64U
/*
 * What the initial one sees at most: its own, and those of the namespace in which
 * the module was loaded, when that was deleted.
 */
#define L2PC_PORTS_SEEN_MAX		(2 * L2PC_PORTS_MAX)

/**
 * struct l2pc_settings - what a user can choose for a port
 * @hook_wanted: which way in
 * @vlan: are stations kept apart by outer VLAN id?
 * @reset_interval: seconds, 0 = never
 * @max_stations: stations kept apart at most
 * @station_timeout: seconds after which an idle station is forgotten, 0 = never
 */
struct l2pc_settings {
	enum l2pc_hook_wanted hook_wanted;
	bool vlan;
	unsigned int reset_interval;
	unsigned int max_stations;
	unsigned int station_timeout;
};

/* Sets of settings, by the number of the netlink attribute. */
#define L2PC_SETTING(attribute)		BIT(L2PC_A_PORT_##attribute)
#define L2PC_SETTINGS_ALL		(~0U)

/**
 * struct l2pc_port_info - what is told about a port
 * @name: the interface
 * @ifindex: its index; 0: there is no such device
 * @hook: the way in
 * @reason: why that one
 * @settings: as the user chose
 */
struct l2pc_port_info {
	char name[IFNAMSIZ];
	int ifindex;
	enum l2pc_hook_kind hook;
	enum l2pc_hook_reason reason;
	struct l2pc_settings settings;
};

/**
 * struct l2pc_port - an interface being monitored
 * @window: its counts; first, because the packet path goes there
 * @hook: the way in
 * @vlan: are stations kept apart by VLAN? Read in the packet path
 * @name: the interface; written under RTNL and ports_lock, read under either
 * @net: its network namespace; NULL once that is gone. Written under ports_lock
 *	and info_lock, read under either
 * @silent: off the list, so that nobody says when @net goes: nothing is told any
 *	more; info_lock
 * @dev: the device while it is there; RTNL. No reference is needed: the port
 *	lets go of it at NETDEV_UNREGISTER, before anybody waits for references
 * @settings: what the user chose; written under RTNL and ports_lock
 * @reason: why @hook is the one it is; RTNL
 * @shy: macvlan, ipvlan or macsec has been on this device. They announce
 *	nothing, so the RX handler is left to them for good; RTNL
 * @parameter: named when the module was loaded: stays until it is unloaded,
 *	others go with their namespace
 * @serial: ports in the order in which they were added
 * @info: what is told about it; info_lock
 * @list: in the list of ports; ports_lock
 * @ref: the list holds one, and every reader one for as long as it reads
 * @settle_work: chooses the way in anew, some time after something changed
 * @housekeeping: its chores
 *
 * Allocated by port_alloc(), unlinked by port_unlink(), freed with the last
 * reference. The packet path reaches it through the hook only, and the hook is
 * gone a grace period before the port is unlinked.
 */
struct l2pc_port {
	struct l2pc_window window;
	struct l2pc_hook hook;
	bool vlan;
	char name[IFNAMSIZ];
	struct net *net;
	bool silent;
	struct net_device *dev;
	struct l2pc_settings settings;
	enum l2pc_hook_reason reason;
	bool shy;
	bool parameter;
	u64 serial;
	struct l2pc_port_info info;
	struct list_head list;
	struct kref ref;
	struct delayed_work settle_work;
	struct l2pc_housekeeping housekeeping;
};

/* packet-counter.c */
extern const unsigned int l2pc_table_bits;
extern struct l2pc_settings l2pc_defaults;

int l2pc_ports_init(void);
void l2pc_ports_close(void);
void l2pc_ports_exit(void);
int l2pc_ports_add(struct net *net, const char *names);
void l2pc_ports_set(u32 given);
unsigned int l2pc_ports_get(const struct net *net,
			    struct l2pc_port *ports[L2PC_PORTS_SEEN_MAX]);
unsigned int l2pc_ports_generation(void);
struct l2pc_port *l2pc_port_get(const struct net *net, const char *name);
struct l2pc_port *l2pc_port_get_after(const struct net *net, u64 serial);
int l2pc_port_add(struct net *net, const char *name,
		  const struct l2pc_settings *settings,
		  struct netlink_ext_ack *extack);
int l2pc_port_del(const struct net *net, const char *name,
		  struct netlink_ext_ack *extack);
int l2pc_port_set(const struct net *net, const char *name,
		  const struct l2pc_settings *settings, u32 given,
		  struct netlink_ext_ack *extack);
void l2pc_port_info(struct l2pc_port *port, struct l2pc_port_info *info);
struct net *l2pc_port_net_get(struct l2pc_port *port);
void l2pc_port_put(struct l2pc_port *port);

#endif /* L2PC_PORT_H */
