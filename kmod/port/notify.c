// SPDX-License-Identifier: GPL-2.0
/*
 * Notifications: the events of a port, in order, to the interface that sends them.
 * Copyright (C) the l2packet_counter authors
 *
 * A change of stations and its events are one unit under l2pc_port.event_lock:
 *
 *	listening = l2pc_notify_begin(port);
 *	l2pc_notify_discover(port, listening);
 *	... change the counts, fill in changes ...
 *	l2pc_notify_end(port, &changes, listening && stations left);
 */
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>

#include "engine/discover.h"
#include "notify.h"
#include "port.h"

/* Set before there is a port. */
static const struct l2pc_notify_ops *notify_ops __ro_after_init;

/**
 * l2pc_notify_init() - set what sends events
 * @ops: the functions
 *
 * Context: process, before the first port is allocated.
 */
void __init l2pc_notify_init(const struct l2pc_notify_ops *ops)
{
	notify_ops = ops;
}

/**
 * l2pc_notify_port() - send an event of a port
 * @port: the port
 * @command: L2PC_CMD_*_NTF
 *
 * Context: process, may sleep; RTNL and ports_lock may be held.
 */
void l2pc_notify_port(struct l2pc_port *port, u8 command)
{
	notify_ops->port(port, command);
}

/**
 * l2pc_notify_pattern() - send an event of a pattern
 * @net: its namespace, which may be in deletion
 * @pattern: the pattern
 * @dev: the device that is not counted, or NULL
 * @command: L2PC_CMD_*_NTF
 *
 * Context: process, may sleep; RTNL and ports_lock held.
 */
void l2pc_notify_pattern(struct net *net, const struct l2pc_pattern_info *pattern,
			 const struct net_device *dev, u8 command)
{
	notify_ops->pattern(net, pattern, dev, command);
}

/**
 * l2pc_notify_grown() - report that CPUs got bigger tables
 * @port: the port
 * @tables: number of CPUs
 *
 * Context: process, may sleep.
 */
void l2pc_notify_grown(struct l2pc_port *port, unsigned int tables)
{
	notify_ops->grown(port, tables);
}

/**
 * l2pc_notify_begin() - start a change of stations
 * @port: the port
 *
 * Takes event_lock until l2pc_notify_end().
 *
 * Context: process, may sleep.
 * Return: true when there is a listener.
 */
bool l2pc_notify_begin(struct l2pc_port *port)
{
	mutex_lock(&port->event_lock);
	return notify_ops->listening(port);
}

/**
 * l2pc_notify_discover() - scan before a change, so that new stations are reported first
 * @port: the port
 * @listening: there is a listener
 *
 * An idle port has no new stations.
 *
 * Context: process, event_lock held, sleeps for a grace period.
 */
void l2pc_notify_discover(struct l2pc_port *port, bool listening)
{
	lockdep_assert_held(&port->event_lock);
	if (listening)
		l2pc_discovery_scan(&port->counts, true);
}

/* Add the new stations found to @changes, send all of them, and free the lists. */
static void changes_send(struct l2pc_port *port, struct l2pc_changes *changes)
{
	lockdep_assert_held(&port->event_lock);
	l2pc_discovery_fetch(&port->counts, &changes->new, &changes->untracked);
	notify_ops->changes(port, changes);
	l2pc_station_list_free(&changes->new);
	l2pc_station_list_free(&changes->expired);
}

/**
 * l2pc_notify_end() - end a change of stations, and send its events
 * @port: the port
 * @changes: the closed window and the expired stations; new stations are added here.
 *	The lists are freed
 * @rescan: there is a listener, and stations left. One that came back during the
 *	change found its placeholder cell, which requests no scan
 *
 * Context: process, event_lock held; releases it, sleeps for a grace period.
 */
void l2pc_notify_end(struct l2pc_port *port, struct l2pc_changes *changes,
		     bool rescan)
{
	struct l2pc_changes returned = {};

	changes_send(port, changes);
	if (rescan) {
		l2pc_discovery_scan(&port->counts, true);
		changes_send(port, &returned);
	}
	mutex_unlock(&port->event_lock);
}

/**
 * l2pc_notify_scan() - scan for new stations, and report them
 * @port: the port
 *
 * Context: process, sleeps for a grace period.
 * Return: nanoseconds of work, without waiting for locks and grace periods.
 */
u64 l2pc_notify_scan(struct l2pc_port *port)
{
	struct l2pc_changes changes = {};
	u64 duration, start;

	mutex_lock(&port->event_lock);
	l2pc_discovery_start(&port->counts);
	duration = l2pc_discovery_scan(&port->counts, notify_ops->listening(port));
	start = ktime_get_ns();
	changes_send(port, &changes);
	duration += ktime_get_ns() - start;
	mutex_unlock(&port->event_lock);
	return duration;
}
