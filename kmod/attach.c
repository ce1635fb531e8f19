// SPDX-License-Identifier: GPL-2.0
/*
 * A port and its device: which can be counted, and by which way in.
 * Copyright (C) the l2packet_counter authors
 *
 * Context of everything but the work that settles: RTNL held.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/string.h>

#include "attach.h"
#include "event.h"
#include "hook.h"
#include "port.h"

static struct workqueue_struct *settle_wq;

/* Can this device be counted? Says why not. */
static int device_check(const struct net_device *dev,
			struct netlink_ext_ack *extack)
{
	if (dev->flags & IFF_LOOPBACK) {
		l2pc_refuse(extack, "a loopback device has no stations; name an Ethernet interface",
			    "interface %s: a loopback device has no stations; name an Ethernet interface\n",
			    dev->name);
		return -EINVAL;
	}
	if (dev->type != ARPHRD_ETHER || dev->addr_len != ETH_ALEN) {
		l2pc_refuse(extack, "not an Ethernet device",
			    "interface %s: not an Ethernet device (its ARPHRD type is %u, Ethernet is %u)\n",
			    dev->name, dev->type, ARPHRD_ETHER);
		return -EINVAL;
	}
	/* A tun can be told to call itself Ethernet (TUNSETLINK). */
	if (dev->hard_header_len < ETH_HLEN) {
		l2pc_refuse(extack, "not an Ethernet device, its frames have no header",
			    "interface %s: not an Ethernet device, its frames have no header\n",
			    dev->name);
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

/* Has its kind none for anybody? An ipvlan's slave and a VRF have not. */
static bool device_lacks_handler(const struct net_device *dev)
{
	return dev->priv_flags & IFF_NO_RX_HANDLER;
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
	if (taken || port->shy || device_lacks_handler(dev))
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
	if (err == -EINVAL && device_lacks_handler(dev)) {
		l2pc_refuse(extack, "its kind has no RX handler; with hook auto it is counted all the same",
			    "interface %s: its kind has no RX handler; with hook=auto it is counted all the same\n",
			    dev->name);
	} else if (err == -EBUSY) {
		master = netdev_master_upper_dev_get(dev);
		l2pc_refuse(extack, "its RX handler is taken; with hook auto it is counted all the same",
			    "interface %s: its RX handler is taken%s%s; with hook=auto it is counted all the same\n",
			    dev->name, master ? ", it belongs to " :
			    " (by macvlan, ipvlan or the like)",
			    master ? master->name : "");
	} else if (err == -EOPNOTSUPP) {
		l2pc_refuse(extack, "this kernel has no ingress hook (CONFIG_NETFILTER_INGRESS)",
			    "interface %s: this kernel has no ingress hook (CONFIG_NETFILTER_INGRESS)\n",
			    dev->name);
	} else if (err) {
		l2pc_refuse(extack, "it cannot be counted",
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
		l2pc_port_publish(port);
		l2pc_event_port(port, L2PC_CMD_PORT_HOOK_NTF);
	}
	return 0;
}

/**
 * l2pc_port_attach() - begin to count a device
 * @port: a port without one
 * @dev: the device
 * @extack: says why not, or NULL: the log does
 *
 * Context: process, RTNL and ports_lock held, sleeps for grace periods.
 * Return: 0, -EINVAL (not Ethernet), -EBUSY (another RX handler is there),
 * -EOPNOTSUPP (no ingress hook in this kernel), or what that hook returned.
 */
int l2pc_port_attach(struct l2pc_port *port, struct net_device *dev,
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
	l2pc_port_publish(port);
	return err;
}

/**
 * l2pc_port_detach() - let go of a port's device, if it has one
 * @port: the port
 *
 * When it returns no CPU counts for it any more.
 *
 * Context: process, RTNL and ports_lock held, sleeps for grace periods.
 */
void l2pc_port_detach(struct l2pc_port *port)
{
	ASSERT_RTNL();
	if (!port->dev)
		return;
	l2pc_hook_change(port, port->dev, L2PC_HOOK_KIND_NONE);
	port->dev = NULL;
	port->reason = L2PC_HOOK_REASON_NONE;
	port->shy = false;
	l2pc_port_publish(port);
}

/*
 * Things around the device have changed: choose again, but not at once. A bond
 * takes a device up before it takes its RX handler, and a bridge says that it
 * lets go of one before it does: both hold RTNL until they are done.
 */
#define SETTLE_DELAY	HZ

static void port_unsettle(struct l2pc_port *port)
{
	mod_delayed_work(settle_wq, &port->settle_work, SETTLE_DELAY);
}

/**
 * l2pc_port_rehook() - choose the way in anew, as things are
 * @port: the port; nothing is done while it has no device
 * @extack: says why not, or NULL: the log does
 *
 * Context: process, RTNL held, sleeps for grace periods.
 * Return: 0, or what l2pc_port_attach() returns, with the way in as it was.
 */
int l2pc_port_rehook(struct l2pc_port *port, struct netlink_ext_ack *extack)
{
	enum l2pc_hook_reason reason;
	enum l2pc_hook_kind kind;

	if (!port->dev)
		return 0;
	kind = port_choose(port, port->dev, &reason);
	return port_hook(port, port->dev, kind, reason, extack);
}

static void port_settle(struct work_struct *work)
{
	/* Who stops this work waits for it without RTNL. */
	rtnl_lock();
	l2pc_port_rehook(container_of(work, struct l2pc_port, settle_work.work), NULL);
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

/**
 * l2pc_port_device_event() - something happens to a port's device
 * @port: a port with a device
 * @event: what, NETDEV_...
 * @ptr: what the notifier was given with it
 *
 * Context: a netdev notifier: process, RTNL and ports_lock held, sleeps for grace
 * periods.
 */
void l2pc_port_device_event(struct l2pc_port *port, unsigned long event,
			    void *ptr)
{
	const struct netdev_notifier_changeupper_info *upper = ptr;
	const struct net_device *dev = port->dev;

	switch (event) {
	case NETDEV_UNREGISTER:
		l2pc_port_detach(port);
		pr_info("interface %s: gone; its counts stay, and it is counted again when it comes back\n",
			port->name);
		l2pc_event_port(port, L2PC_CMD_PORT_DETACH_NTF);
		break;
	case NETDEV_CHANGENAME:
		pr_info("interface %s: now called %s\n", port->name, dev->name);
		strscpy(port->name, dev->name, sizeof(port->name));
		l2pc_port_publish(port);
		l2pc_event_port(port, L2PC_CMD_PORT_SET_NTF);
		break;
	case NETDEV_POST_TYPE_CHANGE:
		if (!device_check(dev, NULL))
			break;
		l2pc_port_detach(port);
		l2pc_event_port(port, L2PC_CMD_PORT_DETACH_NTF);
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

/**
 * l2pc_attach_prepare() - of a new port
 * @port: the port
 */
void l2pc_attach_prepare(struct l2pc_port *port)
{
	INIT_DELAYED_WORK(&port->settle_work, port_settle);
}

/**
 * l2pc_attach_stop() - a port will not choose its way in any more
 * @port: without a device
 *
 * Context: process, RTNL not held: the work takes it.
 */
void l2pc_attach_stop(struct l2pc_port *port)
{
	cancel_delayed_work_sync(&port->settle_work);
}

/**
 * l2pc_attach_init() - be ready for ports
 *
 * Return: 0 or -ENOMEM.
 */
int l2pc_attach_init(void)
{
	settle_wq = alloc_workqueue(KBUILD_MODNAME "_settle", WQ_UNBOUND, 0);
	return settle_wq ? 0 : -ENOMEM;
}

/**
 * l2pc_attach_exit() - the end, when every port was stopped
 */
void l2pc_attach_exit(void)
{
	destroy_workqueue(settle_wq);
}
