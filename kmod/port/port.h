/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ports: the structures of an interface being counted, and their lifetime.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_PORT_H
#define L2PC_PORT_H

#include <linux/if.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/rbtree.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include <linux/l2packet_counter.h>

#include "engine/counts.h"

struct l2pc_egress;
struct l2pc_pattern;
struct net;

/**
 * struct l2pc_settings - what a user can choose for a port
 * @hook_wanted: the hook to count with
 * @vlan: count stations by outer VLAN id as well
 * @reset_interval: seconds, 0 = never
 * @max_stations: maximum number of stations counted separately
 * @station_timeout: seconds after which an idle station expires, 0 = never
 * @tx: count sent frames, by destination, as well
 * @keep: seconds for which a pattern's port is kept after its device is gone
 */
struct l2pc_settings {
	enum l2pc_hook_wanted hook_wanted;
	bool vlan;
	unsigned int reset_interval;
	unsigned int max_stations;
	unsigned int station_timeout;
	bool tx;
	unsigned int keep;
};

/* Sets of settings: a bit for each, numbered as the netlink attribute. */
#define L2PC_SETTING(attribute)		BIT(L2PC_A_PORT_##attribute)
#define L2PC_SETTINGS_ALL		(~0U)

/**
 * struct l2pc_port_info - what readers and events see of a port
 * @name: the interface
 * @ifindex: its index; 0: there is no such device
 * @hook: the hook that is registered
 * @state: whether it is being counted
 * @type: ARPHRD type of the device; 0: there is none
 * @settings: as the user chose
 * @pattern: the pattern that made it a port; empty: it was added by name
 */
struct l2pc_port_info {
	char name[IFNAMSIZ];
	int ifindex;
	enum l2pc_hook_kind hook;
	enum l2pc_port_state state;
	unsigned short type;
	struct l2pc_settings settings;
	char pattern[L2PC_PATTERN_MAX + 1];
};

/**
 * struct l2pc_hook - where a port's frames are counted
 * @kind: the hook that is registered; RTNL
 * @fcs: the registered hook subtracts the FCS; RTNL
 * @tap: the packet tap, registered while @kind is L2PC_HOOK_KIND_TAP. The packet
 *	path finds the port by its address
 * @removed: @tap was removed, and no grace period was waited for yet; RTNL, or the
 *	holder of an unlinked port
 * @removed_at: the grace period to wait for
 * @disabled: the RX handler was taken off the device, and a grace period was waited for
 *	or is about to be; RTNL, which is held until it is unregistered
 */
struct l2pc_hook {
	enum l2pc_hook_kind kind;
	bool fcs;
	struct packet_type tap;
	bool removed;
	bool disabled;
	unsigned long removed_at;
};

/**
 * struct l2pc_worker - a port's background work, all in process context
 * @grow: makes the spares that CPUs requested
 * @scan: scans for new stations, some time after the packet path requested it
 * @timer: closes the window, expires idle stations, rotates tables, each when due
 * @lock: protects what follows, and the change of l2pc_writers.idle
 * @next_close: jiffies64 at which the window is closed, with a reset interval
 * @next_expire: jiffies64 at which stations expire, with a timeout
 * @next_rotate: jiffies64 at which the tables are folded, if neither was due
 * @woken: while the port is idle: jiffies at its next frame, 0 before that; set by the
 *	packet path
 *
 * While the port is idle (l2pc_writers.idle) no work item is queued, and @next_close may
 * have passed: see l2pc_timer_catch_up() in timer.c.
 */
struct l2pc_worker {
	struct work_struct grow;
	struct delayed_work scan;
	struct delayed_work timer;
	struct mutex lock;	/* see above */
	u64 next_close;
	u64 next_expire;
	u64 next_rotate;
	unsigned long woken;
};

/**
 * struct l2pc_port - an interface being counted
 * @counts: its counts; the packet path's part is in front
 * @hook: the hook, if one is registered
 * @egress: the egress hook, if sent frames are counted now; RTNL
 * @vlan: settings.vlan, read in the packet path
 * @name: the interface; written under RTNL and ports_lock, read under either
 * @net: its network namespace; NULL after that was deleted. Written under ports_lock
 *	and info_lock, read under either
 * @unlisted: off the list, so that the port no longer sees @net being torn down: no
 *	event is sent any more; info_lock
 * @dev: the device while it exists; RTNL, written with ports_lock held, too. No
 *	reference is needed: the port clears it at NETDEV_UNREGISTER, before
 *	netdev_wait_allrefs()
 * @settings: what the user chose; written under RTNL and ports_lock
 * @state: whether it is being counted; RTNL
 * @parameter: named when the module was loaded: the port outlives its namespace,
 *	others are deleted with it
 * @pattern: the pattern that made it a port; NULL: it was added by name. Constant once
 *	listed, valid while listed
 * @gone: among l2pc_net.gone, while a pattern's port has no device; ports_lock
 * @gone_at: jiffies64 at which the device was gone; ports_lock
 * @serial: ports in the order in which they were added
 * @info: what readers and events see; info_lock
 * @event_lock: held over a change and its events, so that a station's events are
 *	sent in the order in which it came and went; outside l2pc_counts.lock
 * @list: in the list of all ports; ports_lock
 * @by_serial: in the tree of the namespace that sees it; ports_lock
 * @by_name: in the hash by namespace and name; ports_lock
 * @by_dev: in the hash by device, while @dev is set; ports_lock
 * @review: in a list of ports that a holder of RTNL is about to review or to unlink; RTNL
 * @ref: one for the list, and one for every reader while it reads
 * @worker: its background work
 *
 * Allocated by l2pc_port_alloc(), linked and unlinked in link.c, freed with the last
 * reference. The packet path reaches it only through the hook, which is unregistered
 * a grace period before the port is unlinked.
 */
struct l2pc_port {
	struct l2pc_counts counts;
	struct l2pc_hook hook;
	struct l2pc_egress *egress;
	bool vlan;
	char name[IFNAMSIZ];
	struct net *net;
	bool unlisted;
	struct net_device *dev;
	struct l2pc_settings settings;
	enum l2pc_port_state state;
	bool parameter;
	struct l2pc_pattern *pattern;
	struct list_head gone;
	u64 gone_at;
	u64 serial;
	struct l2pc_port_info info;
	struct mutex event_lock;	/* see above */
	struct list_head list;
	struct rb_node by_serial;
	struct hlist_node by_name;
	struct hlist_node by_dev;
	struct list_head review;
	struct kref ref;
	struct l2pc_worker worker;
};

/* packet-counter.c */
extern const unsigned int l2pc_table_bits;
extern struct l2pc_settings l2pc_defaults;

struct l2pc_port *l2pc_port_alloc(struct net *net, const char *name,
				  const struct l2pc_settings *settings,
				  const struct l2pc_writers_ops *ops);
void l2pc_port_put(struct l2pc_port *port);
void l2pc_port_publish(struct l2pc_port *port);
void l2pc_port_unlist(struct l2pc_port *port);
void l2pc_port_orphan(struct l2pc_port *port);
void l2pc_port_info(struct l2pc_port *port, struct l2pc_port_info *info);
struct net *l2pc_port_net_get(struct l2pc_port *port);

#endif /* L2PC_PORT_H */
