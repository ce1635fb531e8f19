// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink operations: ports.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/slab.h>
#include <linux/string.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include "engine/snapshot.h"
#include "port/list.h"
#include "port/port.h"
#include "port/ports.h"
#include "port/timer.h"
#include "genl.h"
#include "netlink.h"
#include "netlink_pattern.h"
#include "netlink_policy.h"
#include "netlink_put.h"
#include "netlink_reset.h"
#include "netlink_settings.h"
#include "netlink_station.h"

/* --- state of ports --------------------------------------------------------- */

static int port_message(struct sk_buff *skb, struct l2pc_port *port, u32 portid,
			u32 seq, int flags, struct netlink_callback *cb)
{
	struct l2pc_totals open, closed, lifetime;
	struct l2pc_port_info info;
	void *header;
	bool tx;
	int err;

	l2pc_timer_catch_up(port);
	err = l2pc_counts_totals(&port->counts, &open, &closed, &lifetime);
	if (err)
		return err;
	l2pc_port_info(port, &info);
	tx = info.settings.tx;
	header = genlmsg_put(skb, portid, seq, &l2pc_genl_family, flags,
			     L2PC_CMD_PORT_GET);
	if (!header)
		return -EMSGSIZE;
	if (cb)
		genl_dump_check_consistent(cb, header);
	if (l2pc_put_port(skb, &info) ||
	    l2pc_put_totals(skb, L2PC_A_PORT_WINDOW, &open, tx) ||
	    (closed.id && l2pc_put_totals(skb, L2PC_A_PORT_PREVIOUS, &closed, tx)) ||
	    l2pc_put_totals(skb, L2PC_A_PORT_LIFETIME, &lifetime, tx)) {
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

static int port_add(struct sk_buff *request, struct genl_info *info)
{
	const char *name = request_name(info, L2PC_A_PORT_IFNAME);
	/* Parameters may be written concurrently; each is one word. */
	struct l2pc_settings settings = data_race(l2pc_defaults);
	u32 given;
	int err;

	if (!name)
		return -EINVAL;
	err = l2pc_netlink_settings(request, info, &settings, &given);
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
	err = l2pc_netlink_settings(request, info, &settings, &given);
	if (err)
		return err;
	if (!given) {
		NL_SET_ERR_MSG(info->extack, "no setting to change");
		return -EINVAL;
	}
	return l2pc_port_set(genl_info_net(info), name, &settings, given,
			     info->extack);
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
		.doit = l2pc_netlink_reset,
		.start = l2pc_netlink_reset_start,
		.dumpit = l2pc_netlink_reset_dump,
		.policy = l2pc_window_reset_nl_policy,
		.maxattr = ARRAY_SIZE(l2pc_window_reset_nl_policy) - 1,
		.flags = GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd = L2PC_CMD_PATTERN_GET,
		.start = l2pc_netlink_pattern_start,
		.dumpit = l2pc_netlink_pattern_dump,
	},
	{
		.cmd = L2PC_CMD_PATTERN_ADD,
		.doit = l2pc_netlink_pattern_add,
		.policy = l2pc_pattern_add_nl_policy,
		.maxattr = ARRAY_SIZE(l2pc_pattern_add_nl_policy) - 1,
		.flags = GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd = L2PC_CMD_PATTERN_DEL,
		.doit = l2pc_netlink_pattern_del,
		.policy = l2pc_pattern_del_nl_policy,
		.maxattr = ARRAY_SIZE(l2pc_pattern_del_nl_policy) - 1,
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
