// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink operations: patterns.
 * Copyright (C) the l2packet_counter authors
 */
#include <net/genetlink.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include "port/pattern.h"
#include "port/port.h"
#include "genl.h"
#include "netlink_pattern.h"
#include "netlink_put.h"
#include "netlink_settings.h"

static u64 *dump_serial(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(u64) > sizeof(cb->ctx));
	return (u64 *)cb->ctx;
}

/**
 * l2pc_netlink_pattern_start() - start a dump of patterns
 * @cb: the dump
 *
 * Context: process.
 * Return: 0.
 */
int l2pc_netlink_pattern_start(struct netlink_callback *cb)
{
	*dump_serial(cb) = 0;
	return 0;
}

/**
 * l2pc_netlink_pattern_dump() - fill a buffer with the next patterns
 * @skb: the buffer
 * @cb: the dump
 *
 * Context: process.
 * Return: bytes, 0 at the end, or an error.
 */
int l2pc_netlink_pattern_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct net *net = sock_net(cb->skb->sk);
	struct l2pc_pattern_info info;
	void *header;

	while (l2pc_pattern_get_after(net, *dump_serial(cb), &info)) {
		header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
				     &l2pc_genl_family, NLM_F_MULTI,
				     L2PC_CMD_PATTERN_GET);
		if (!header)
			break;
		if (l2pc_put_pattern(skb, &info)) {
			genlmsg_cancel(skb, header);
			break;
		}
		genlmsg_end(skb, header);
		*dump_serial(cb) = info.serial;
	}
	return skb->len;
}

/* Get the pattern in a request. NULL: there is none, and extack has the reason. */
static const char *request_pattern(struct genl_info *info)
{
	if (info->attrs[L2PC_A_PORT_PATTERN])
		return nla_data(info->attrs[L2PC_A_PORT_PATTERN]);
	NL_SET_ERR_MSG(info->extack, "pattern: missing (example: tap*)");
	return NULL;
}

/**
 * l2pc_netlink_pattern_add() - add a pattern
 * @request: the request
 * @info: the request
 *
 * Context: process, takes RTNL.
 * Return: 0 or an error.
 */
int l2pc_netlink_pattern_add(struct sk_buff *request, struct genl_info *info)
{
	/* Parameters may be written concurrently; each is one word. */
	struct l2pc_settings settings = data_race(l2pc_defaults);
	const char *glob = request_pattern(info);
	u32 given;
	int err;

	if (!glob)
		return -EINVAL;
	err = l2pc_netlink_settings(request, info, &settings, &given);
	if (err)
		return err;
	if (info->attrs[L2PC_A_PORT_KEEP])
		settings.keep = nla_get_u32(info->attrs[L2PC_A_PORT_KEEP]);
	err = l2pc_pattern_add(genl_info_net(info), glob, &settings, info->extack);
	if (err)
		NL_SET_BAD_ATTR(info->extack, info->attrs[L2PC_A_PORT_PATTERN]);
	return err;
}

/**
 * l2pc_netlink_pattern_del() - delete a pattern
 * @request: the request
 * @info: the request
 *
 * Context: process, takes RTNL.
 * Return: 0 or an error.
 */
int l2pc_netlink_pattern_del(struct sk_buff *request, struct genl_info *info)
{
	const char *glob = request_pattern(info);

	if (!glob)
		return -EINVAL;
	return l2pc_pattern_del(genl_info_net(info), glob, info->extack);
}
