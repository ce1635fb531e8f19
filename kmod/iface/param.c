// SPDX-License-Identifier: GPL-2.0
/*
 * Module parameters: parsing, checks, application to ports.
 * Copyright (C) the l2packet_counter authors
 *
 * Context of reads and writes: kernel_param_lock() held, RTNL taken under it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/if.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/netdevice.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "port/list.h"
#include "port/pattern.h"
#include "port/port.h"
#include "port/ports.h"
#include "param.h"

static int bounded_set(const char *text, const struct kernel_param *param)
{
	const struct l2pc_bounded *to = param->arg;
	unsigned int value;

	if (kstrtouint(text, 0, &value) || value < to->min || value > to->max) {
		pr_err("parameter %s: \"%.*s\" is not a number from %u to %u\n",
		       param->name, (int)strcspn(text, "\n"), text, to->min,
		       to->max);
		return -EINVAL;
	}
	WRITE_ONCE(*to->value, value);
	l2pc_ports_set(to->setting);
	return 0;
}

static int bounded_get(char *text, const struct kernel_param *param)
{
	const struct l2pc_bounded *from = param->arg;

	return sysfs_emit(text, "%u\n", *from->value);
}

const struct kernel_param_ops l2pc_bounded_ops = {
	.set = bounded_set,
	.get = bounded_get,
};

static const char * const hooks[] = {
	[L2PC_HOOK_WANTED_TAP] = "tap",
	[L2PC_HOOK_WANTED_RX_HANDLER] = "rx_handler",
};

/* Hooks of version 2.0: the tap does what they did. */
static const char * const old_hooks[] = { "auto", "ingress" };

static int hook_set(const char *text, const struct kernel_param *param)
{
	int which = sysfs_match_string(hooks, text);

	if (which < 0 && sysfs_match_string(old_hooks, text) >= 0) {
		pr_info("parameter hook: \"%.*s\" is taken as tap\n",
			(int)strcspn(text, "\n"), text);
		which = L2PC_HOOK_WANTED_TAP;
	}
	if (which < 0) {
		pr_err("parameter hook: \"%.*s\" is not tap or rx_handler\n",
		       (int)strcspn(text, "\n"), text);
		return which;
	}
	l2pc_defaults.hook_wanted = which;
	return 0;
}

static int hook_get(char *text, const struct kernel_param *param)
{
	return sysfs_emit(text, "%s\n", hooks[l2pc_defaults.hook_wanted]);
}

const struct kernel_param_ops l2pc_hook_ops = {
	.set = hook_set,
	.get = hook_get,
};

static bool name_is_pattern(const char *name, size_t len)
{
	return strcspn(name, L2PC_PATTERN_CHARS) < len;
}

/* Check a name of the list. */
static int name_check(const char *names, const char *name, size_t len)
{
	if (!len) {
		pr_err("parameter interface: empty name in \"%s\" (examples: interface=eth0, interface=eth0,eth1)\n",
		       names);
		return -EINVAL;
	}
	if (name_is_pattern(name, len))
		return 0;
	if (len >= ALTIFNAMSIZ) {
		pr_err("interface %.64s: the name is too long, an interface name has at most %d characters, an alternative one %d\n",
		       name, IFNAMSIZ - 1, ALTIFNAMSIZ - 1);
		return -EINVAL;
	}
	return 0;
}

/* Find a device by its name or an alternative one, and copy its own name. */
static bool name_resolve(struct net *net, const char *name, char *own)
{
	struct net_device *dev = dev_get_by_name(net, name);

	if (!dev)
		return false;
	strscpy(own, dev->name, IFNAMSIZ);
	dev_put(dev);
	return true;
}

/* Start to count an interface of the list, or all that match a pattern of it. */
static int name_add(struct net *net, const char *name)
{
	struct l2pc_port *port;
	char own[IFNAMSIZ];

	if (name_is_pattern(name, strlen(name)))
		return l2pc_pattern_add(net, name, &l2pc_defaults, NULL);
	if (!name_resolve(net, name, own)) {
		pr_err("interface %s: no such device ('ip link' lists devices)\n", name);
		return -ENODEV;
	}
	port = l2pc_port_get(net, own);
	if (port) {
		l2pc_port_put(port);
		if (strcmp(name, own))
			pr_err("interface %s: named twice, it is an alternative name of %s\n",
			       name, own);
		else
			pr_err("interface %s: named twice\n", name);
		return -EINVAL;
	}
	return l2pc_port_add(net, own, &l2pc_defaults, true, NULL);
}

/**
 * l2pc_param_interfaces() - start to count the interfaces of a list
 * @net: the namespace of the interfaces
 * @names: names and patterns separated by commas, or "none"
 *
 * Starts all of them, or none.
 *
 * Context: process, takes RTNL.
 * Return: 0, -EINVAL (not a list of Ethernet devices), -ENODEV (no such device), -EBUSY
 * (the RX handler is taken), -ENOMEM. The kernel log has the interface and the reason.
 */
int l2pc_param_interfaces(struct net *net, const char *names)
{
	char name[ALTIFNAMSIZ];
	const char *at = names;
	size_t len;
	int err;

	/*
	 * Ports are added by netlink later. An empty list is an error: a script may have an
	 * unset variable.
	 */
	if (!strcmp(names, "none"))
		return 0;
	for (;; at += len + 1) {
		len = strcspn(at, ",");
		err = name_check(names, at, len);
		if (err)
			return err;
		if (!at[len])
			break;
	}
	for (at = names;; at += len + 1) {
		len = strcspn(at, ",");
		strscpy(name, at, min(len + 1, sizeof(name)));
		err = name_add(net, name);
		if (err || !at[len])
			return err;
	}
}
