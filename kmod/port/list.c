// SPDX-License-Identifier: GPL-2.0
/*
 * The list of ports, its lock, and its searches.
 * Copyright (C) the l2packet_counter authors
 *
 * A port is in four places: in the list of all ports, in its namespace's tree by
 * serial, in a hash by namespace and name, and, while it has a device, in a hash by
 * device. No search walks over all ports.
 */
#include <linux/hashtable.h>
#include <linux/jhash.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <net/netns/hash.h>

#include "list.h"
#include "port.h"

/* Four ports a bucket, when a namespace has as many as it may have. */
#define LIST_HASH_BITS	10

LIST_HEAD(l2pc_ports);
DEFINE_MUTEX(l2pc_ports_lock);		/* protects l2pc_ports, names and namespaces */
unsigned int l2pc_net_id __read_mostly;
/* No port can be added: before l2pc_ports_init(), or after l2pc_ports_shutdown(); ports_lock. */
bool l2pc_ports_shut_down = true;

static DEFINE_HASHTABLE(ports_by_name, LIST_HASH_BITS);
static DEFINE_HASHTABLE(ports_by_dev, LIST_HASH_BITS);
static u64 ports_serial;		/* of the newest port; ports_lock */

/**
 * l2pc_net() - get what the module has of a namespace
 * @net: the namespace
 *
 * Return: its part, which exists until ports_net_exit() has returned.
 */
struct l2pc_net *l2pc_net(const struct net *net)
{
	return net_generic(net, l2pc_net_id);
}

/**
 * l2pc_ports_max() - get the maximum number of ports of a namespace
 * @net: the namespace
 *
 * The stations of a port take memory that no control group is charged for. Any user may
 * create user namespaces, and be the administrator of a network namespace there.
 *
 * Return: the number.
 */
unsigned int l2pc_ports_max(const struct net *net)
{
	return net->user_ns == &init_user_ns ? L2PC_PORTS_MAX : L2PC_PORTS_MAX_USER_NS;
}

static const struct net *port_seen_by(const struct l2pc_port *port)
{
	return port->net ? port->net : &init_net;
}

static u32 name_hash(const struct net *net, const char *name)
{
	return jhash(name, strnlen(name, IFNAMSIZ), net_hash_mix(net));
}

/* Add a port to the tree of the namespace that sees it, and to the hash by name. */
static void seen_add(struct l2pc_port *port)
{
	struct l2pc_net *net = l2pc_net(port_seen_by(port));
	struct rb_node **at = &net->ports.rb_node, *parent = NULL;

	while (*at) {
		parent = *at;
		at = port->serial < rb_entry(parent, struct l2pc_port, by_serial)->serial ?
			&parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&port->by_serial, parent, at);
	rb_insert_color(&port->by_serial, &net->ports);
	hash_add(ports_by_name, &port->by_name, name_hash(port_seen_by(port), port->name));
	net->count++;
	net->generation++;
}

static void seen_del(struct l2pc_port *port)
{
	struct l2pc_net *net = l2pc_net(port_seen_by(port));

	rb_erase(&port->by_serial, &net->ports);
	hash_del(&port->by_name);
	net->count--;
	net->generation++;
}

/**
 * l2pc_list_add() - add a port to the list, and give it its serial
 * @port: the port, with its name and namespace
 *
 * Context: process, RTNL and ports_lock held.
 */
void l2pc_list_add(struct l2pc_port *port)
{
	port->serial = ++ports_serial;
	list_add_tail(&port->list, &l2pc_ports);
	seen_add(port);
}

/**
 * l2pc_list_del() - remove a port from the list
 * @port: the port, without a device
 *
 * Context: process, RTNL and ports_lock held.
 */
void l2pc_list_del(struct l2pc_port *port)
{
	list_del_init(&port->list);
	seen_del(port);
}

/**
 * l2pc_list_orphan() - keep a port whose namespace is deleted
 * @port: the port; from now on the initial namespace sees it
 *
 * Context: process, RTNL and ports_lock held.
 */
void l2pc_list_orphan(struct l2pc_port *port)
{
	seen_del(port);
	l2pc_port_orphan(port);
	seen_add(port);
}

/**
 * l2pc_list_set_name() - rename a port
 * @port: a port on the list
 * @name: the new name
 *
 * Context: process, RTNL and ports_lock held.
 */
void l2pc_list_set_name(struct l2pc_port *port, const char *name)
{
	hash_del(&port->by_name);
	strscpy(port->name, name, sizeof(port->name));
	hash_add(ports_by_name, &port->by_name, name_hash(port_seen_by(port), port->name));
}

/**
 * l2pc_list_set_dev() - set a port's device
 * @port: the port, on the list or not yet
 * @dev: the device, or NULL
 *
 * Context: process, RTNL and ports_lock held.
 */
void l2pc_list_set_dev(struct l2pc_port *port, struct net_device *dev)
{
	if (port->dev)
		hash_del(&port->by_dev);
	port->dev = dev;
	if (dev)
		hash_add(ports_by_dev, &port->by_dev, (unsigned long)dev);
}

/**
 * l2pc_port_find() - find a namespace's port by name
 * @net: the namespace that sees it
 * @name: the interface; if two ports have this name, the one with a device is found
 *
 * Context: process, ports_lock held.
 * Return: the port, or NULL.
 */
struct l2pc_port *l2pc_port_find(const struct net *net, const char *name)
{
	struct l2pc_port *port, *found = NULL;

	hash_for_each_possible(ports_by_name, port, by_name, name_hash(net, name))
		if (port_seen_by(port) == net && !strcmp(port->name, name) &&
		    (!found || port->dev))
			found = port;
	return found;
}

/**
 * l2pc_port_find_dev() - find a device's port
 * @dev: the device
 *
 * Context: process, ports_lock held.
 * Return: the port, or NULL.
 */
struct l2pc_port *l2pc_port_find_dev(const struct net_device *dev)
{
	struct l2pc_port *port;

	hash_for_each_possible(ports_by_dev, port, by_dev, (unsigned long)dev)
		if (port->dev == dev)
			return port;
	return NULL;
}

/**
 * l2pc_port_find_waiting() - find the port that waits for a device of this name
 * @dev: the device
 *
 * Context: process, RTNL and ports_lock held.
 * Return: the port, or NULL.
 */
struct l2pc_port *l2pc_port_find_waiting(const struct net_device *dev)
{
	const struct net *net = dev_net(dev);
	struct l2pc_port *port;

	hash_for_each_possible(ports_by_name, port, by_name, name_hash(net, dev->name))
		if (!port->dev && port->net == net && !strcmp(port->name, dev->name))
			return port;
	return NULL;
}

/**
 * l2pc_ports_get() - take references to the ports that a namespace sees
 * @net: the namespace; the initial one also sees the ports of deleted ones
 * @count: set to the number of ports
 *
 * Context: process, may sleep.
 * Return: the ports, in the order in which they were added, to be freed with kvfree()
 * after l2pc_port_put() of each; NULL without memory.
 */
struct l2pc_port **l2pc_ports_get(const struct net *net, unsigned int *count)
{
	struct l2pc_net *of = l2pc_net(net);
	struct l2pc_port **ports;
	struct rb_node *node;

	*count = 0;
	mutex_lock(&l2pc_ports_lock);
	ports = kvmalloc_array(of->count + 1, sizeof(*ports), GFP_KERNEL);
	for (node = rb_first(&of->ports); ports && node; node = rb_next(node)) {
		ports[*count] = rb_entry(node, struct l2pc_port, by_serial);
		kref_get(&ports[(*count)++]->ref);
	}
	mutex_unlock(&l2pc_ports_lock);
	return ports;
}

/**
 * l2pc_port_get() - take a reference to a port
 * @net: the namespace that sees it
 * @name: the interface
 *
 * Context: process, may sleep.
 * Return: the port, to be released with l2pc_port_put(), or NULL.
 */
struct l2pc_port *l2pc_port_get(const struct net *net, const char *name)
{
	struct l2pc_port *port;

	mutex_lock(&l2pc_ports_lock);
	port = l2pc_port_find(net, name);
	if (port)
		kref_get(&port->ref);
	mutex_unlock(&l2pc_ports_lock);
	return port;
}

/**
 * l2pc_port_get_after() - take a reference to the next port
 * @net: the namespace that sees it
 * @serial: serial of the port before it; 0: the first port
 *
 * Context: process, may sleep.
 * Return: the port, to be released with l2pc_port_put(), or NULL.
 */
struct l2pc_port *l2pc_port_get_after(const struct net *net, u64 serial)
{
	struct l2pc_port *port, *found = NULL;
	struct rb_node *node;

	mutex_lock(&l2pc_ports_lock);
	for (node = l2pc_net(net)->ports.rb_node; node;) {
		port = rb_entry(node, struct l2pc_port, by_serial);
		if (port->serial > serial) {
			found = port;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	if (found)
		kref_get(&found->ref);
	mutex_unlock(&l2pc_ports_lock);
	return found;
}

/**
 * l2pc_ports_generation() - get a number that changes with the set of ports
 * @net: the namespace that sees the ports; other ports do not interrupt its dumps
 *
 * Context: process.
 * Return: the number, never 0.
 */
unsigned int l2pc_ports_generation(const struct net *net)
{
	unsigned int generation;

	mutex_lock(&l2pc_ports_lock);
	generation = l2pc_net(net)->generation;
	mutex_unlock(&l2pc_ports_lock);
	/* Odd, so it is not 0. */
	return generation * 2 + 1;
}
