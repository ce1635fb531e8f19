// SPDX-License-Identifier: GPL-2.0
/*
 * The netdev notifier: devices that appear, change and disappear.
 * Copyright (C) the l2packet_counter authors
 *
 * An event of a device costs the same however many ports there are.
 */
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>

#include "attach.h"
#include "list.h"
#include "netdev.h"
#include "pattern.h"
#include "port.h"

/* Collect the port of a device for ports_review(). */
static int review_add(struct net_device *dev, struct netdev_nested_priv *priv)
{
	struct list_head *ports = priv->data;
	struct l2pc_port *port = l2pc_port_find_dev(dev);

	if (port && list_empty(&port->review))
		list_add_tail(&port->review, ports);
	return 0;
}

/*
 * Review the ports of the devices that are stacked on @dev, as VLAN devices are. They are
 * collected first, because a review may sleep and the walk holds rcu_read_lock().
 */
static void ports_review(struct net_device *dev)
{
	struct l2pc_port *port, *next;
	LIST_HEAD(ports);
	struct netdev_nested_priv priv = { .data = &ports };

	rcu_read_lock();
	netdev_walk_all_upper_dev_rcu(dev, review_add, &priv);
	rcu_read_unlock();
	list_for_each_entry_safe(port, next, &ports, review) {
		list_del_init(&port->review);
		l2pc_port_review(port);
	}
}

/* Review what is stacked on the device that got or lost a lower one, and that device. */
static void upper_changed(struct net_device *upper)
{
	struct l2pc_port *port = l2pc_port_find_dev(upper);

	if (port)
		l2pc_port_review(port);
	ports_review(upper);
}

static void port_event(struct l2pc_port *port, unsigned long event)
{
	l2pc_port_device_event(port, event);
	if (port->pattern && !port->dev)
		l2pc_pattern_lose(port);
}

/*
 * Events after which a device without a port may become one: it appeared, was renamed, became
 * another type, or its RX handler is free. mac80211 changes the type of a device that is
 * down without an event, hence NETDEV_PRE_UP.
 */
static bool event_may_make_port(unsigned long event)
{
	return event == NETDEV_REGISTER || event == NETDEV_CHANGENAME ||
	       event == NETDEV_POST_TYPE_CHANGE || event == NETDEV_PRE_UP ||
	       event == NETDEV_CHANGEUPPER;
}

static int netdev_event(struct notifier_block *block, unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	const struct netdev_notifier_changeupper_info *changed = ptr;
	struct l2pc_port *port;

	mutex_lock(&l2pc_ports_lock);
	port = l2pc_port_find_dev(dev);
	if (port)
		port_event(port, event);
	else if (event_may_make_port(event))
		l2pc_device_take(dev);
	if (event == NETDEV_FEAT_CHANGE)
		ports_review(dev);
	else if (event == NETDEV_CHANGEUPPER)
		upper_changed(changed->upper_dev);
	mutex_unlock(&l2pc_ports_lock);
	return NOTIFY_DONE;
}

static struct notifier_block netdev_notifier = {
	.notifier_call = netdev_event,
};

/**
 * l2pc_netdev_init() - register the notifier
 *
 * Context: process, takes RTNL.
 * Return: 0 or an error.
 */
int l2pc_netdev_init(void)
{
	return register_netdevice_notifier(&netdev_notifier);
}

/**
 * l2pc_netdev_exit() - unregister the notifier
 *
 * Context: process, takes RTNL; after the last port.
 */
void l2pc_netdev_exit(void)
{
	unregister_netdevice_notifier(&netdev_notifier);
}
