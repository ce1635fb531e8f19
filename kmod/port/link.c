// SPDX-License-Identifier: GPL-2.0
/*
 * Linking: ports onto the list, and off it.
 * Copyright (C) the l2packet_counter authors
 *
 * Ports leave the list in batches: under the locks their hooks are removed and their
 * last events sent; after that, without locks, all of them wait for one grace period.
 * RX handlers need one more, under the locks: rx_handler.c.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/netdevice.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "attach.h"
#include "hook.h"
#include "link.h"
#include "list.h"
#include "notify.h"
#include "port.h"
#include "refuse.h"
#include "rx_handler.h"
#include "worker.h"

/* Report that a namespace has as many ports as it may have. */
static void ports_refuse(const struct l2pc_port *port, struct netlink_ext_ack *extack)
{
	unsigned int max = l2pc_ports_max(port->net);

	if (max == L2PC_PORTS_MAX)
		l2pc_refuse(extack, "4096 ports are counted already (the maximum)",
			    "interface %s: %u ports are counted already (the maximum)\n",
			    port->name, max);
	else
		l2pc_refuse(extack, "64 ports are counted already (the maximum outside of the initial user namespace)",
			    "interface %s: %u ports are counted already (the maximum outside of the initial user namespace)\n",
			    port->name, max);
}

/**
 * l2pc_port_link() - start to count a port, and put it on the list
 * @port: a new port
 * @extack: gets the reason of a failure, or NULL: the kernel log does
 *
 * Context: process, RTNL and ports_lock held, may sleep.
 * Return: 0, -EEXIST (counted already), -ENOSPC (as many as there may be are), -ENODEV (no such
 * device), or what l2pc_port_attach() returns. After an error @port has no device.
 */
int l2pc_port_link(struct l2pc_port *port, struct netlink_ext_ack *extack)
{
	struct net_device *dev;
	int err;

	dev = __dev_get_by_name(port->net, port->name);
	/* @name may be an alternative name; the port gets the device's own. */
	if (dev)
		strscpy(port->name, dev->name, sizeof(port->name));
	if (l2pc_port_find(port->net, port->name)) {
		l2pc_refuse(extack, "it is counted already",
			    "interface %s: it is counted already\n", port->name);
		return -EEXIST;
	}
	if (l2pc_net(port->net)->count >= l2pc_ports_max(port->net)) {
		ports_refuse(port, extack);
		return -ENOSPC;
	}
	if (!dev) {
		l2pc_refuse(extack, "no such device ('ip link' lists devices)",
			    "interface %s: no such device ('ip link' lists devices)\n",
			    port->name);
		return -ENODEV;
	}
	/* Before the first frame, which ends being idle. */
	l2pc_worker_start(port);
	err = l2pc_port_attach(port, dev, extack);
	if (err) {
		/* A frame may have come before a hook was refused. */
		l2pc_worker_stop(port);
		return err;
	}
	l2pc_list_add(port);
	if (port->pattern)
		port->pattern->info.ports++;
	l2pc_notify_port(port, L2PC_CMD_PORT_ADD_NTF);
	return 0;
}

/**
 * l2pc_port_unlink() - stop counting a port, take it off the list, send its last event
 * @port: the port
 * @unlinked: the port is appended, for l2pc_ports_finish()
 *
 * Context: process, RTNL and ports_lock held, may sleep.
 */
void l2pc_port_unlink(struct l2pc_port *port, struct list_head *unlinked)
{
	l2pc_port_detach(port);
	l2pc_list_del(port);
	list_del_init(&port->gone);
	if (port->pattern)
		port->pattern->info.ports--;
	l2pc_notify_port(port, L2PC_CMD_PORT_DEL_NTF);
	/* ports_net_exit() does not find it any more. */
	l2pc_port_unlist(port);
	port->pattern = NULL;
	list_add_tail(&port->list, unlinked);
}

/**
 * l2pc_ports_unlink() - unlink ports that leave together
 * @leaving: the ports, linked by l2pc_port.review; empty afterwards
 * @unlinked: the ports are appended, for l2pc_ports_finish()
 *
 * Their RX handlers wait for one grace period. Taps and egress hooks do so in
 * l2pc_ports_finish().
 *
 * Context: process, RTNL and ports_lock held, sleeps for a grace period.
 */
void l2pc_ports_unlink(struct list_head *leaving, struct list_head *unlinked)
{
	struct l2pc_port *port, *next;
	bool wait = false;

	list_for_each_entry(port, leaving, review) {
		if (port->dev)
			wait |= l2pc_rx_handler_disable(port);
		cond_resched();
	}
	if (wait)
		synchronize_net();
	list_for_each_entry_safe(port, next, leaving, review) {
		list_del_init(&port->review);
		l2pc_port_unlink(port, unlinked);
		cond_resched();
	}
}

/**
 * l2pc_ports_finish() - release ports that were unlinked
 * @unlinked: the ports; empty afterwards
 *
 * The first port waits for a grace period; then the others need not.
 *
 * Context: process, no locks held: waits for the ports' work items.
 */
void l2pc_ports_finish(struct list_head *unlinked)
{
	struct l2pc_port *port, *next;

	list_for_each_entry_safe(port, next, unlinked, list) {
		list_del_init(&port->list);
		l2pc_hook_wait(port);
		l2pc_worker_stop(port);
		l2pc_port_put(port);
		cond_resched();
	}
}
