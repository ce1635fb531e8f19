// SPDX-License-Identifier: GPL-2.0
/*
 * Ports: add, delete, set; devices and namespaces that come and go.
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
#include <linux/string.h>
#include <net/net_namespace.h>

#include "attach.h"
#include "list.h"
#include "notify.h"
#include "port.h"
#include "ports.h"
#include "refuse.h"
#include "settings.h"
#include "worker.h"

static u64 ports_serial;		/* of the newest port; ports_lock */
static bool ports_shut_down;		/* no port can be added any more; ports_lock */

/* --- devices ---------------------------------------------------------------- */

static struct l2pc_port *port_by_dev(const struct net_device *dev)
{
	struct l2pc_port *port;

	list_for_each_entry(port, &l2pc_ports, list)
		if (port->dev == dev)
			return port;
	return NULL;
}

/* The port that waits for a device of this name. */
static struct l2pc_port *port_waiting(const struct net_device *dev)
{
	struct l2pc_port *port;

	list_for_each_entry(port, &l2pc_ports, list)
		if (!port->dev && port->net == dev_net(dev) &&
		    !strcmp(port->name, dev->name))
			return port;
	return NULL;
}

/* Review the ports whose device may be stacked on @dev, as VLAN devices are. */
static void ports_review(const struct net_device *dev)
{
	struct l2pc_port *port;

	list_for_each_entry(port, &l2pc_ports, list)
		if (port->dev && port->dev != dev)
			l2pc_port_review(port);
}

static int ports_event(struct notifier_block *block, unsigned long event,
		       void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct l2pc_port *port;

	mutex_lock(&l2pc_ports_lock);
	port = port_by_dev(dev);
	if (port) {
		l2pc_port_device_event(port, event);
	} else if (event == NETDEV_REGISTER || event == NETDEV_CHANGENAME) {
		port = port_waiting(dev);
		if (port)
			l2pc_port_follow(port, dev);
	}
	if (event == NETDEV_FEAT_CHANGE || event == NETDEV_CHANGEUPPER)
		ports_review(dev);
	mutex_unlock(&l2pc_ports_lock);
	return NOTIFY_DONE;
}

static struct notifier_block ports_notifier = {
	.notifier_call = ports_event,
};

/* --- add, delete, set ------------------------------------------------------- */

/* Unlink a port and send its last event; RTNL and ports_lock held. */
static void port_unlink(struct l2pc_port *port)
{
	l2pc_port_detach(port);
	list_del_init(&port->list);
	l2pc_notify_port(port, L2PC_CMD_PORT_DEL_NTF);
	/* ports_net_exit() does not find it any more. */
	l2pc_port_unlist(port);
}

/* Release a port that was unlinked; no locks held, its work items may be running. */
static void port_finish(struct l2pc_port *port)
{
	l2pc_worker_stop(port);
	l2pc_port_put(port);
}

static int port_link(struct l2pc_port *port, struct netlink_ext_ack *extack)
{
	struct net_device *dev;
	int err;

	if (ports_shut_down)
		return -ESHUTDOWN;
	dev = __dev_get_by_name(port->net, port->name);
	/* @name may be an alternative name; the port gets the device's own. */
	if (dev)
		strscpy(port->name, dev->name, sizeof(port->name));
	if (l2pc_port_find(port->net, port->name)) {
		l2pc_refuse(extack, "it is counted already",
			    "interface %s: it is counted already\n", port->name);
		return -EEXIST;
	}
	if (l2pc_ports_count(port->net) >= L2PC_PORTS_MAX) {
		l2pc_refuse(extack, "64 ports are counted already (the maximum)",
			    "interface %s: %u ports are counted already (the maximum)\n",
			    port->name, L2PC_PORTS_MAX);
		return -ENOSPC;
	}
	if (!dev) {
		l2pc_refuse(extack, "no such device ('ip link' lists devices)",
			    "interface %s: no such device ('ip link' lists devices)\n",
			    port->name);
		return -ENODEV;
	}
	err = l2pc_port_attach(port, dev, extack);
	if (err)
		return err;
	port->serial = ++ports_serial;
	list_add_tail(&port->list, &l2pc_ports);
	l2pc_worker_start(port);
	return 0;
}

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
 * already), -ENOSPC (64 are), -EBUSY (the RX handler is taken), -EOPNOTSUPP (no egress
 * hook), -ESHUTDOWN (the module is being unloaded), -ENOMEM.
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
	err = port_link(port, extack);
	if (!err)
		l2pc_notify_port(port, L2PC_CMD_PORT_ADD_NTF);
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
 * Context: process, takes RTNL, sleeps for grace periods.
 * Return: 0 or -ENOENT.
 */
int l2pc_port_del(const struct net *net, const char *name,
		  struct netlink_ext_ack *extack)
{
	struct l2pc_port *port;

	rtnl_lock();
	mutex_lock(&l2pc_ports_lock);
	port = l2pc_port_find(net, name);
	if (port)
		port_unlink(port);
	mutex_unlock(&l2pc_ports_lock);
	rtnl_unlock();
	if (!port) {
		NL_SET_ERR_MSG(extack, "no such port");
		return -ENOENT;
	}
	port_finish(port);
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
 * A namespace is being deleted; its devices are unregistered already. Ports named when
 * the module was loaded stay readable from the initial namespace, and match no new
 * device. Others are deleted: else creating namespaces could leave unlimited ports.
 */
static void __net_exit ports_net_exit(struct net *net)
{
	struct l2pc_port *port, *next;
	bool any = false;
	LIST_HEAD(gone);

	mutex_lock(&l2pc_ports_lock);
	list_for_each_entry(port, &l2pc_ports, list)
		any |= port->net == net;
	mutex_unlock(&l2pc_ports_lock);
	if (!any)
		return;

	rtnl_lock();
	mutex_lock(&l2pc_ports_lock);
	list_for_each_entry_safe(port, next, &l2pc_ports, list) {
		if (port->net != net)
			continue;
		if (!port->parameter) {
			port_unlink(port);
			list_add(&port->list, &gone);
			continue;
		}
		l2pc_port_orphan(port);
	}
	mutex_unlock(&l2pc_ports_lock);
	rtnl_unlock();

	list_for_each_entry_safe(port, next, &gone, list) {
		list_del_init(&port->list);
		port_finish(port);
	}
}

static struct pernet_operations ports_net_ops = {
	.exit = ports_net_exit,
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

	rtnl_lock();
	mutex_lock(&l2pc_ports_lock);
	list_for_each_entry(port, &l2pc_ports, list)
		l2pc_settings_change(port, &l2pc_defaults, given, NULL);
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
	err = register_pernet_subsys(&ports_net_ops);
	if (err)
		goto err_worker;
	err = register_netdevice_notifier(&ports_notifier);
	if (err)
		goto err_net;
	return 0;

err_net:
	unregister_pernet_subsys(&ports_net_ops);
err_worker:
	l2pc_workers_exit();
	return err;
}

/**
 * l2pc_ports_shutdown() - delete all ports, and refuse new ones
 *
 * Context: process, takes RTNL.
 */
void l2pc_ports_shutdown(void)
{
	struct l2pc_port *port;

	do {
		rtnl_lock();
		mutex_lock(&l2pc_ports_lock);
		ports_shut_down = true;
		port = list_first_entry_or_null(&l2pc_ports, struct l2pc_port, list);
		if (port)
			port_unlink(port);
		mutex_unlock(&l2pc_ports_lock);
		rtnl_unlock();
		if (port)
			port_finish(port);
	} while (port);
}

/**
 * l2pc_ports_exit() - release what l2pc_ports_init() registered
 *
 * Context: process, takes RTNL; after l2pc_ports_shutdown(), without readers.
 */
void l2pc_ports_exit(void)
{
	unregister_netdevice_notifier(&ports_notifier);
	unregister_pernet_subsys(&ports_net_ops);
	l2pc_workers_exit();
}
