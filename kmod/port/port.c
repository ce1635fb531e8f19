// SPDX-License-Identifier: GPL-2.0
/*
 * One monitored interface: its memory, its settings, what is told about it.
 * Copyright (C) the l2packet_counter authors
 *
 * info_lock is taken last: under it there is only copying and taking a reference.
 */
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/net_namespace.h>

#include "iface/event.h"
#include "attach.h"
#include "port.h"

static DEFINE_MUTEX(info_lock);

/**
 * l2pc_port_alloc() - make a port, which is on no list and counts nothing yet
 * @net: the namespace its interface is in
 * @name: the interface
 * @settings: how it is to be counted
 *
 * Context: process, may sleep.
 * Return: the port, with one reference; NULL without memory.
 */
struct l2pc_port *l2pc_port_alloc(struct net *net, const char *name,
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
	l2pc_housekeeping_prepare(port);
	return port;
}

static void port_release(struct kref *ref)
{
	struct l2pc_port *port = container_of(ref, struct l2pc_port, ref);

	l2pc_housekeeping_free(port);
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

/**
 * l2pc_port_publish() - something that is told about a port has changed
 * @port: the port
 *
 * Context: process, RTNL or ports_lock held.
 */
void l2pc_port_publish(struct l2pc_port *port)
{
	mutex_lock(&info_lock);
	strscpy(port->info.name, port->name, sizeof(port->info.name));
	port->info.ifindex = port->dev ? port->dev->ifindex : 0;
	port->info.hook = port->hook.kind;
	port->info.state = port->state;
	port->info.type = port->dev ? port->dev->type : 0;
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
	/* A listed port's is there until l2pc_port_orphan() has had this lock. */
	if (!port->silent)
		net = maybe_get_net(port->net ? port->net : &init_net);
	mutex_unlock(&info_lock);
	return net;
}

/**
 * l2pc_port_silence() - nothing more is told about a port
 * @port: off the list; its chores and readers may go on for a while
 *
 * Nobody says to it any more when its namespace goes.
 *
 * Context: process, may sleep.
 */
void l2pc_port_silence(struct l2pc_port *port)
{
	mutex_lock(&info_lock);
	port->silent = true;
	mutex_unlock(&info_lock);
}

/**
 * l2pc_port_orphan() - a port's namespace goes away, the port stays
 * @port: the port, from now on seen by the initial namespace
 *
 * Context: process, ports_lock held.
 */
void l2pc_port_orphan(struct l2pc_port *port)
{
	mutex_lock(&info_lock);
	port->net = NULL;
	mutex_unlock(&info_lock);
}

/**
 * l2pc_port_change() - change a port's settings
 * @port: the port
 * @to: the new ones
 * @given: which of them, L2PC_SETTING()
 * @extack: says why not, or NULL: the log does
 *
 * All are changed, or none.
 *
 * Context: process, RTNL and ports_lock held, sleeps for grace periods.
 * Return: 0, or what l2pc_port_set_hook() returns.
 */
int l2pc_port_change(struct l2pc_port *port, const struct l2pc_settings *to,
		     u32 given, struct netlink_ext_ack *extack)
{
	int err;

	/* First what may fail. */
	if (given & L2PC_SETTING(HOOK_WANTED)) {
		err = l2pc_port_set_hook(port, to->hook_wanted, extack);
		if (err)
			return err;
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
	l2pc_port_publish(port);
	l2pc_event_port(port, L2PC_CMD_PORT_SET_NTF);
	return 0;
}

