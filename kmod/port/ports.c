// SPDX-License-Identifier: GPL-2.0
/*
 * The list of ports: which interfaces are monitored, from when to when.
 * Copyright (C) the l2packet_counter authors
 *
 * Locks, outer first: RTNL (devices come and go), ports_lock (the list), info_lock
 * (port.c: what is told about a port). Readers take ports_lock only to pick up
 * references, so that reading never waits for RTNL. A window's own mutex is taken
 * under any of them or none.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/jhash.h>
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/string.h>
#include <net/net_namespace.h>

#include "iface/event.h"
#include "attach.h"
#include "port.h"
#include "ports.h"
#include "refuse.h"

static LIST_HEAD(ports);
static DEFINE_MUTEX(ports_lock);
static u64 ports_serial;		/* of the port added last; ports_lock */
static bool ports_closed;		/* no more are taken; ports_lock */

/* --- devices ---------------------------------------------------------------- */

static struct l2pc_port *port_by_dev(const struct net_device *dev)
{
	struct l2pc_port *port;

	list_for_each_entry(port, &ports, list)
		if (port->dev == dev)
			return port;
	return NULL;
}

/* The port that waits for a device of this name. */
static struct l2pc_port *port_waiting(const struct net_device *dev)
{
	struct l2pc_port *port;

	list_for_each_entry(port, &ports, list)
		if (!port->dev && port->net == dev_net(dev) &&
		    !strcmp(port->name, dev->name))
			return port;
	return NULL;
}

/* A port may stand on the device to which it happened, as VLAN devices do. */
static void ports_review(const struct net_device *dev)
{
	struct l2pc_port *port;

	list_for_each_entry(port, &ports, list)
		if (port->dev && port->dev != dev)
			l2pc_port_review(port);
}

static int ports_event(struct notifier_block *block, unsigned long event,
		       void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct l2pc_port *port;

	mutex_lock(&ports_lock);
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
	mutex_unlock(&ports_lock);
	return NOTIFY_DONE;
}

static struct notifier_block ports_notifier = {
	.notifier_call = ports_event,
};

/* --- the list --------------------------------------------------------------- */

/* Take a port off the list, and say so at last; RTNL and ports_lock held. */
static void port_unlink(struct l2pc_port *port)
{
	l2pc_port_detach(port);
	list_del_init(&port->list);
	l2pc_event_port(port, L2PC_CMD_PORT_DEL_NTF);
	/* ports_net_exit() passes it by. */
	l2pc_port_silence(port);
}

/* The end of a port that was unlinked; no locks held, its chores may be busy. */
static void port_finish(struct l2pc_port *port)
{
	l2pc_housekeeping_stop(port);
	l2pc_port_put(port);
}

static const struct net *port_seen_by(const struct l2pc_port *port)
{
	return port->net ? port->net : &init_net;
}

/* The namespace's port of that name; the one that has a device comes first. */
static struct l2pc_port *port_find(const struct net *net, const char *name)
{
	struct l2pc_port *port, *found = NULL;

	list_for_each_entry(port, &ports, list)
		if (port_seen_by(port) == net && !strcmp(port->name, name) &&
		    (!found || port->dev))
			found = port;
	return found;
}

static unsigned int ports_count(const struct net *net)
{
	const struct l2pc_port *port;
	unsigned int count = 0;

	list_for_each_entry(port, &ports, list)
		count += port_seen_by(port) == net;
	return count;
}

static int port_link(struct l2pc_port *port, struct netlink_ext_ack *extack)
{
	struct net_device *dev;
	int err;

	if (ports_closed)
		return -ESHUTDOWN;
	dev = __dev_get_by_name(port->net, port->name);
	/* An alternative name is found too. The port has the device's own. */
	if (dev)
		strscpy(port->name, dev->name, sizeof(port->name));
	if (port_find(port->net, port->name)) {
		l2pc_refuse(extack, "it is counted already",
			    "interface %s: it is counted already\n", port->name);
		return -EEXIST;
	}
	if (ports_count(port->net) >= L2PC_PORTS_MAX) {
		l2pc_refuse(extack, "64 ports are counted already, more are not possible",
			    "interface %s: %u ports are counted already, more are not possible\n",
			    port->name, L2PC_PORTS_MAX);
		return -ENOSPC;
	}
	if (!dev) {
		l2pc_refuse(extack, "no such device; 'ip link' lists what there is",
			    "interface %s: no such device; 'ip link' lists what there is\n",
			    port->name);
		return -ENODEV;
	}
	err = l2pc_port_attach(port, dev, extack);
	if (err)
		return err;
	port->serial = ++ports_serial;
	list_add_tail(&port->list, &ports);
	l2pc_housekeeping_start(port);
	return 0;
}

/**
 * l2pc_port_add() - begin to count an interface
 * @net: the namespace it is in
 * @name: the interface, or an alternative name of it
 * @settings: how
 * @parameter: named when the module was loaded: outlives its namespace
 * @extack: says why not, or NULL: the log does
 *
 * Context: process, takes RTNL.
 * Return: 0, -ENODEV (no such device), -EINVAL (not Ethernet), -EEXIST (counted
 * already), -ENOSPC (64 are), -EBUSY (the RX handler is taken), -ESHUTDOWN (the module
 * is about to go), -ENOMEM.
 */
int l2pc_port_add(struct net *net, const char *name,
		  const struct l2pc_settings *settings, bool parameter,
		  struct netlink_ext_ack *extack)
{
	struct l2pc_port *port;
	int err;

	port = l2pc_port_alloc(net, name, settings);
	if (!port) {
		l2pc_refuse(extack, "out of memory",
			    "interface %s: out of memory\n", name);
		return -ENOMEM;
	}
	port->parameter = parameter;

	rtnl_lock();
	mutex_lock(&ports_lock);
	err = port_link(port, extack);
	if (!err)
		l2pc_event_port(port, L2PC_CMD_PORT_ADD_NTF);
	mutex_unlock(&ports_lock);
	rtnl_unlock();

	if (err)
		l2pc_port_put(port);
	return err;
}

/**
 * l2pc_port_del() - stop counting an interface, forget its counts
 * @net: the namespace that sees the port
 * @name: the interface
 * @extack: says why not
 *
 * Context: process, takes RTNL, sleeps for grace periods.
 * Return: 0 or -ENOENT.
 */
int l2pc_port_del(const struct net *net, const char *name,
		  struct netlink_ext_ack *extack)
{
	struct l2pc_port *port;

	rtnl_lock();
	mutex_lock(&ports_lock);
	port = port_find(net, name);
	if (port)
		port_unlink(port);
	mutex_unlock(&ports_lock);
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
 * @settings: the new ones
 * @given: which of them, L2PC_SETTING()
 * @extack: says why not
 *
 * All are changed, or none.
 *
 * Context: process, takes RTNL, sleeps for grace periods.
 * Return: 0, -ENOENT, or -EBUSY or -EINVAL (the RX handler cannot be had).
 */
int l2pc_port_set(const struct net *net, const char *name,
		  const struct l2pc_settings *settings, u32 given,
		  struct netlink_ext_ack *extack)
{
	struct l2pc_port *port;
	int err = -ENOENT;

	rtnl_lock();
	mutex_lock(&ports_lock);
	port = port_find(net, name);
	if (port)
		err = l2pc_port_change(port, settings, given, extack);
	else
		NL_SET_ERR_MSG(extack, "no such port");
	mutex_unlock(&ports_lock);
	rtnl_unlock();
	return err;
}

/*
 * A namespace goes away, its devices went before. Ports that were named when the
 * module was loaded stay readable, from the initial namespace, and no new device
 * is taken for the old. Others go, or whoever makes namespaces could leave ports
 * without end.
 */
static void __net_exit ports_net_exit(struct net *net)
{
	struct l2pc_port *port, *next;
	bool any = false;
	LIST_HEAD(gone);

	mutex_lock(&ports_lock);
	list_for_each_entry(port, &ports, list)
		any |= port->net == net;
	mutex_unlock(&ports_lock);
	if (!any)
		return;

	rtnl_lock();
	mutex_lock(&ports_lock);
	list_for_each_entry_safe(port, next, &ports, list) {
		if (port->net != net)
			continue;
		if (!port->parameter) {
			port_unlink(port);
			list_add(&port->list, &gone);
			continue;
		}
		l2pc_port_orphan(port);
	}
	mutex_unlock(&ports_lock);
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
 * l2pc_ports_get() - references to the ports that a namespace may see
 * @net: the namespace; the initial one also sees what deleted ones left
 * @to: filled in, in the order in which they were added
 *
 * Context: process, may sleep.
 * Return: how many; each is to be given back with l2pc_port_put().
 */
unsigned int l2pc_ports_get(const struct net *net,
			    struct l2pc_port *to[L2PC_PORTS_SEEN_MAX])
{
	struct l2pc_port *port;
	unsigned int count = 0;

	mutex_lock(&ports_lock);
	list_for_each_entry(port, &ports, list) {
		if (port_seen_by(port) != net || WARN_ON_ONCE(count == L2PC_PORTS_SEEN_MAX))
			continue;
		kref_get(&port->ref);
		to[count++] = port;
	}
	mutex_unlock(&ports_lock);
	return count;
}

/**
 * l2pc_port_get() - a reference to a port
 * @net: the namespace that sees it
 * @name: the interface
 *
 * Context: process, may sleep.
 * Return: the port, to be given back with l2pc_port_put(), or NULL.
 */
struct l2pc_port *l2pc_port_get(const struct net *net, const char *name)
{
	struct l2pc_port *port;

	mutex_lock(&ports_lock);
	port = port_find(net, name);
	if (port)
		kref_get(&port->ref);
	mutex_unlock(&ports_lock);
	return port;
}

/**
 * l2pc_port_get_after() - a reference to the next port
 * @net: the namespace that sees it
 * @serial: of the port before it; 0: the first one
 *
 * Context: process, may sleep.
 * Return: the port, to be given back with l2pc_port_put(), or NULL.
 */
struct l2pc_port *l2pc_port_get_after(const struct net *net, u64 serial)
{
	struct l2pc_port *port, *found = NULL;

	mutex_lock(&ports_lock);
	list_for_each_entry(port, &ports, list)
		if (port->serial > serial && port_seen_by(port) == net) {
			kref_get(&port->ref);
			found = port;
			break;
		}
	mutex_unlock(&ports_lock);
	return found;
}

/**
 * l2pc_ports_generation() - changes when a port is added or deleted
 * @net: of those that this namespace sees: others are not to interrupt its dumps
 *
 * Made of all of them, so that nothing has to be kept for a namespace. Two sets of
 * ports have the same one once in 2^31.
 *
 * Context: process.
 * Return: a number that is never 0.
 */
unsigned int l2pc_ports_generation(const struct net *net)
{
	const struct l2pc_port *port;
	unsigned int generation = 0;

	mutex_lock(&ports_lock);
	list_for_each_entry(port, &ports, list)
		if (port_seen_by(port) == net)
			generation += jhash_2words(lower_32_bits(port->serial),
						   upper_32_bits(port->serial), 0);
	mutex_unlock(&ports_lock);
	return generation | 1;
}

/**
 * l2pc_ports_set() - l2pc_defaults have changed: all ports follow
 * @given: which of them, L2PC_SETTING(); not the hook
 *
 * Context: process, takes RTNL.
 */
void l2pc_ports_set(u32 given)
{
	struct l2pc_port *port;

	rtnl_lock();
	mutex_lock(&ports_lock);
	list_for_each_entry(port, &ports, list)
		l2pc_port_change(port, &l2pc_defaults, given, NULL);
	mutex_unlock(&ports_lock);
	rtnl_unlock();
}

/**
 * l2pc_ports_init() - be ready for ports
 *
 * Context: process, takes RTNL.
 * Return: 0 or an error.
 */
int l2pc_ports_init(void)
{
	int err;

	err = l2pc_housekeeping_init();
	if (err)
		return err;
	err = register_pernet_subsys(&ports_net_ops);
	if (err)
		goto err_housekeeping;
	err = register_netdevice_notifier(&ports_notifier);
	if (err)
		goto err_net;
	return 0;

err_net:
	unregister_pernet_subsys(&ports_net_ops);
err_housekeeping:
	l2pc_housekeeping_exit();
	return err;
}

/**
 * l2pc_ports_close() - let go of every interface, take no more
 *
 * Context: process, takes RTNL.
 */
void l2pc_ports_close(void)
{
	struct l2pc_port *port;

	do {
		rtnl_lock();
		mutex_lock(&ports_lock);
		ports_closed = true;
		port = list_first_entry_or_null(&ports, struct l2pc_port, list);
		if (port)
			port_unlink(port);
		mutex_unlock(&ports_lock);
		rtnl_unlock();
		if (port)
			port_finish(port);
	} while (port);
}

/**
 * l2pc_ports_exit() - the end, after l2pc_ports_close()
 *
 * Context: process, takes RTNL; nobody reads any more.
 */
void l2pc_ports_exit(void)
{
	unregister_netdevice_notifier(&ports_notifier);
	unregister_pernet_subsys(&ports_net_ops);
	l2pc_housekeeping_exit();
}
