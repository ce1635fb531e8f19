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

#include "hook.h"
#include "window.h"

struct net;
struct net_device;

#define L2PC_PORTS_MAX			64U
#define L2PC_RESET_INTERVAL_MAX		31536000U	/* a year, in seconds */

/* Which way in the user wants. */
enum l2pc_hook_wanted {
	L2PC_WANT_AUTO,
	L2PC_WANT_RX_HANDLER,
	L2PC_WANT_INGRESS,
};

/* Why it is the one it is. */
enum l2pc_hook_reason {
	L2PC_REASON_NONE,	/* there is no device */
	L2PC_REASON_FREE,	/* the RX handler is free and sees every frame */
	L2PC_REASON_WANTED,	/* the user wants this one */
	L2PC_REASON_TAKEN,	/* the RX handler is somebody else's */
	L2PC_REASON_VLAN,	/* VLAN devices take tagged frames before it */
	L2PC_REASON_JOINING,	/* somebody is about to take it */
	L2PC_REASON_DOWN,	/* a bond or team may take it while it is down */
};

/**
 * struct l2pc_port - an interface being monitored
 * @window: its counts; first, because the packet path goes there
 * @hook: the way in
 * @vlan: are stations kept apart by VLAN? Read in the packet path
 * @name: the interface; written under RTNL and ports_lock, read under either
 * @net: its network namespace, compared only, never dereferenced; NULL once
 *	that is gone. Written under ports_lock
 * @dev: the device while it is there; RTNL. No reference is needed: the port
 *	lets go of it at NETDEV_UNREGISTER, before anybody waits for references
 * @wanted: which way in the user wants; RTNL
 * @reason: why @hook is the one it is; RTNL
 * @shy: macvlan, ipvlan or macsec has been on this device. They announce
 *	nothing, so the RX handler is left to them for good; RTNL
 * @list: in the list of ports; ports_lock
 * @ref: the list holds one, and every reader one for as long as it reads
 * @grow_work: gives CPUs the spares they want
 * @reset_work: closes the window when it is time, rotates when it is not
 * @settle_work: chooses the way in anew, some time after something changed
 * @reset_interval: seconds, 0 = never
 * @next_close: jiffies64 at which the window is closed, while there is an
 *	interval
 *
 * Allocated by port_alloc(), unlinked by port_del(), freed with the last
 * reference. The packet path reaches it through the hook only, and the hook is
 * gone a grace period before the port is unlinked.
 */
struct l2pc_port {
	struct l2pc_window window;
	struct l2pc_hook hook;
	bool vlan;
	char name[IFNAMSIZ];
	const struct net *net;
	struct net_device *dev;
	enum l2pc_hook_wanted wanted;
	enum l2pc_hook_reason reason;
	bool shy;
	struct list_head list;
	struct kref ref;
	struct work_struct grow_work;
	struct delayed_work reset_work;
	struct delayed_work settle_work;
	unsigned int reset_interval;
	u64 next_close;
};

/* packet-counter.c */
extern const unsigned int l2pc_table_bits;
extern unsigned int l2pc_reset_interval;
extern unsigned int l2pc_max_stations;
extern bool l2pc_vlan;
extern enum l2pc_hook_wanted l2pc_hook_wanted;

int l2pc_ports_init(void);
void l2pc_ports_exit(void);
int l2pc_ports_add(struct net *net, const char *names);
void l2pc_ports_set_reset_interval(void);
void l2pc_ports_set_max_stations(void);
unsigned int l2pc_ports_get(const struct net *net,
			    struct l2pc_port *ports[L2PC_PORTS_MAX]);
void l2pc_port_name(const struct l2pc_port *port, char name[IFNAMSIZ]);
void l2pc_port_put(struct l2pc_port *port);

#endif /* L2PC_PORT_H */
