// SPDX-License-Identifier: GPL-2.0
/*
 * Patterns: globs over names of interfaces, whose devices become ports by themselves.
 * Copyright (C) the l2packet_counter authors
 *
 * A device is matched when it is registered, renamed or becomes another type, and before
 * it goes up; so before its first frame. The first pattern that
 * matches, in the order in which they were added, makes it a port. Devices that cannot be
 * counted are left out.
 *
 * A pattern's port whose device is gone waits for another of its name, for settings.keep
 * seconds. Then l2pc_net.reap deletes it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/net_namespace.h>

#include "attach.h"
#include "device.h"
#include "egress.h"
#include "glob.h"
#include "hook.h"
#include "link.h"
#include "list.h"
#include "notify.h"
#include "pattern.h"
#include "refuse.h"
#include "timer.h"
#include "worker.h"

static u64 patterns_serial;		/* of the newest pattern; ports_lock */

/* --- ports whose device is gone -------------------------------------------------- */

static u64 gone_until(const struct l2pc_port *port)
{
	return port->gone_at + (u64)port->settings.keep * HZ;
}

/* Queue the work item for a time, jiffies64, unless it is queued for an earlier one. */
static void reap_queue(struct l2pc_net *of, u64 at)
{
	u64 now = get_jiffies_64();

	if (of->reap_at && of->reap_at <= at)
		return;
	of->reap_at = at;
	l2pc_timer_queue(&of->reap, at > now ? at - now : 0);
}

/* Delete the ports of a namespace that were kept long enough, and finish others. */
static void reap_work(struct work_struct *work)
{
	struct l2pc_net *of = container_of(work, struct l2pc_net, reap.work);
	struct l2pc_port *port, *next;
	u64 first = U64_MAX;
	LIST_HEAD(unlinked);
	u64 now;

	rtnl_lock();
	mutex_lock(&l2pc_ports_lock);
	now = get_jiffies_64();
	of->reap_at = 0;
	list_splice_init(&of->unlinked, &unlinked);
	list_for_each_entry_safe(port, next, &of->gone, gone) {
		if (gone_until(port) <= now)
			l2pc_port_unlink(port, &unlinked);
		else
			first = min(first, gone_until(port));
		cond_resched();
	}
	if (first != U64_MAX)
		reap_queue(of, first);
	mutex_unlock(&l2pc_ports_lock);
	rtnl_unlock();
	l2pc_ports_finish(&unlinked);
}

/**
 * l2pc_ports_finish_later() - have the ports of l2pc_net.unlinked finished soon
 * @of: the namespace
 *
 * Context: process, RTNL and ports_lock held.
 */
void l2pc_ports_finish_later(struct l2pc_net *of)
{
	reap_queue(of, get_jiffies_64());
}

/**
 * l2pc_pattern_lose() - keep a pattern's port, whose device is gone, for some time
 * @port: a port on the list, without a device
 *
 * Context: process, RTNL and ports_lock held.
 */
void l2pc_pattern_lose(struct l2pc_port *port)
{
	struct l2pc_net *of = l2pc_net(port->net);

	port->gone_at = get_jiffies_64();
	list_add_tail(&port->gone, &of->gone);
	reap_queue(of, gone_until(port));
}

/* --- ports of patterns ------------------------------------------------------------ */

/* Report once that a matching device is not counted, because there are too many ports. */
static void pattern_miss(struct l2pc_net *of, struct l2pc_pattern *pattern,
			 const struct net_device *dev)
{
	pattern->info.missed++;
	if (of->full_reported)
		return;
	of->full_reported = true;
	pr_info("interface %s: matches %s, and is not counted: %u ports are counted already (the maximum)\n",
		dev->name, pattern->info.glob, l2pc_ports_max(of->net));
	l2pc_notify_pattern(of->net, &pattern->info, dev, L2PC_CMD_PORTS_FULL_NTF);
}

static struct l2pc_pattern *pattern_of(struct l2pc_net *of, const struct net_device *dev)
{
	struct l2pc_pattern *pattern;

	list_for_each_entry(pattern, &of->patterns, list)
		if (l2pc_glob_match(pattern->info.glob, dev->name))
			return pattern;
	return NULL;
}

/* Make room for a port: delete the port of a pattern whose device is gone longest. */
static bool ports_make_room(struct l2pc_net *of)
{
	struct l2pc_port *port;

	if (of->count < l2pc_ports_max(of->net))
		return true;
	port = list_first_entry_or_null(&of->gone, struct l2pc_port, gone);
	if (!port)
		return false;
	l2pc_port_unlink(port, &of->unlinked);
	l2pc_ports_finish_later(of);
	return true;
}

/* Make a device a port of a pattern. */
static void pattern_take(struct l2pc_net *of, struct l2pc_pattern *pattern,
			 struct net_device *dev)
{
	const struct l2pc_settings *settings = &pattern->info.settings;
	struct l2pc_port *port;

	port = l2pc_port_alloc(of->net, dev->name, settings, &l2pc_worker_ops);
	if (!port) {
		pattern->info.missed++;
		return;
	}
	l2pc_worker_init(port);
	port->pattern = pattern;
	strscpy(port->info.pattern, pattern->info.glob, sizeof(port->info.pattern));
	/* First whether it can be counted: room costs another port its counts. */
	if (l2pc_hook_check(port, dev, l2pc_hook_kind(settings->hook_wanted)) ||
	    l2pc_port_find(of->net, dev->name))
		goto put;
	if (!ports_make_room(of)) {
		pattern_miss(of, pattern, dev);
		goto put;
	}
	if (!l2pc_port_link(port, NULL))
		return;
	pattern->info.missed++;
put:
	l2pc_port_put(port);
}

/**
 * l2pc_device_take() - make a device a port, if a port waits for it or a pattern matches
 * @dev: the device
 *
 * Does nothing if it is a port already, or cannot be counted.
 *
 * Context: process, RTNL and ports_lock held, may sleep.
 */
void l2pc_device_take(struct net_device *dev)
{
	struct l2pc_net *of = l2pc_net(dev_net(dev));
	struct l2pc_pattern *pattern;

	if (l2pc_ports_shut_down || l2pc_port_find_dev(dev) || l2pc_device_follow(dev))
		return;
	pattern = pattern_of(of, dev);
	if (pattern && !l2pc_device_check(dev))
		pattern_take(of, pattern, dev);
}

/* Make all devices of a namespace ports that match a pattern, and are not yet. */
static void devices_match(struct net *net)
{
	struct net_device *dev;

	for_each_netdev(net, dev) {
		l2pc_device_take(dev);
		cond_resched();
	}
}

/* --- add, delete, get, set --------------------------------------------------------- */

static struct l2pc_pattern *pattern_find(struct l2pc_net *of, const char *glob)
{
	struct l2pc_pattern *pattern;

	list_for_each_entry(pattern, &of->patterns, list)
		if (!strcmp(pattern->info.glob, glob))
			return pattern;
	return NULL;
}

static int pattern_link(struct l2pc_net *of, struct l2pc_pattern *pattern,
			struct netlink_ext_ack *extack)
{
	const char *glob = pattern->info.glob;

	if (l2pc_ports_shut_down)
		return -ESHUTDOWN;
	if (pattern_find(of, glob)) {
		l2pc_refuse(extack, "there is this pattern already",
			    "interface %s: there is this pattern already\n", glob);
		return -EEXIST;
	}
	if (of->patterns_count >= L2PC_PATTERNS_MAX) {
		l2pc_refuse(extack, "there are 64 patterns already (the maximum)",
			    "interface %s: there are %u patterns already (the maximum)\n",
			    glob, L2PC_PATTERNS_MAX);
		return -ENOSPC;
	}
	pattern->info.serial = ++patterns_serial;
	list_add_tail(&pattern->list, &of->patterns);
	of->patterns_count++;
	l2pc_notify_pattern(of->net, &pattern->info, NULL, L2PC_CMD_PATTERN_ADD_NTF);
	return 0;
}

/**
 * l2pc_pattern_add() - count every device whose name matches a pattern
 * @net: the namespace
 * @glob: the pattern, as in glob(7)
 * @settings: how to count its ports
 * @extack: gets the reason of a failure, or NULL: the kernel log does
 *
 * Devices that are there become ports before the return, others when they appear.
 *
 * Context: process, takes RTNL.
 * Return: 0, -EINVAL (not a glob), -EOPNOTSUPP (no globs, or no egress hook), -EEXIST
 * (there is this pattern), -ENOSPC (there are 64), -ESHUTDOWN (the module is being
 * unloaded), -ENOMEM.
 */
int l2pc_pattern_add(struct net *net, const char *glob,
		     const struct l2pc_settings *settings,
		     struct netlink_ext_ack *extack)
{
	struct l2pc_pattern *pattern;
	int err;

	err = l2pc_glob_check(glob, extack);
	if (!err && settings->tx)
		err = l2pc_egress_check(glob, extack);
	if (err)
		return err;
	pattern = kzalloc(sizeof(*pattern), GFP_KERNEL);
	if (!pattern)
		return -ENOMEM;
	strscpy(pattern->info.glob, glob, sizeof(pattern->info.glob));
	pattern->info.settings = *settings;

	rtnl_lock();
	mutex_lock(&l2pc_ports_lock);
	err = pattern_link(l2pc_net(net), pattern, extack);
	if (!err)
		devices_match(net);
	mutex_unlock(&l2pc_ports_lock);
	rtnl_unlock();
	if (err)
		kfree(pattern);
	return err;
}

static void pattern_unlink(struct l2pc_net *of, struct l2pc_pattern *pattern)
{
	list_del(&pattern->list);
	of->patterns_count--;
	l2pc_notify_pattern(of->net, &pattern->info, NULL, L2PC_CMD_PATTERN_DEL_NTF);
	kfree(pattern);
}

/**
 * l2pc_pattern_del() - delete a pattern, and its ports
 * @net: the namespace
 * @glob: the pattern, as it was added
 * @extack: gets the reason of a failure
 *
 * Devices that match another pattern as well become ports of that.
 *
 * Context: process, takes RTNL, sleeps for a grace period.
 * Return: 0 or -ENOENT.
 */
int l2pc_pattern_del(struct net *net, const char *glob, struct netlink_ext_ack *extack)
{
	struct l2pc_net *of = l2pc_net(net);
	struct l2pc_pattern *pattern;
	struct l2pc_port *port;
	struct rb_node *node;
	LIST_HEAD(unlinked);
	LIST_HEAD(leaving);

	rtnl_lock();
	mutex_lock(&l2pc_ports_lock);
	pattern = pattern_find(of, glob);
	if (pattern) {
		for (node = rb_first(&of->ports); node; node = rb_next(node)) {
			port = rb_entry(node, struct l2pc_port, by_serial);
			if (port->pattern == pattern)
				list_add_tail(&port->review, &leaving);
			cond_resched();
		}
		l2pc_ports_unlink(&leaving, &unlinked);
		pattern_unlink(of, pattern);
		devices_match(net);
	}
	mutex_unlock(&l2pc_ports_lock);
	rtnl_unlock();
	if (!pattern) {
		NL_SET_ERR_MSG(extack, "no such pattern");
		return -ENOENT;
	}
	l2pc_ports_finish(&unlinked);
	return 0;
}

/**
 * l2pc_pattern_get_after() - copy the next pattern of a namespace
 * @net: the namespace
 * @serial: serial of the pattern before it; 0: the first one
 * @info: filled in
 *
 * Context: process, may sleep.
 * Return: false if there is none.
 */
bool l2pc_pattern_get_after(const struct net *net, u64 serial,
			    struct l2pc_pattern_info *info)
{
	struct l2pc_pattern *pattern;
	bool found = false;

	mutex_lock(&l2pc_ports_lock);
	list_for_each_entry(pattern, &l2pc_net(net)->patterns, list)
		if (pattern->info.serial > serial) {
			*info = pattern->info;
			found = true;
			break;
		}
	mutex_unlock(&l2pc_ports_lock);
	return found;
}

/**
 * l2pc_patterns_set() - apply changed settings to all patterns of a namespace
 * @of: the namespace
 * @settings: the new settings
 * @given: which of them to change, L2PC_SETTING()
 *
 * Context: process, ports_lock held.
 */
void l2pc_patterns_set(struct l2pc_net *of, const struct l2pc_settings *settings,
		       u32 given)
{
	struct l2pc_pattern *pattern;

	list_for_each_entry(pattern, &of->patterns, list) {
		struct l2pc_settings *to = &pattern->info.settings;

		if (given & L2PC_SETTING(RESET_INTERVAL))
			to->reset_interval = settings->reset_interval;
		if (given & L2PC_SETTING(MAX_STATIONS))
			to->max_stations = settings->max_stations;
		if (given & L2PC_SETTING(STATION_TIMEOUT))
			to->station_timeout = settings->station_timeout;
		if (given & L2PC_SETTING(KEEP))
			to->keep = settings->keep;
	}
	if (given & L2PC_SETTING(KEEP) && !list_empty(&of->gone))
		reap_queue(of, get_jiffies_64());
}

/**
 * l2pc_patterns_free() - delete all patterns of a namespace
 * @of: the namespace, without ports of patterns
 *
 * Context: process, RTNL and ports_lock held.
 */
void l2pc_patterns_free(struct l2pc_net *of)
{
	struct l2pc_pattern *pattern, *next;

	list_for_each_entry_safe(pattern, next, &of->patterns, list)
		pattern_unlink(of, pattern);
}

/**
 * l2pc_patterns_init_net() - initialise a namespace's part
 * @of: the namespace
 */
void l2pc_patterns_init_net(struct l2pc_net *of)
{
	INIT_LIST_HEAD(&of->patterns);
	INIT_LIST_HEAD(&of->gone);
	INIT_LIST_HEAD(&of->unlinked);
	INIT_DELAYED_WORK(&of->reap, reap_work);
}

/**
 * l2pc_patterns_exit_net() - stop a namespace's work item
 * @of: the namespace, without ports and patterns
 *
 * Context: process, no locks held.
 */
void l2pc_patterns_exit_net(struct l2pc_net *of)
{
	cancel_delayed_work_sync(&of->reap);
	l2pc_ports_finish(&of->unlinked);
}
