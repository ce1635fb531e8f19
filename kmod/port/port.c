// SPDX-License-Identifier: GPL-2.0
/*
 * A port: its memory, and the state that readers and events see of it.
 * Copyright (C) the l2packet_counter authors
 *
 * info_lock is the innermost lock: under it the code only copies, or takes a
 * reference.
 */
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/net_namespace.h>

#include "engine/window.h"
#include "port.h"

static DEFINE_MUTEX(info_lock);

/**
 * l2pc_port_alloc() - allocate a port, which is on no list and counts nothing yet
 * @net: the namespace of its interface
 * @name: the interface
 * @settings: how to count it
 * @ops: called by the packet path, see struct l2pc_writers_ops
 *
 * Context: process, may sleep.
 * Return: the port, with one reference; NULL without memory.
 */
struct l2pc_port *l2pc_port_alloc(struct net *net, const char *name,
				  const struct l2pc_settings *settings,
				  const struct l2pc_writers_ops *ops)
{
	struct l2pc_port *port;

	port = kzalloc(sizeof(*port), GFP_KERNEL);
	if (!port)
		return NULL;
	if (l2pc_counts_init(&port->counts, l2pc_table_bits,
			     settings->max_stations, ops)) {
		kfree(port);
		return NULL;
	}
	strscpy(port->name, name, sizeof(port->name));
	port->net = net;
	port->settings = *settings;
	port->vlan = settings->vlan;
	mutex_init(&port->event_lock);
	INIT_LIST_HEAD(&port->list);
	INIT_LIST_HEAD(&port->review);
	INIT_LIST_HEAD(&port->gone);
	kref_init(&port->ref);
	return port;
}

static void port_release(struct kref *ref)
{
	struct l2pc_port *port = container_of(ref, struct l2pc_port, ref);

	mutex_destroy(&port->event_lock);
	mutex_destroy(&port->worker.lock);
	l2pc_counts_free(&port->counts);
	kfree(port);
}

/**
 * l2pc_port_put() - drop a reference
 * @port: the port
 *
 * Context: process.
 */
void l2pc_port_put(struct l2pc_port *port)
{
	kref_put(&port->ref, port_release);
}

/**
 * l2pc_port_publish() - update what readers and events see of a port
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
 * l2pc_port_info() - copy what readers and events see of a port
 * @port: the port, which may change at any time
 * @info: filled in
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
 * l2pc_port_net_get() - take a reference to the namespace that sees a port
 * @port: the port
 *
 * Context: process, may sleep.
 * Return: the namespace, to be released with put_net(); NULL while it is being
 * deleted, and after the port was deleted.
 */
struct net *l2pc_port_net_get(struct l2pc_port *port)
{
	struct net *net = NULL;

	mutex_lock(&info_lock);
	/* A listed port's namespace exists until l2pc_port_orphan() had this lock. */
	if (!port->unlisted)
		net = maybe_get_net(port->net ? port->net : &init_net);
	mutex_unlock(&info_lock);
	return net;
}

/**
 * l2pc_port_unlist() - stop sending events of a port
 * @port: off the list; background work and readers may go on for a while
 *
 * An unlisted port no longer sees its namespace being torn down.
 *
 * Context: process, may sleep.
 */
void l2pc_port_unlist(struct l2pc_port *port)
{
	mutex_lock(&info_lock);
	port->unlisted = true;
	mutex_unlock(&info_lock);
}

/**
 * l2pc_port_orphan() - keep a port whose namespace is deleted
 * @port: the port; from now on the initial namespace sees it
 *
 * Context: process, ports_lock held.
 */
void l2pc_port_orphan(struct l2pc_port *port)
{
	mutex_lock(&info_lock);
	port->net = NULL;
	mutex_unlock(&info_lock);
}
