// SPDX-License-Identifier: GPL-2.0
/*
 * Ports: which interfaces are monitored, from when to when.
 * Copyright (C) the l2packet_counter authors
 *
 * Locks, outer first: RTNL (devices come and go), ports_lock (the list), a
 * window's own mutex. Readers take ports_lock only to pick up references, so
 * that reading never waits for RTNL.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/net_namespace.h>

#include "hook.h"
#include "port.h"

/* A cell's time stamps are good for 24 days at least: look far more often. */
#define ROTATE_INTERVAL		(3600UL * HZ)

static LIST_HEAD(ports);
static DEFINE_MUTEX(ports_lock);
static struct workqueue_struct *ports_wq;

static void port_settle(struct work_struct *work);

/* --- one port --------------------------------------------------------------- */

static void port_wanted(struct l2pc_writers *writers)
{
	struct l2pc_port *port =
		container_of(writers, struct l2pc_port, window.writers);

	queue_work(ports_wq, &port->grow_work);
}

static void port_grow(struct work_struct *work)
{
	struct l2pc_port *port =
		container_of(work, struct l2pc_port, grow_work);

	l2pc_window_grow(&port->window);
}

static u64 interval_jiffies(const struct l2pc_port *port)
{
	return (u64)READ_ONCE(port->reset_interval) * HZ;
}

static void port_schedule(struct l2pc_port *port)
{
	unsigned long delay = ROTATE_INTERVAL;
	u64 now = get_jiffies_64();

	if (interval_jiffies(port))
		delay = port->next_close <= now ? 0 :
			min_t(u64, delay, port->next_close - now);
	mod_delayed_work(ports_wq, &port->reset_work, delay);
}

static void port_reset(struct work_struct *work)
{
	struct l2pc_port *port =
		container_of(work, struct l2pc_port, reset_work.work);
	u64 interval = interval_jiffies(port);
	u64 now = get_jiffies_64();

	if (interval && port->next_close <= now) {
		l2pc_window_close(&port->window);
		/* In step with the clock, unless a whole interval was missed. */
		port->next_close += interval;
		if (port->next_close <= now)
			port->next_close = now + interval;
	} else {
		l2pc_window_rotate(&port->window);
	}
	port_schedule(port);
}

static struct l2pc_port *port_alloc(const struct net *net, const char *name)
{
	struct l2pc_port *port;

	port = kzalloc(sizeof(*port), GFP_KERNEL);
	if (!port)
		return NULL;
	if (l2pc_window_init(&port->window, l2pc_table_bits,
			     READ_ONCE(l2pc_max_stations), port_wanted)) {
		kfree(port);
		return NULL;
	}
	strscpy(port->name, name, sizeof(port->name));
	port->net = net;
	port->vlan = l2pc_vlan;
	port->wanted = l2pc_hook_wanted;
	port->reset_interval = READ_ONCE(l2pc_reset_interval);
	INIT_LIST_HEAD(&port->list);
	kref_init(&port->ref);
	INIT_WORK(&port->grow_work, port_grow);
	INIT_DELAYED_WORK(&port->reset_work, port_reset);
	INIT_DELAYED_WORK(&port->settle_work, port_settle);
	return port;
}

static void port_release(struct kref *ref)
{
	struct l2pc_port *port = container_of(ref, struct l2pc_port, ref);

	l2pc_window_free(&port->window);
	kfree(port);
}

/**
 * l2pc_port_put() - give back a reference taken by l2pc_ports_get()
 * @port: the port
 *
 * Context: process.
 */
void l2pc_port_put(struct l2pc_port *port)
{
	kref_put(&port->ref, port_release);
}

/**
 * l2pc_port_name() - copy a port's name
 * @port: the port, which may be renamed any time
 * @name: where it is copied to
 *
 * Context: process, may sleep.
 */
void l2pc_port_name(const struct l2pc_port *port, char name[IFNAMSIZ])
{
	mutex_lock(&ports_lock);
	strscpy(name, port->name, IFNAMSIZ);
	mutex_unlock(&ports_lock);
}

/* --- devices: RTNL held ----------------------------------------------------- */

/* Can this device be counted? Says why not. */
static int device_check(const struct net_device *dev)
{
	if (dev->flags & IFF_LOOPBACK) {
		pr_err("interface %s: a loopback device has no stations; name an Ethernet interface\n",
		       dev->name);
		return -EINVAL;
	}
	if (dev->type != ARPHRD_ETHER || dev->addr_len != ETH_ALEN) {
		pr_err("interface %s: not an Ethernet device (its ARPHRD type is %u, Ethernet is %u)\n",
		       dev->name, dev->type, ARPHRD_ETHER);
		return -EINVAL;
	}
	return 0;
}

static const char *reason_text(enum l2pc_hook_reason reason)
{
	static const char * const texts[] = {
		[L2PC_REASON_NONE] = "no device",
		[L2PC_REASON_FREE] = "it is free and sees every frame",
		[L2PC_REASON_WANTED] = "as configured",
		[L2PC_REASON_TAKEN] = "the RX handler is taken",
		[L2PC_REASON_VLAN] = "VLAN devices stand on top",
		[L2PC_REASON_JOINING] = "the RX handler is about to be taken",
		[L2PC_REASON_DOWN] = "the interface is down",
	};

	return texts[reason];
}

/* Is the RX handler somebody else's? */
static bool device_taken(const struct l2pc_port *port, struct net_device *dev)
{
	return port->hook.kind != L2PC_HOOK_RX_HANDLER &&
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

	*reason = L2PC_REASON_WANTED;
	if (port->wanted == L2PC_WANT_INGRESS)
		return L2PC_HOOK_INGRESS;
	if (port->wanted == L2PC_WANT_RX_HANDLER ||
	    !l2pc_hook_available(L2PC_HOOK_INGRESS))
		return L2PC_HOOK_RX_HANDLER;

	/* Who is no master said nothing before it came, and may come again. */
	if (taken && !netdev_master_upper_dev_get(dev))
		port->shy = true;
	if (taken || port->shy)
		*reason = L2PC_REASON_TAKEN;
	else if (vlan_uses_dev(dev))
		*reason = L2PC_REASON_VLAN;
	else if (!(dev->flags & IFF_UP))
		*reason = L2PC_REASON_DOWN;
	else
		*reason = L2PC_REASON_FREE;
	return *reason == L2PC_REASON_FREE ? L2PC_HOOK_RX_HANDLER :
					     L2PC_HOOK_INGRESS;
}

/* Count @dev by this way from now on. Says so, or why not. */
static int port_hook(struct l2pc_port *port, struct net_device *dev,
		     enum l2pc_hook_kind kind, enum l2pc_hook_reason reason)
{
	const struct net_device *master;
	bool change = kind != port->hook.kind;
	int err;

	err = l2pc_hook_change(port, dev, kind);
	if (err == -EBUSY) {
		master = netdev_master_upper_dev_get(dev);
		pr_err("interface %s: its RX handler is taken%s%s; with hook=auto it is counted all the same\n",
		       dev->name, master ? ", it belongs to " :
				  " (by macvlan, ipvlan or the like)",
		       master ? master->name : "");
	} else if (err == -EOPNOTSUPP) {
		pr_err("interface %s: this kernel has no ingress hook (CONFIG_NETFILTER_INGRESS)\n",
		       dev->name);
	} else if (err) {
		pr_err("interface %s: cannot be counted (error %d)\n",
		       dev->name, err);
	}
	if (err)
		return err;
	port->reason = reason;
	if (change)
		pr_info("interface %s: counting by %s, %s\n", dev->name,
			l2pc_hook_name(kind), reason_text(reason));
	return 0;
}

static int port_attach(struct l2pc_port *port, struct net_device *dev)
{
	enum l2pc_hook_reason reason;
	enum l2pc_hook_kind kind;
	int err;

	ASSERT_RTNL();
	err = device_check(dev);
	if (err)
		return err;
	kind = port_choose(port, dev, &reason);
	err = port_hook(port, dev, kind, reason);
	if (!err)
		port->dev = dev;
	return err;
}

static void port_detach(struct l2pc_port *port)
{
	ASSERT_RTNL();
	if (!port->dev)
		return;
	l2pc_hook_change(port, port->dev, L2PC_HOOK_NONE);
	port->dev = NULL;
	port->reason = L2PC_REASON_NONE;
	port->shy = false;
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
		port_hook(port, port->dev, kind, reason);
	}
	rtnl_unlock();
}

/* Make way now: somebody is about to take the RX handler, or may. */
static void port_make_way(struct l2pc_port *port, enum l2pc_hook_reason reason)
{
	if (port->wanted == L2PC_WANT_AUTO &&
	    l2pc_hook_available(L2PC_HOOK_INGRESS))
		port_hook(port, port->dev, L2PC_HOOK_INGRESS, reason);
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
		break;
	case NETDEV_CHANGENAME:
		pr_info("interface %s: now called %s\n", port->name, dev->name);
		strscpy(port->name, dev->name, sizeof(port->name));
		break;
	case NETDEV_JOIN:
		port_make_way(port, L2PC_REASON_JOINING);
		break;
	case NETDEV_PRECHANGEUPPER:
		if (upper->linking)
			port_make_way(port, is_vlan_dev(upper->upper_dev) ?
				      L2PC_REASON_VLAN : L2PC_REASON_JOINING);
		break;
	case NETDEV_DOWN:
		port_make_way(port, L2PC_REASON_DOWN);
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
		if (port)
			port_attach(port, dev);
	}
	mutex_unlock(&ports_lock);
	return NOTIFY_DONE;
}

static struct notifier_block ports_notifier = {
	.notifier_call = ports_event,
};

/*
 * A namespace goes away, its devices went before: what was counted there stays
 * readable from the initial namespace, and no new device is taken for the old.
 */
static void __net_exit ports_net_exit(struct net *net)
{
	struct l2pc_port *port;

	mutex_lock(&ports_lock);
	list_for_each_entry(port, &ports, list)
		if (port->net == net)
			port->net = NULL;
	mutex_unlock(&ports_lock);
}

static struct pernet_operations ports_net_ops = {
	.exit = ports_net_exit,
};

/* --- the list --------------------------------------------------------------- */

static void port_del(struct l2pc_port *port)
{
	rtnl_lock();
	mutex_lock(&ports_lock);
	port_detach(port);
	list_del_init(&port->list);
	mutex_unlock(&ports_lock);
	rtnl_unlock();

	/* Nobody counts any more, so nobody asks for spares. */
	cancel_delayed_work_sync(&port->settle_work);
	cancel_delayed_work_sync(&port->reset_work);
	cancel_work_sync(&port->grow_work);
	l2pc_port_put(port);
}

static int port_add(struct net *net, const char *name)
{
	struct net_device *dev;
	struct l2pc_port *port;
	int err;

	port = port_alloc(net, name);
	if (!port) {
		pr_err("interface %s: out of memory\n", name);
		return -ENOMEM;
	}

	rtnl_lock();
	mutex_lock(&ports_lock);
	dev = __dev_get_by_name(net, name);
	if (!dev) {
		pr_err("interface %s: no such device; 'ip link' lists what there is\n",
		       name);
		err = -ENODEV;
	} else {
		err = port_attach(port, dev);
	}
	if (!err)
		list_add_tail(&port->list, &ports);
	mutex_unlock(&ports_lock);
	rtnl_unlock();

	if (err) {
		l2pc_port_put(port);
		return err;
	}
	port->next_close = get_jiffies_64() + interval_jiffies(port);
	port_schedule(port);
	return 0;
}

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
		err = port_add(net, name);
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
			    struct l2pc_port *to[L2PC_PORTS_MAX])
{
	struct l2pc_port *port;
	unsigned int count = 0;

	mutex_lock(&ports_lock);
	list_for_each_entry(port, &ports, list) {
		const struct net *seen_by = port->net ? port->net : &init_net;

		if (seen_by != net || count == L2PC_PORTS_MAX)
			continue;
		kref_get(&port->ref);
		to[count++] = port;
	}
	mutex_unlock(&ports_lock);
	return count;
}

/**
 * l2pc_ports_set_reset_interval() - l2pc_reset_interval has changed
 *
 * The open windows get the new interval from now.
 *
 * Context: process, may sleep.
 */
void l2pc_ports_set_reset_interval(void)
{
	struct l2pc_port *port;

	mutex_lock(&ports_lock);
	list_for_each_entry(port, &ports, list) {
		cancel_delayed_work_sync(&port->reset_work);
		WRITE_ONCE(port->reset_interval, l2pc_reset_interval);
		port->next_close = get_jiffies_64() + interval_jiffies(port);
		port_schedule(port);
	}
	mutex_unlock(&ports_lock);
}

/**
 * l2pc_ports_set_max_stations() - l2pc_max_stations has changed
 *
 * Context: process, may sleep.
 */
void l2pc_ports_set_max_stations(void)
{
	struct l2pc_port *port;

	mutex_lock(&ports_lock);
	list_for_each_entry(port, &ports, list)
		l2pc_window_set_max_stations(&port->window,
					     READ_ONCE(l2pc_max_stations));
	mutex_unlock(&ports_lock);
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

	ports_wq = alloc_workqueue(KBUILD_MODNAME, WQ_UNBOUND, 0);
	if (!ports_wq)
		return -ENOMEM;
	err = register_pernet_subsys(&ports_net_ops);
	if (err)
		goto err_wq;
	err = register_netdevice_notifier(&ports_notifier);
	if (err)
		goto err_net;
	return 0;

err_net:
	unregister_pernet_subsys(&ports_net_ops);
err_wq:
	destroy_workqueue(ports_wq);
	return err;
}

/**
 * l2pc_ports_exit() - let go of every interface, forget all counts
 *
 * Context: process, takes RTNL; nobody reads any more.
 */
void l2pc_ports_exit(void)
{
	struct l2pc_port *port, *next;

	/* Only this function removes ports, so the list is ours. */
	list_for_each_entry_safe(port, next, &ports, list)
		port_del(port);
	unregister_netdevice_notifier(&ports_notifier);
	unregister_pernet_subsys(&ports_net_ops);
	destroy_workqueue(ports_wq);
}
