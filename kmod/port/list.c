// SPDX-License-Identifier: GPL-2.0
/*
 * The list of ports, its lock, and its searches.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/jhash.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <net/net_namespace.h>

#include "list.h"
#include "port.h"

LIST_HEAD(l2pc_ports);
DEFINE_MUTEX(l2pc_ports_lock);		/* protects l2pc_ports, names and namespaces */

static const struct net *port_seen_by(const struct l2pc_port *port)
{
	return port->net ? port->net : &init_net;
}

/**
 * l2pc_port_find() - find a namespace's port by name
 * @net: the namespace that sees it
 * @name: the interface; if two ports have this name, the one with a device is found
 *
 * Context: process, l2pc_ports_lock held.
 * Return: the port, or NULL.
 */
struct l2pc_port *l2pc_port_find(const struct net *net, const char *name)
{
	struct l2pc_port *port, *found = NULL;

	list_for_each_entry(port, &l2pc_ports, list)
		if (port_seen_by(port) == net && !strcmp(port->name, name) &&
		    (!found || port->dev))
			found = port;
	return found;
}

/**
 * l2pc_ports_count() - count the ports that a namespace sees
 * @net: the namespace
 *
 * Context: process, l2pc_ports_lock held.
 * Return: number of ports.
 */
unsigned int l2pc_ports_count(const struct net *net)
{
	const struct l2pc_port *port;
	unsigned int count = 0;

	list_for_each_entry(port, &l2pc_ports, list)
		count += port_seen_by(port) == net;
	return count;
}

/**
 * l2pc_ports_get() - take references to the ports that a namespace sees
 * @net: the namespace; the initial one also sees the ports of deleted ones
 * @to: filled in, in the order in which the ports were added
 *
 * Context: process, may sleep.
 * Return: number of ports; release each with l2pc_port_put().
 */
unsigned int l2pc_ports_get(const struct net *net,
			    struct l2pc_port *to[L2PC_PORTS_SEEN_MAX])
{
	struct l2pc_port *port;
	unsigned int count = 0;

	mutex_lock(&l2pc_ports_lock);
	list_for_each_entry(port, &l2pc_ports, list) {
		if (port_seen_by(port) != net ||
		    WARN_ON_ONCE(count == L2PC_PORTS_SEEN_MAX))
			continue;
		kref_get(&port->ref);
		to[count++] = port;
	}
	mutex_unlock(&l2pc_ports_lock);
	return count;
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

	mutex_lock(&l2pc_ports_lock);
	list_for_each_entry(port, &l2pc_ports, list)
		if (port->serial > serial && port_seen_by(port) == net) {
			kref_get(&port->ref);
			found = port;
			break;
		}
	mutex_unlock(&l2pc_ports_lock);
	return found;
}

/**
 * l2pc_ports_generation() - compute a number that changes with the set of ports
 * @net: the namespace that sees the ports; other ports do not interrupt its dumps
 *
 * A hash over all of them, so that a namespace needs no state of its own. Two sets of
 * ports have the same number once in 2^31.
 *
 * Context: process.
 * Return: the number, never 0.
 */
unsigned int l2pc_ports_generation(const struct net *net)
{
	const struct l2pc_port *port;
	unsigned int generation = 0;

	mutex_lock(&l2pc_ports_lock);
	list_for_each_entry(port, &l2pc_ports, list)
		if (port_seen_by(port) == net)
			generation += jhash_2words(lower_32_bits(port->serial),
						   upper_32_bits(port->serial), 0);
	mutex_unlock(&l2pc_ports_lock);
	return generation | 1;
}
