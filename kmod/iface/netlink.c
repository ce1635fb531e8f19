// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink operations: ports and resets.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/capability.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include "engine/snapshot.h"
#include "port/list.h"
#include "port/port.h"
#include "port/ports.h"
#include "port/reset.h"
#include "genl.h"
#include "netlink.h"
#include "netlink_policy.h"
#include "netlink_put.h"
#include "netlink_station.h"

/* --- state of ports --------------------------------------------------------- */

static int port_message(struct sk_buff *skb, struct l2pc_port *port, u32 portid,
			u32 seq, int flags, struct netlink_callback *cb)
{
	struct l2pc_totals open, closed, lifetime;
	struct l2pc_port_info info;
	void *header;
	int err;

	err = l2pc_counts_totals(&port->counts, &open, &closed, &lifetime);
	if (err)
		return err;
	l2pc_port_info(port, &info);
	header = genlmsg_put(skb, portid, seq, &l2pc_genl_family, flags,
			     L2PC_CMD_PORT_GET);
	if (!header)
		return -EMSGSIZE;
	if (cb)
		genl_dump_check_consistent(cb, header);
	if (l2pc_put_port(skb, &info) ||
	    l2pc_put_totals(skb, L2PC_A_PORT_WINDOW, &open) ||
	    (closed.id && l2pc_put_totals(skb, L2PC_A_PORT_PREVIOUS, &closed)) ||
	    l2pc_put_totals(skb, L2PC_A_PORT_LIFETIME, &lifetime)) {
		genlmsg_cancel(skb, header);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, header);
	return 0;
}

/* Get the name in a request. NULL: there is none, and extack has the reason. */
static const char *request_name(struct genl_info *info, int attribute)
{
	if (info->attrs[attribute])
		return nla_data(info->attrs[attribute]);
	NL_SET_ERR_MSG(info->extack, "ifname: missing (name an interface)");
	return NULL;
}

static int port_get(struct sk_buff *request, struct genl_info *info)
{
	const char *name = request_name(info, L2PC_A_PORT_IFNAME);
	struct l2pc_port *port;
	struct sk_buff *skb;
	int err;

	if (!name)
		return -EINVAL;
	port = l2pc_port_get(genl_info_net(info), name);
	if (!port) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[L2PC_A_PORT_IFNAME],
				    "no such port");
		return -ENOENT;
	}
	err = -ENOMEM;
	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (skb)
		err = port_message(skb, port, info->snd_portid, info->snd_seq, 0,
				   NULL);
	l2pc_port_put(port);
	if (!err)
		return genlmsg_reply(skb, info);
	nlmsg_free(skb);
	return err;
}

static u64 *port_dump_serial(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(u64) > sizeof(cb->ctx));
	return (u64 *)cb->ctx;
}

static int port_dump_start(struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;

	if (attrs && attrs[L2PC_A_PORT_IFNAME]) {
		NL_SET_ERR_MSG_ATTR(cb->extack, attrs[L2PC_A_PORT_IFNAME],
				    "ifname: a dump has all ports (request one without NLM_F_DUMP)");
		return -EINVAL;
	}
	*port_dump_serial(cb) = 0;
	return 0;
}

static int port_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct net *net = sock_net(cb->skb->sk);
	u64 *serial = port_dump_serial(cb);
	struct l2pc_port *port;
	int err = 0;

	cb->seq = l2pc_ports_generation(net);
	while (!err && (port = l2pc_port_get_after(net, *serial))) {
		err = port_message(skb, port, NETLINK_CB(cb->skb).portid,
				   cb->nlh->nlmsg_seq, NLM_F_MULTI, cb);
		if (!err)
			*serial = port->serial;
		l2pc_port_put(port);
	}
	return skb->len ? skb->len : err;
}

/* --- changes of ports ------------------------------------------------------- */

/* Get the settings in a request into @settings, and the set of them into @given. */
static int request_settings(struct sk_buff *request, struct genl_info *info,
			    struct l2pc_settings *settings, u32 *given)
{
	struct nlattr **attrs = info->attrs;
	struct nlattr *attr;

	*given = 0;
#define TAKE(name, field, get) do {					\
	attr = attrs[L2PC_A_PORT_##name];				\
	if (attr) {							\
		settings->field = get(attr);				\
		*given |= L2PC_SETTING(name);				\
	}								\
} while (0)
	TAKE(HOOK_WANTED, hook_wanted, nla_get_u32);
	TAKE(VLAN, vlan, nla_get_u8);
	TAKE(RESET_INTERVAL, reset_interval, nla_get_u32);
	TAKE(STATION_TIMEOUT, station_timeout, nla_get_u32);
	TAKE(MAX_STATIONS, max_stations, nla_get_u32);
	TAKE(TX, tx, nla_get_u8);
#undef TAKE
	/* A namespace-local admin must not exhaust host memory. */
	if (attrs[L2PC_A_PORT_MAX_STATIONS] &&
	    settings->max_stations > READ_ONCE(l2pc_defaults.max_stations) &&
	    !netlink_capable(request, CAP_NET_ADMIN)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attrs[L2PC_A_PORT_MAX_STATIONS],
				    "more than the module's parameter max_stations needs CAP_NET_ADMIN in the initial user namespace");
		return -EPERM;
	}
	return 0;
}

static int port_add(struct sk_buff *request, struct genl_info *info)
{
	const char *name = request_name(info, L2PC_A_PORT_IFNAME);
	/* Parameters may be written concurrently; each is one word. */
	struct l2pc_settings settings = data_race(l2pc_defaults);
	u32 given;
	int err;

	if (!name)
		return -EINVAL;
	err = request_settings(request, info, &settings, &given);
	if (err)
		return err;
	return l2pc_port_add(genl_info_net(info), name, &settings, false,
			     info->extack);
}

static int port_del(struct sk_buff *request, struct genl_info *info)
{
	const char *name = request_name(info, L2PC_A_PORT_IFNAME);

	if (!name)
		return -EINVAL;
	return l2pc_port_del(genl_info_net(info), name, info->extack);
}

static int port_set(struct sk_buff *request, struct genl_info *info)
{
	const char *name = request_name(info, L2PC_A_PORT_IFNAME);
	struct l2pc_settings settings = {};
	u32 given;
	int err;

	if (!name)
		return -EINVAL;
	err = request_settings(request, info, &settings, &given);
	if (err)
		return err;
	if (!given) {
		NL_SET_ERR_MSG(info->extack, "no setting to change");
		return -EINVAL;
	}
	return l2pc_port_set(genl_info_net(info), name, &settings, given,
			     info->extack);
}

static int put_closed(struct sk_buff *skb, struct l2pc_port *port,
		      const struct l2pc_totals *totals)
{
	struct nlattr *nest = nla_nest_start(skb, L2PC_A_RESET_CLOSED);
	struct l2pc_port_info info;

	l2pc_port_info(port, &info);
	if (!nest || nla_put_string(skb, L2PC_A_CLOSED_IFNAME, info.name) ||
	    nla_put_u32(skb, L2PC_A_CLOSED_IFINDEX, info.ifindex) ||
	    l2pc_put_totals(skb, L2PC_A_CLOSED_TOTALS, totals))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* Does all that may fail before it closes the first window. */
static int window_reset(struct sk_buff *request, struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[L2PC_A_RESET_IFNAME];
	const struct net *net = genl_info_net(info);
	struct l2pc_port *port = NULL, **ports = &port;
	unsigned int count = 1, i;
	struct l2pc_totals totals;
	struct sk_buff *skb;
	int err = -ENOMEM;
	void *header;

	if (attr) {
		port = l2pc_port_get(net, nla_data(attr));
		if (!port) {
			NL_SET_ERR_MSG_ATTR(info->extack, attr, "no such port");
			return -ENOENT;
		}
	} else {
		ports = l2pc_ports_get(net, &count);
		if (!ports)
			return -ENOMEM;
	}
	skb = genlmsg_new(GENL_HDRLEN +
			  count * (L2PC_TOTALS_SIZE_MAX +
				   nla_total_size(0) +
				   nla_total_size(IFNAMSIZ) +
				   nla_total_size(sizeof(u32))), GFP_KERNEL);
	header = skb ? genlmsg_put_reply(skb, info, &l2pc_genl_family, 0,
					 L2PC_CMD_WINDOW_RESET) : NULL;
	if (header)
		err = 0;
	for (i = 0; i < count; i++) {
		if (header) {
			l2pc_port_reset(ports[i], &totals);
			if (WARN_ON_ONCE(put_closed(skb, ports[i], &totals)))
				err = -EMSGSIZE;
		}
		l2pc_port_put(ports[i]);
	}
	if (!attr)
		kvfree(ports);
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, header);
	return genlmsg_reply(skb, info);
}

/* --- operations ------------------------------------------------------------- */

static const struct genl_ops ops[] = {
	{
		.cmd = L2PC_CMD_PORT_GET,
		.doit = port_get,
		.start = port_dump_start,
		.dumpit = port_dump,
		.policy = l2pc_port_get_nl_policy,
		.maxattr = ARRAY_SIZE(l2pc_port_get_nl_policy) - 1,
	},
	{
		.cmd = L2PC_CMD_PORT_ADD,
		.doit = port_add,
		.policy = l2pc_port_add_nl_policy,
		.maxattr = ARRAY_SIZE(l2pc_port_add_nl_policy) - 1,
		.flags = GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd = L2PC_CMD_PORT_DEL,
		.doit = port_del,
		.policy = l2pc_port_del_nl_policy,
		.maxattr = ARRAY_SIZE(l2pc_port_del_nl_policy) - 1,
		.flags = GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd = L2PC_CMD_PORT_SET,
		.doit = port_set,
		.policy = l2pc_port_set_nl_policy,
		.maxattr = ARRAY_SIZE(l2pc_port_set_nl_policy) - 1,
		.flags = GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd = L2PC_CMD_STATION_GET,
		.start = l2pc_netlink_station_start,
		.dumpit = l2pc_netlink_station_dump,
		.done = l2pc_netlink_station_done,
		.policy = l2pc_station_get_nl_policy,
		.maxattr = ARRAY_SIZE(l2pc_station_get_nl_policy) - 1,
	},
	{
		.cmd = L2PC_CMD_WINDOW_RESET,
		.doit = window_reset,
		.policy = l2pc_window_reset_nl_policy,
		.maxattr = ARRAY_SIZE(l2pc_window_reset_nl_policy) - 1,
		.flags = GENL_UNS_ADMIN_PERM,
	},
};

/**
 * l2pc_netlink_init() - register the family with its operations
 *
 * The last step of loading: a dump that a program started holds the module, but a
 * module that fails to load is freed nevertheless.
 *
 * Context: process.
 * Return: 0 or an error.
 */
int __init l2pc_netlink_init(void)
{
	return l2pc_genl_register(ops, ARRAY_SIZE(ops));
}

/**
 * l2pc_netlink_exit() - unregister the family; waits for running operations
 *
 * Context: process.
 */
void l2pc_netlink_exit(void)
{
	l2pc_genl_unregister();
}
