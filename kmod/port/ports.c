// SPDX-License-Identifier: GPL-2.0
/*
 * Ports: add, delete, set; namespaces that are deleted; shutdown.
 * Copyright (C) the l2packet_counter authors
 *
 * Locks, outer first: RTNL (devices), ports_lock (the list), info_lock (port.c).
 * Readers take ports_lock only to take references, so that reading never waits for
 * RTNL. l2pc_counts.lock is taken under any of them or none.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <net/net_namespace.h>

#include "attach.h"
#include "link.h"
#include "list.h"
#include "netdev.h"
#include "pattern.h"
#include "port.h"
#include "ports.h"
#include "refuse.h"
#include "retry.h"
#include "settings.h"
#include "suspend.h"
#include "timer.h"
#include "worker.h"

/**
 * l2pc_port_add() - start to count an interface
 * @net: its namespace
 * @name: the interface, or an alternative name of it
 * @settings: how to count it
 * @parameter: named when the module was loaded: the port outlives its namespace
 * @extack: gets the reason of a failure, or NULL: the kernel log does
 *
 * Context: process, takes RTNL.
 * Return: 0, -ENODEV (no such device), -EINVAL (not Ethernet), -EEXIST (counted
 * already), -ENOSPC (as many as there may be are), -EBUSY (the RX handler is taken),
 * -EOPNOTSUPP (no egress hook), -ESHUTDOWN (the module is being unloaded), -ENOMEM.
 */
int l2pc_port_add(struct net *net, const char *name,
		  const struct l2pc_settings *settings, bool parameter,
		  struct netlink_ext_ack *extack)
{
	struct l2pc_port *port;
	int err;

	port = l2pc_port_alloc(net, name, settings, &l2pc_worker_ops);
	if (!port) {
		l2pc_refuse(extack, "out of memory",
			    "interface %s: out of memory\n", name);
		return -ENOMEM;
	}
	l2pc_worker_init(port);
	port->parameter = parameter;

	rtnl_lock();
	mutex_lock(&l2pc_ports_lock);
	err = l2pc_ports_shut_down ? -ESHUTDOWN : l2pc_port_link(port, extack);
	mutex_unlock(&l2pc_ports_lock);
	rtnl_unlock();

	if (err)
		l2pc_port_put(port);
	return err;
}

/**
 * l2pc_port_del() - stop counting an interface, and drop its counts
 * @net: the namespace that sees the port
 * @name: the interface
 * @extack: gets the reason of a failure
 *
 * Its memory is freed later: a client that deletes thousands does not wait for as many
 * grace periods.
 *
 * Context: process, takes RTNL.
 * Return: 0 or -ENOENT.
 */
int l2pc_port_del(const struct net *net, const char *name,
		  struct netlink_ext_ack *extack)
{
	struct l2pc_net *of = l2pc_net(net);
	struct net_device *dev;
	struct l2pc_port *port;

	rtnl_lock();
	mutex_lock(&l2pc_ports_lock);
	port = l2pc_port_find(net, name);
	if (port) {
		dev = port->dev;
		l2pc_port_unlink(port, &of->unlinked);
		l2pc_ports_finish_later(of);
		/* A device that was renamed may have a name that another port waits for. */
		if (dev)
			l2pc_device_follow(dev);
	}
	mutex_unlock(&l2pc_ports_lock);
	rtnl_unlock();
	if (!port) {
		NL_SET_ERR_MSG(extack, "no such port");
		return -ENOENT;
	}
	return 0;
}

/**
 * l2pc_port_set() - change a port's settings
 * @net: the namespace that sees the port
 * @name: the interface
 * @settings: the new settings
 * @given: which of them to change, L2PC_SETTING()
 * @extack: gets the reason of a failure
 *
 * Changes all of them, or none.
 *
 * Context: process, takes RTNL, sleeps for grace periods.
 * Return: 0, -ENOENT, or what l2pc_settings_change() returns.
 */
int l2pc_port_set(const struct net *net, const char *name,
		  const struct l2pc_settings *settings, u32 given,
		  struct netlink_ext_ack *extack)
{
	struct l2pc_port *port;
	int err = -ENOENT;

	rtnl_lock();
	mutex_lock(&l2pc_ports_lock);
	port = l2pc_port_find(net, name);
	if (port)
		err = l2pc_settings_change(port, settings, given, extack);
	else
		NL_SET_ERR_MSG(extack, "no such port");
	mutex_unlock(&l2pc_ports_lock);
	rtnl_unlock();
	return err;
}

/*
 * Delete the ports and patterns of a namespace that is being deleted; its devices are
 * unregistered already. Ports named when the module was loaded stay readable from the
 * initial namespace, and match no new device. Others are deleted: else creating
 * namespaces could leave unlimited ports.
 */
static void net_clear(struct l2pc_net *of, struct list_head *unlinked)
{
	struct l2pc_port *port;
	struct rb_node *node;

	rtnl_lock();
	mutex_lock(&l2pc_ports_lock);
	while ((node = rb_first(&of->ports))) {
		port = rb_entry(node, struct l2pc_port, by_serial);
		if (port->parameter)
			l2pc_list_orphan(port);
		else
			l2pc_port_unlink(port, unlinked);
		cond_resched();
	}
	l2pc_patterns_free(of);
	mutex_unlock(&l2pc_ports_lock);
	rtnl_unlock();
}

static void __net_exit ports_net_exit(struct net *net)
{
	struct l2pc_net *of = l2pc_net(net);
	LIST_HEAD(unlinked);

	/* Ports are added by processes in the namespace, and for its devices: there is neither. */
	if (READ_ONCE(of->count) || !list_empty(&of->patterns))
		net_clear(of, &unlinked);
	l2pc_patterns_exit_net(of);
	l2pc_retry_exit_net(of);
	l2pc_ports_finish(&unlinked);
}

static int __net_init ports_net_init(struct net *net)
{
	struct l2pc_net *of = l2pc_net(net);

	of->net = net;
	of->ports = RB_ROOT;
	l2pc_patterns_init_net(of);
	l2pc_retry_init_net(of);
	return 0;
}

static struct pernet_operations ports_net_ops = {
	.init = ports_net_init,
	.exit = ports_net_exit,
	.id = &l2pc_net_id,
	.size = sizeof(struct l2pc_net),
};

/**
 * l2pc_ports_set() - apply changed l2pc_defaults to all ports
 * @given: which settings, L2PC_SETTING(); not the hook
 *
 * Context: process, takes RTNL.
 */
void l2pc_ports_set(u32 given)
{
	struct l2pc_port *port;
	struct net *net;

	rtnl_lock();
	mutex_lock(&l2pc_ports_lock);
	/*
	 * A parameter can be written before l2pc_ports_init() and after l2pc_ports_exit():
	 * its file exists as long as the module, and holds no reference to it.
	 */
	if (l2pc_ports_shut_down)
		goto unlock;
	down_read(&net_rwsem);
	for_each_net(net)
		l2pc_patterns_set(l2pc_net(net), &l2pc_defaults, given);
	up_read(&net_rwsem);
	list_for_each_entry(port, &l2pc_ports, list) {
		l2pc_settings_change(port, &l2pc_defaults, given, NULL);
		cond_resched();
	}
unlock:
	mutex_unlock(&l2pc_ports_lock);
	rtnl_unlock();
}

/**
 * l2pc_ports_init() - allocate and register what ports need
 *
 * Context: process, takes RTNL; after l2pc_notify_init().
 * Return: 0 or an error.
 */
int l2pc_ports_init(void)
{
	int err;

	err = l2pc_workers_init();
	if (err)
		return err;
	err = l2pc_suspend_init();
	if (err)
		goto err_worker;
	err = register_pernet_subsys(&ports_net_ops);
	if (err)
		goto err_suspend;
	err = l2pc_netdev_init();
	if (err)
		goto err_net;
	mutex_lock(&l2pc_ports_lock);
	l2pc_ports_shut_down = false;
	mutex_unlock(&l2pc_ports_lock);
	return 0;

err_net:
	unregister_pernet_subsys(&ports_net_ops);
err_suspend:
	l2pc_suspend_exit();
err_worker:
	l2pc_workers_exit();
	return err;
}

/**
 * l2pc_ports_shutdown() - delete all ports, and refuse new ones
 *
 * Context: process, takes RTNL, sleeps for a grace period.
 */
void l2pc_ports_shutdown(void)
{
	struct l2pc_port *port;
	LIST_HEAD(unlinked);
	LIST_HEAD(leaving);
	struct net *net;

	rtnl_lock();
	mutex_lock(&l2pc_ports_lock);
	l2pc_ports_shut_down = true;
	list_for_each_entry(port, &l2pc_ports, list)
		list_add_tail(&port->review, &leaving);
	l2pc_ports_unlink(&leaving, &unlinked);
	down_read(&net_rwsem);
	for_each_net(net)
		l2pc_patterns_free(l2pc_net(net));
	up_read(&net_rwsem);
	mutex_unlock(&l2pc_ports_lock);
	rtnl_unlock();
	l2pc_ports_finish(&unlinked);
}

/**
 * l2pc_ports_exit() - release what l2pc_ports_init() registered
 *
 * Context: process, takes RTNL; after l2pc_ports_shutdown(), without readers.
 */
void l2pc_ports_exit(void)
{
	l2pc_netdev_exit();
	unregister_pernet_subsys(&ports_net_ops);
	l2pc_suspend_exit();
	l2pc_workers_exit();
}
