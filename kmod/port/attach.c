// SPDX-License-Identifier: GPL-2.0
/*
 * Attachment of a port to its device: start and stop of counting, by which hook.
 * Copyright (C) the l2packet_counter authors
 *
 * A port keeps a device that cannot be counted, until the device is unregistered. A
 * WiFi interface may become a monitor, which is not an Ethernet device, and an access
 * point again.
 *
 * Context of all functions: process, RTNL and ports_lock held.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/string.h>

#include "attach.h"
#include "device.h"
#include "egress.h"
#include "hook.h"
#include "list.h"
#include "notify.h"
#include "port.h"
#include "refuse.h"
#include "timer.h"

/* Delays of l2pc_net.retry: after the first failure, and at most. */
#define RETRY_DELAY_MIN		((unsigned long)HZ)
#define RETRY_DELAY_MAX		(64UL * HZ)

/* Guests come and go by the hundred, so ports of patterns are logged only for debugging. */
#define port_log(port, fmt, ...) do {					\
	if ((port)->pattern)						\
		pr_debug(fmt, ##__VA_ARGS__);				\
	else								\
		pr_info(fmt, ##__VA_ARGS__);				\
} while (0)

/* Report why the device's RX handler is not available. */
static void rx_handler_refuse(struct net_device *dev, int err,
			      struct netlink_ext_ack *extack)
{
	const struct net_device *master = netdev_master_upper_dev_get(dev);

	if (err != -EBUSY)
		l2pc_refuse(extack, "its kind has no RX handler (hook tap needs none)",
			    "interface %s: its kind has no RX handler (hook=tap needs none)\n",
			    dev->name);
	else if (master)
		l2pc_refuse(extack, "the RX handler is taken (hook tap needs no RX handler)",
			    "interface %s: the RX handler belongs to %s (hook=tap needs no RX handler)\n",
			    dev->name, master->name);
	else
		l2pc_refuse(extack, "the RX handler is taken (hook tap needs no RX handler)",
			    "interface %s: the RX handler is taken, by macvlan, ipvlan or the like (hook=tap needs no RX handler)\n",
			    dev->name);
}

/* Check whether the port can be counted by the wanted hook, and report why not. */
static int port_check(struct l2pc_port *port, struct net_device *dev,
		      enum l2pc_hook_wanted wanted, struct netlink_ext_ack *extack)
{
	int err = l2pc_device_check(dev);

	if (err) {
		l2pc_device_refuse(dev, extack);
		return err;
	}
	err = l2pc_hook_check(port, dev, l2pc_hook_kind(wanted));
	if (err)
		rx_handler_refuse(dev, err, extack);
	return err;
}

/* Start to count sent frames, if the user wants that. */
static int port_start_tx(struct l2pc_port *port, struct net_device *dev,
			 struct netlink_ext_ack *extack)
{
	int err;

	if (!port->settings.tx || port->egress)
		return 0;
	err = l2pc_egress_check(dev->name, extack);
	if (err)
		return err;
	err = l2pc_egress_register(port, dev);
	if (err)
		l2pc_refuse(extack, "sent frames: the egress hook cannot be registered",
			    "interface %s: sent frames: the egress hook cannot be registered (error %d)\n",
			    dev->name, err);
	return err;
}

static int port_start(struct l2pc_port *port, struct net_device *dev,
		      struct netlink_ext_ack *extack)
{
	enum l2pc_hook_kind kind = l2pc_hook_kind(port->settings.hook_wanted);
	int err;

	err = port_start_tx(port, dev, extack);
	if (err)
		return err;
	err = l2pc_hook_register(port, dev, kind, l2pc_device_has_fcs(dev));
	if (err) {
		l2pc_egress_unregister(port, dev);
		return err;
	}
	port->state = L2PC_PORT_STATE_COUNTING;
	port_log(port, "interface %s: counting by %s%s\n", dev->name, l2pc_hook_name(kind),
		 port->egress ? ", and sent frames" : "");
	l2pc_device_note(dev);
	return 0;
}

/**
 * l2pc_port_attach() - start to count a device
 * @port: a port without a device
 * @dev: the device
 * @extack: gets the reason of a failure, or NULL: the kernel log does
 *
 * Context: process, RTNL and ports_lock held, may sleep.
 * Return: 0, -EINVAL (the device cannot be counted, or has no RX handler), -EBUSY (the RX
 * handler is taken), or what l2pc_port_set_tx() returns. After an error the port has no
 * device.
 */
int l2pc_port_attach(struct l2pc_port *port, struct net_device *dev,
		     struct netlink_ext_ack *extack)
{
	int err;

	ASSERT_RTNL();
	err = port_check(port, dev, port->settings.hook_wanted, extack) ?:
	      port_start(port, dev, extack);
	if (err)
		return err;
	l2pc_list_set_dev(port, dev);
	l2pc_port_publish(port);
	return 0;
}

/**
 * l2pc_port_detach() - stop counting a port's device, if it has one
 * @port: the port
 *
 * A CPU may count for the port until l2pc_hook_wait() has returned. A device that is
 * being unregistered receives nothing any more.
 *
 * Context: process, RTNL and ports_lock held, may sleep.
 */
void l2pc_port_detach(struct l2pc_port *port)
{
	ASSERT_RTNL();
	if (!port->dev)
		return;
	l2pc_egress_remove(port, port->dev);
	l2pc_hook_remove(port, port->dev);
	port->state = L2PC_PORT_STATE_NO_DEVICE;
	l2pc_list_set_dev(port, NULL);
	l2pc_port_publish(port);
}

/*
 * Have the ports of a namespace that are not counted tried again: after a second; then,
 * while a port fails, after twice the time, up to 64 seconds.
 */
static void retry_queue(struct l2pc_net *of)
{
	if (of->retry_queued)
		return;
	of->retry_queued = true;
	of->retry_delay = clamp(2 * of->retry_delay, RETRY_DELAY_MIN, RETRY_DELAY_MAX);
	l2pc_timer_queue(&of->retry, of->retry_delay);
}

/**
 * l2pc_port_review() - start or stop counting as the device has changed
 * @port: a port with a device
 *
 * A device may change its type, become the conduit of a switch, or start to keep the
 * FCS. Without such a change, does and reports nothing.
 *
 * Context: process, RTNL and ports_lock held, may sleep for a grace period.
 */
void l2pc_port_review(struct l2pc_port *port)
{
	enum l2pc_port_state old = port->state;
	struct net_device *dev = port->dev;
	enum l2pc_hook_kind kind = l2pc_hook_kind(port->settings.hook_wanted);
	bool good = !l2pc_device_check(dev) && !l2pc_hook_check(port, dev, kind);

	ASSERT_RTNL();
	if (good && old == L2PC_PORT_STATE_COUNTING &&
	    port->hook.fcs == l2pc_device_has_fcs(dev))
		return;
	if (!good && old == L2PC_PORT_STATE_UNSUPPORTED) {
		/* The type may have changed to another that cannot be counted. */
		l2pc_port_publish(port);
		return;
	}
	l2pc_hook_unregister(port, dev);
	port->state = L2PC_PORT_STATE_UNSUPPORTED;
	if (!good) {
		l2pc_egress_unregister(port, dev);
		/* A pattern leaves devices out without a message. */
		if (!port->pattern)
			port_check(port, dev, port->settings.hook_wanted, NULL);
	} else if (port_start(port, dev, NULL)) {
		/* A hook cannot be registered now; no event may follow. */
		retry_queue(l2pc_net(port->net));
	}
	l2pc_port_publish(port);
	if (port->state == old)
		return;
	l2pc_notify_port(port, port->state == L2PC_PORT_STATE_COUNTING ?
			L2PC_CMD_PORT_ATTACH_NTF : L2PC_CMD_PORT_DETACH_NTF);
}

/**
 * l2pc_device_follow() - give a device to the port that waits for one of its name
 * @dev: a device without a port
 *
 * Context: process, RTNL and ports_lock held, may sleep.
 * Return: false if no port waits for it.
 */
bool l2pc_device_follow(struct net_device *dev)
{
	struct l2pc_port *port = l2pc_port_find_waiting(dev);

	if (!port)
		return false;
	list_del_init(&port->gone);
	l2pc_list_set_dev(port, dev);
	l2pc_port_review(port);
	return true;
}

/**
 * l2pc_port_check_hook() - check whether a port can be counted by another hook
 * @port: the port
 * @wanted: the hook
 * @extack: gets the reason of a failure, or NULL: the kernel log does
 *
 * Context: process, RTNL and ports_lock held.
 * Return: 0; -EBUSY or -EINVAL (the RX handler is not available). A port that is not
 * being counted takes any hook.
 */
int l2pc_port_check_hook(struct l2pc_port *port, enum l2pc_hook_wanted wanted,
			 struct netlink_ext_ack *extack)
{
	ASSERT_RTNL();
	if (wanted == port->settings.hook_wanted ||
	    port->state != L2PC_PORT_STATE_COUNTING)
		return 0;
	return port_check(port, port->dev, wanted, extack);
}

/**
 * l2pc_port_set_hook() - count by another hook
 * @port: the port
 * @wanted: the hook, which l2pc_port_check_hook() accepts
 *
 * Frames that arrive between the two hooks are not counted.
 *
 * Context: process, RTNL and ports_lock held, sleeps for a grace period.
 */
void l2pc_port_set_hook(struct l2pc_port *port, enum l2pc_hook_wanted wanted)
{
	struct net_device *dev = port->dev;

	ASSERT_RTNL();
	if (wanted == port->settings.hook_wanted)
		return;
	port->settings.hook_wanted = wanted;
	if (port->state == L2PC_PORT_STATE_COUNTING) {
		l2pc_hook_unregister(port, dev);
		/* Cannot fail: the RX handler is free, and RTNL keeps it free. */
		port_start(port, dev, NULL);
	} else if (dev) {
		l2pc_port_review(port);
	}
}

/**
 * l2pc_port_set_tx() - count sent frames, or stop to
 * @port: the port
 * @tx: count them
 * @extack: gets the reason of a failure, or NULL: the kernel log does
 *
 * What was counted stays.
 *
 * Context: process, RTNL and ports_lock held, sleeps for a grace period.
 * Return: 0; -EOPNOTSUPP (this kernel has no egress hook), -ENOMEM or -E2BIG, with the
 * setting unchanged.
 */
int l2pc_port_set_tx(struct l2pc_port *port, bool tx, struct netlink_ext_ack *extack)
{
	int err;

	ASSERT_RTNL();
	if (tx == port->settings.tx)
		return 0;
	err = tx ? l2pc_egress_check(port->name, extack) : 0;
	if (err)
		return err;
	port->settings.tx = tx;
	if (!tx) {
		l2pc_egress_unregister(port, port->dev);
	} else if (port->state == L2PC_PORT_STATE_COUNTING) {
		err = port_start_tx(port, port->dev, extack);
		if (err) {
			port->settings.tx = false;
			return err;
		}
	}
	if (port->state == L2PC_PORT_STATE_COUNTING)
		port_log(port, "interface %s: sent frames are %s\n", port->name,
			 tx ? "counted" : "no longer counted");
	return 0;
}

/**
 * l2pc_port_device_event() - follow an event of a port's device
 * @port: a port with a device
 * @event: NETDEV_*
 *
 * Context: a netdev notifier: process, RTNL and ports_lock held, may sleep for a
 * grace period.
 */
void l2pc_port_device_event(struct l2pc_port *port, unsigned long event)
{
	const struct net_device *dev = port->dev;

	switch (event) {
	case NETDEV_UNREGISTER:
		l2pc_port_detach(port);
		port_log(port, "interface %s: the device is gone (counts stay, counting starts again when it is back)\n",
			 port->name);
		l2pc_notify_port(port, L2PC_CMD_PORT_DETACH_NTF);
		return;
	case NETDEV_CHANGENAME:
		port_log(port, "interface %s: renamed to %s\n", port->name, dev->name);
		l2pc_list_set_name(port, dev->name);
		l2pc_port_publish(port);
		l2pc_notify_port(port, L2PC_CMD_PORT_SET_NTF);
		break;
	}
	/*
	 * Not every relevant change has an event: mac80211 changes the type of a device
	 * that is down without one.
	 */
	l2pc_port_review(port);
}
