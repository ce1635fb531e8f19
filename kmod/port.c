// SPDX-License-Identifier: GPL-2.0
/*
 * Ports: which interfaces are monitored, from when to when.
 * Copyright (C) the l2packet_counter authors
 *
 * Locks, outer first: RTNL (devices come and go), ports_lock (the list), info_lock
 * (what is told about a port). Readers take ports_lock only to pick up references,
 * so that reading never waits for RTNL. A window's own mutex is taken under any of
 * them or none.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/net_namespace.h>

#include "event.h"
#include "hook.h"
#include "port.h"

static LIST_HEAD(ports);
static DEFINE_MUTEX(ports_lock);
static DEFINE_MUTEX(info_lock);
static struct workqueue_struct *ports_wq;
static u64 ports_serial;		/* of the port added last; ports_lock */
static unsigned int ports_generation = 1;	/* ports_lock; never 0 */
static bool ports_closed;		/* no more are taken; ports_lock */

static void port_settle(struct work_struct *work);

/* --- one port --------------------------------------------------------------- */

static struct l2pc_port *port_alloc(struct net *net, const char *name,
				    const struct l2pc_settings *settings)
{
	struct l2pc_port *port;

	port = kzalloc(sizeof(*port), GFP_KERNEL);
	if (!port)
		return NULL;
	if (l2pc_window_init(&port->window, l2pc_table_bits,
			     settings->max_stations, &l2pc_housekeeping_ops)) {
		kfree(port);
		return NULL;
	}
	strscpy(port->name, name, sizeof(port->name));
	port->net = net;
	port->settings = *settings;
	port->vlan = settings->vlan;
	INIT_LIST_HEAD(&port->list);
	kref_init(&port->ref);
	INIT_DELAYED_WORK(&port->settle_work, port_settle);
	l2pc_housekeeping_prepare(port);
	return port;
}

static void port_release(struct kref *ref)
{
	struct l2pc_port *port = container_of(ref, struct l2pc_port, ref);

	l2pc_window_free(&port->window);
	kfree(port);
}

/**
 * l2pc_port_put() - give back a reference
 * @port: the port
 *
 * Context: process.
 */
void l2pc_port_put(struct l2pc_port *port)
{
	kref_put(&port->ref, port_release);
}

/* Something that is told about the port has changed; RTNL or ports_lock held. */
static void port_publish(struct l2pc_port *port)
{
	mutex_lock(&info_lock);
	strscpy(port->info.name, port->name, sizeof(port->info.name));
	port->info.ifindex = port->dev ? port->dev->ifindex : 0;
	port->info.hook = port->hook.kind;
	port->info.reason = port->reason;
	port->info.settings = port->settings;
	mutex_unlock(&info_lock);
}

/**
 * l2pc_port_info() - copy what is told about a port
 * @port: the port, which may change any time
 * @info: where it is copied to
 *
 * Context: process, may sleep.
 */
void l2pc_port_info(struct l2pc_port *port, struct l2pc_port_info *info)
{
	mutex_lock(&info_lock);
	*info = port->info;
	mutex_unlock(&info_lock);
}

/**
 * l2pc_port_net_get() - a reference to the namespace that sees a port
 * @port: the port
 *
 * Context: process, may sleep.
 * Return: the namespace, to be given back with put_net(); NULL while it is being
 * deleted, and when the port was.
 */
struct net *l2pc_port_net_get(struct l2pc_port *port)
{
	struct net *net = NULL;

	mutex_lock(&info_lock);
	/* A listed port's is there until ports_net_exit() has had this lock. */
	if (!port->silent)
		net = maybe_get_net(port->net ? port->net : &init_net);
	mutex_unlock(&info_lock);
	return net;
}

/*
 * Why an interface is refused: told to who asked by netlink, else to the log, where
 * it is said with @fmt.
 */
#define port_refuse(extack, why, fmt, ...) do {				\
	if (extack)							\
		NL_SET_ERR_MSG(extack, why);				\
	else								\
		pr_err(fmt, ##__VA_ARGS__);				\
} while (0)

/* --- devices: RTNL held ----------------------------------------------------- */

/* Can this device be counted? Says why not. */
static int device_check(const struct net_device *dev,
			struct netlink_ext_ack *extack)
{
	if (dev->flags & IFF_LOOPBACK) {
		port_refuse(extack, "a loopback device has no stations; name an Ethernet interface",
			    "interface %s: a loopback device has no stations; name an Ethernet interface\n",
			    dev->name);
		return -EINVAL;
	}
	if (dev->type != ARPHRD_ETHER || dev->addr_len != ETH_ALEN) {
		port_refuse(extack, "not an Ethernet device",
			    "interface %s: not an Ethernet device (its ARPHRD type is %u, Ethernet is %u)\n",
			    dev->name, dev->type, ARPHRD_ETHER);
		return -EINVAL;
	}
	return 0;
}

static const char *reason_text(enum l2pc_hook_reason reason)
{
	static const char * const texts[] = {
		[L2PC_HOOK_REASON_NONE] = "no device",
		[L2PC_HOOK_REASON_FREE] = "it is free and sees every frame",
		[L2PC_HOOK_REASON_WANTED] = "as configured",
		[L2PC_HOOK_REASON_TAKEN] = "the RX handler is taken",
		[L2PC_HOOK_REASON_VLAN] = "VLAN devices stand on top",
		[L2PC_HOOK_REASON_JOINING] = "the RX handler is about to be taken",
		[L2PC_HOOK_REASON_DOWN] = "the interface is down",
	};

	return texts[reason];
}

/* Is the RX handler somebody else's? */
static bool device_taken(const struct l2pc_port *port, struct net_device *dev)
{
	return port->hook.kind != L2PC_HOOK_KIND_RX_HANDLER &&
	       netdev_is_rx_handler_busy(dev);
}

/*
 * The way in that a port should have as things are: the RX handler, the cheaper
 * one, where it is free and sees every frame. A VLAN device on top takes frames
 * with its tag before the RX handler (net/core/dev.c). A device that is down is
 * left to bonds and teams, which take only such.
 */
static enum l2pc_hook_kind port_choose(struct l2pc_port *port,
				       struct net_device *dev,
				       enum l2pc_hook_reason *reason)
{
	bool taken = device_taken(port, dev);

	*reason = L2PC_HOOK_REASON_WANTED;
	if (port->settings.hook_wanted == L2PC_HOOK_WANTED_INGRESS)
		return L2PC_HOOK_KIND_INGRESS;
	if (port->settings.hook_wanted == L2PC_HOOK_WANTED_RX_HANDLER ||
	    !l2pc_hook_available(L2PC_HOOK_KIND_INGRESS))
		return L2PC_HOOK_KIND_RX_HANDLER;

	/* Who is no master said nothing before it came, and may come again. */
	if (taken && !netdev_master_upper_dev_get(dev))
		port->shy = true;
	if (taken || port->shy)
		*reason = L2PC_HOOK_REASON_TAKEN;
	else if (vlan_uses_dev(dev))
		*reason = L2PC_HOOK_REASON_VLAN;
	else if (!(dev->flags & IFF_UP))
		*reason = L2PC_HOOK_REASON_DOWN;
	else
		*reason = L2PC_HOOK_REASON_FREE;
	return *reason == L2PC_HOOK_REASON_FREE ? L2PC_HOOK_KIND_RX_HANDLER :
					     L2PC_HOOK_KIND_INGRESS;
}

/* Count @dev by this way from now on. Says so, or why not. */
static int port_hook(struct l2pc_port *port, struct net_device *dev,
		     enum l2pc_hook_kind kind, enum l2pc_hook_reason reason,
		     struct netlink_ext_ack *extack)
{
	const struct net_device *master;
	enum l2pc_hook_kind old = port->hook.kind;
	int err;

	err = l2pc_hook_change(port, dev, kind);
	if (err == -EBUSY) {
		master = netdev_master_upper_dev_get(dev);
		port_refuse(extack, "its RX handler is taken; with hook auto it is counted all the same",
			    "interface %s: its RX handler is taken%s%s; with hook=auto it is counted all the same\n",
			    dev->name, master ? ", it belongs to " :
			    " (by macvlan, ipvlan or the like)",
			    master ? master->name : "");
	} else if (err == -EOPNOTSUPP) {
		port_refuse(extack, "this kernel has no ingress hook (CONFIG_NETFILTER_INGRESS)",
			    "interface %s: this kernel has no ingress hook (CONFIG_NETFILTER_INGRESS)\n",
			    dev->name);
	} else if (err) {
		port_refuse(extack, "it cannot be counted",
			    "interface %s: cannot be counted (error %d)\n",
			    dev->name, err);
	}
	if (err)
		return err;
	if (kind == old && reason == port->reason)
		return 0;
	port->reason = reason;
	if (kind != old)
		pr_info("interface %s: counting by %s, %s\n", dev->name,
			l2pc_hook_name(kind), reason_text(reason));
	/* The first one is told with the port. */
	if (port->dev) {
		port_publish(port);
		l2pc_event_port(port, L2PC_CMD_PORT_HOOK_NTF);
	}
	return 0;
}

static int port_attach(struct l2pc_port *port, struct net_device *dev,
		       struct netlink_ext_ack *extack)
{
	enum l2pc_hook_reason reason;
	enum l2pc_hook_kind kind;
	int err;

	ASSERT_RTNL();
	err = device_check(dev, extack);
	if (err)
		return err;
	kind = port_choose(port, dev, &reason);
	err = port_hook(port, dev, kind, reason, extack);
	if (!err)
		port->dev = dev;
	port_publish(port);
	return err;
}

static void port_detach(struct l2pc_port *port)
{
	ASSERT_RTNL();
	if (!port->dev)
		return;
	l2pc_hook_change(port, port->dev, L2PC_HOOK_KIND_NONE);
	port->dev = NULL;
	port->reason = L2PC_HOOK_REASON_NONE;
	port->shy = false;
	port_publish(port);
}

/*
 * Things around the device have changed: choose again, but not at once. A bond
 * takes a device up before it takes its RX handler, and a bridge says that it
 * lets go of one before it does: both hold RTNL until they are done.
 */
#define SETTLE_DELAY	HZ

static void port_unsettle(struct l2pc_port *port)
{
	mod_delayed_work(ports_wq, &port->settle_work, SETTLE_DELAY);
}

static void port_settle(struct work_struct *work)
{
	struct l2pc_port *port =
		container_of(work, struct l2pc_port, settle_work.work);
	enum l2pc_hook_reason reason;
	enum l2pc_hook_kind kind;

	/* port_del() waits for this work without RTNL. */
	rtnl_lock();
	if (port->dev) {
		kind = port_choose(port, port->dev, &reason);
		port_hook(port, port->dev, kind, reason, NULL);
	}
	rtnl_unlock();
}

/* Make way now: somebody is about to take the RX handler, or may. */
static void port_make_way(struct l2pc_port *port, enum l2pc_hook_reason reason)
{
	if (port->settings.hook_wanted == L2PC_HOOK_WANTED_AUTO &&
	    l2pc_hook_available(L2PC_HOOK_KIND_INGRESS))
		port_hook(port, port->dev, L2PC_HOOK_KIND_INGRESS, reason, NULL);
	port_unsettle(port);
}

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

static void port_device_event(struct l2pc_port *port, unsigned long event,
			      void *ptr)
{
	const struct netdev_notifier_changeupper_info *upper = ptr;
	const struct net_device *dev = port->dev;

	switch (event) {
	case NETDEV_UNREGISTER:
		port_detach(port);
		pr_info("interface %s: gone; its counts stay, and it is counted again when it comes back\n",
			port->name);
		l2pc_event_port(port, L2PC_CMD_PORT_DETACH_NTF);
		break;
	case NETDEV_CHANGENAME:
		pr_info("interface %s: now called %s\n", port->name, dev->name);
		strscpy(port->name, dev->name, sizeof(port->name));
		port_publish(port);
		l2pc_event_port(port, L2PC_CMD_PORT_SET_NTF);
		break;
	case NETDEV_JOIN:
		port_make_way(port, L2PC_HOOK_REASON_JOINING);
		break;
	case NETDEV_PRECHANGEUPPER:
		if (upper->linking)
			port_make_way(port, is_vlan_dev(upper->upper_dev) ?
				      L2PC_HOOK_REASON_VLAN : L2PC_HOOK_REASON_JOINING);
		break;
	case NETDEV_DOWN:
		port_make_way(port, L2PC_HOOK_REASON_DOWN);
		break;
	case NETDEV_CHANGEUPPER:
	case NETDEV_UP:
		port_unsettle(port);
		break;
	}
}

static int ports_event(struct notifier_block *block, unsigned long event,
		       void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct l2pc_port *port;

	mutex_lock(&ports_lock);
	port = port_by_dev(dev);
	if (port) {
		port_device_event(port, event, ptr);
	} else if (event == NETDEV_REGISTER || event == NETDEV_CHANGENAME) {
		port = port_waiting(dev);
		if (port && !port_attach(port, dev, NULL))
			l2pc_event_port(port, L2PC_CMD_PORT_ATTACH_NTF);
	}
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
	port_detach(port);
	list_del_init(&port->list);
	ports_generation += ports_generation == UINT_MAX ? 2 : 1;
	l2pc_event_port(port, L2PC_CMD_PORT_DEL_NTF);
	/* Chores and readers may go on for a while, ports_net_exit() passes it by. */
	mutex_lock(&info_lock);
	port->silent = true;
	mutex_unlock(&info_lock);
}

/* The end of a port that was unlinked; no locks held, its chores may be busy. */
static void port_finish(struct l2pc_port *port)
{
	cancel_delayed_work_sync(&port->settle_work);
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
	if (port_find(port->net, port->name)) {
		port_refuse(extack, "it is counted already",
			    "interface %s: it is counted already\n", port->name);
		return -EEXIST;
	}
	if (ports_count(port->net) >= L2PC_PORTS_MAX) {
		port_refuse(extack, "64 ports are counted already, more are not possible",
			    "interface %s: %u ports are counted already, more are not possible\n",
			    port->name, L2PC_PORTS_MAX);
		return -ENOSPC;
	}
	dev = __dev_get_by_name(port->net, port->name);
	if (!dev) {
		port_refuse(extack, "no such device; 'ip link' lists what there is",
			    "interface %s: no such device; 'ip link' lists what there is\n",
			    port->name);
		return -ENODEV;
	}
	err = port_attach(port, dev, extack);
	if (err)
		return err;
	port->serial = ++ports_serial;
	list_add_tail(&port->list, &ports);
	ports_generation += ports_generation == UINT_MAX ? 2 : 1;
	l2pc_housekeeping_start(port);
	return 0;
}

static int port_add(struct net *net, const char *name,
		    const struct l2pc_settings *settings, bool parameter,
		    struct netlink_ext_ack *extack)
{
	struct l2pc_port *port;
	int err;

	port = port_alloc(net, name, settings);
	if (!port) {
		port_refuse(extack, "out of memory",
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

/* Change settings; all or none. RTNL and ports_lock held. */
static int port_set(struct l2pc_port *port, const struct l2pc_settings *to,
		    u32 given, struct netlink_ext_ack *extack)
{
	enum l2pc_hook_wanted old = port->settings.hook_wanted;
	enum l2pc_hook_reason reason;
	enum l2pc_hook_kind kind;
	int err;

	/* First what may fail. */
	if (given & L2PC_SETTING(HOOK_WANTED) && to->hook_wanted != old) {
		port->settings.hook_wanted = to->hook_wanted;
		if (port->dev) {
			kind = port_choose(port, port->dev, &reason);
			err = port_hook(port, port->dev, kind, reason, extack);
			if (err) {
				port->settings.hook_wanted = old;
				return err;
			}
		}
	}
	if (given & L2PC_SETTING(VLAN)) {
		port->settings.vlan = to->vlan;
		/* The partner is the packet path. */
		WRITE_ONCE(port->vlan, to->vlan);
	}
	if (given & L2PC_SETTING(MAX_STATIONS)) {
		port->settings.max_stations = to->max_stations;
		l2pc_window_set_max_stations(&port->window, to->max_stations);
	}
	if (given & (L2PC_SETTING(RESET_INTERVAL) | L2PC_SETTING(STATION_TIMEOUT))) {
		l2pc_housekeeping_pause(port);
		if (given & L2PC_SETTING(RESET_INTERVAL))
			l2pc_housekeeping_set_reset_interval(port, to->reset_interval);
		if (given & L2PC_SETTING(STATION_TIMEOUT))
			l2pc_housekeeping_set_station_timeout(port, to->station_timeout);
		l2pc_housekeeping_resume(port);
	}
	port_publish(port);
	l2pc_event_port(port, L2PC_CMD_PORT_SET_NTF);
	return 0;
}

/**
 * l2pc_port_add() - begin to count an interface
 * @net: the namespace it is in
 * @name: the interface
 * @settings: how
 * @extack: says why not
 *
 * Context: process, takes RTNL.
 * Return: 0, -ENODEV (no such device), -EINVAL (not Ethernet), -EEXIST (counted
 * already), -ENOSPC (64 are), -EBUSY (another RX handler is there), -ENOMEM.
 */
int l2pc_port_add(struct net *net, const char *name,
		  const struct l2pc_settings *settings,
		  struct netlink_ext_ack *extack)
{
	return port_add(net, name, settings, false, extack);
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
 * Return: 0, -ENOENT, or -EBUSY (another RX handler is there).
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
		err = port_set(port, settings, given, extack);
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
		mutex_lock(&info_lock);
		port->net = NULL;
		mutex_unlock(&info_lock);
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

/* A name as it stands between commas: is it one, and not one too many? */
static int name_check(const char *names, const char *name, size_t len,
		      unsigned int count)
{
	const char *before;
	size_t l;

	if (!len) {
		pr_err("parameter interface: empty name in \"%s\"; say interface=eth0 or interface=eth0,eth1\n",
		       names);
		return -EINVAL;
	}
	if (len >= IFNAMSIZ) {
		pr_err("interface %.*s: the name is too long, an interface name has at most %d characters\n",
		       (int)min_t(size_t, len, 64), name, IFNAMSIZ - 1);
		return -EINVAL;
	}
	if (count > L2PC_PORTS_MAX) {
		pr_err("parameter interface: more than %u names\n",
		       L2PC_PORTS_MAX);
		return -EINVAL;
	}
	for (before = names; before < name; before += l + 1) {
		l = strcspn(before, ",");
		if (l == len && !strncmp(before, name, len)) {
			pr_err("interface %.*s: named twice\n", (int)len, name);
			return -EINVAL;
		}
	}
	return 0;
}

/**
 * l2pc_ports_add() - begin to count the interfaces of a list
 * @net: the namespace they are in
 * @names: names separated by commas
 *
 * Either all of them are counted afterwards, or none.
 *
 * Context: process, takes RTNL.
 * Return: 0, -EINVAL (not a list of Ethernet devices), -ENODEV (no such
 * device), -EBUSY (another RX handler is there), -ENOMEM; the kernel log says
 * which interface and why.
 */
int l2pc_ports_add(struct net *net, const char *names)
{
	char name[IFNAMSIZ];
	unsigned int count = 0;
	const char *at = names;
	size_t len;
	int err;

	for (;; at += len + 1) {
		len = strcspn(at, ",");
		err = name_check(names, at, len, ++count);
		if (err)
			return err;
		if (!at[len])
			break;
	}
	for (at = names;; at += len + 1) {
		len = strcspn(at, ",");
		strscpy(name, at, len + 1);
		err = port_add(net, name, &l2pc_defaults, true, NULL);
		if (err || !at[len])
			return err;
	}
}

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
 *
 * Return: a number that is never 0.
 */
unsigned int l2pc_ports_generation(void)
{
	unsigned int generation;

	mutex_lock(&ports_lock);
	generation = ports_generation;
	mutex_unlock(&ports_lock);
	return generation;
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
		port_set(port, &l2pc_defaults, given, NULL);
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

	ports_wq = alloc_workqueue(KBUILD_MODNAME "_settle", WQ_UNBOUND, 0);
	if (!ports_wq)
		return -ENOMEM;
	err = l2pc_housekeeping_init();
	if (err)
		goto err_wq;
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
err_wq:
	destroy_workqueue(ports_wq);
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
	destroy_workqueue(ports_wq);
}
