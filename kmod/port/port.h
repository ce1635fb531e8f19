/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A port: one monitored interface.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_PORT_H
#define L2PC_PORT_H

#include <linux/if.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/workqueue.h>

#include <linux/l2packet_counter.h>

#include "engine/window.h"
#include "hook.h"
#include "housekeeping.h"

struct net;
struct net_device;
struct netlink_ext_ack;

/**
 * struct l2pc_settings - what a user can choose for a port
 * @hook_wanted: the hook to count with
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
 * @hook: the hook that is registered
 * @state: is it being counted?
 * @type: ARPHRD type of the device; 0: there is none
 * @settings: as the user chose
 */
struct l2pc_port_info {
	char name[IFNAMSIZ];
	int ifindex;
	enum l2pc_hook_kind hook;
	enum l2pc_port_state state;
	unsigned short type;
	struct l2pc_settings settings;
};

/**
 * struct l2pc_port - an interface being monitored
 * @window: its counts; the packet path's part is in front
 * @hook: the hook, if one is registered
 * @vlan: are stations kept apart by VLAN? Read in the packet path
 * @name: the interface; written under RTNL and ports_lock, read under either
 * @net: its network namespace; NULL once that is gone. Written under ports_lock
 *	and info_lock, read under either
 * @silent: off the list, so that nobody says when @net goes: nothing is told any
 *	more; info_lock
 * @dev: the device while it is there; RTNL. No reference is needed: the port
 *	lets go of it at NETDEV_UNREGISTER, before anybody waits for references
 * @settings: what the user chose; written under RTNL and ports_lock
 * @state: is it being counted? RTNL
 * @parameter: named when the module was loaded: outlives its namespace,
 *	others go with it
 * @serial: ports in the order in which they were added
 * @info: what is told about it; info_lock
 * @list: in the list of ports; ports_lock
 * @ref: the list holds one, and every reader one for as long as it reads
 * @housekeeping: its chores
 *
 * Allocated by l2pc_port_alloc(), put on the list and taken off it in ports.c,
 * freed with the last reference. The packet path reaches it through the hook only, and the hook is
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
	enum l2pc_port_state state;
	bool parameter;
	u64 serial;
	struct l2pc_port_info info;
	struct list_head list;
	struct kref ref;
	struct l2pc_housekeeping housekeeping;
};

/* packet-counter.c */
extern const unsigned int l2pc_table_bits;
extern struct l2pc_settings l2pc_defaults;

struct l2pc_port *l2pc_port_alloc(struct net *net, const char *name,
				  const struct l2pc_settings *settings);
void l2pc_port_put(struct l2pc_port *port);
void l2pc_port_publish(struct l2pc_port *port);
void l2pc_port_silence(struct l2pc_port *port);
void l2pc_port_orphan(struct l2pc_port *port);
void l2pc_port_info(struct l2pc_port *port, struct l2pc_port_info *info);
struct net *l2pc_port_net_get(struct l2pc_port *port);
int l2pc_port_change(struct l2pc_port *port, const struct l2pc_settings *to,
		     u32 given, struct netlink_ext_ack *extack);

#endif /* L2PC_PORT_H */
