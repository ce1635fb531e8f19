// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink operations: resets.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/mm.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include "engine/sums.h"
#include "port/list.h"
#include "port/port.h"
#include "port/reset.h"
#include "genl.h"
#include "netlink_put.h"
#include "netlink_reset.h"

/*
 * Maximum number of ports whose windows one message has: it is 20 KiB then. More are
 * reset by a dump.
 */
#define RESET_PORTS_MAX		64U

/* Bytes of a port's nest. */
#define CLOSED_SIZE_MAX		(L2PC_TOTALS_SIZE_MAX + nla_total_size(0) +	\
				 nla_total_size(IFNAMSIZ) + nla_total_size(sizeof(u32)))

/* Append the totals of a closed window: CLOSED_SIZE_MAX bytes are free. */
static int put_closed(struct sk_buff *skb, struct l2pc_port *port,
		      const struct l2pc_totals *closed)
{
	struct l2pc_port_info info;
	struct nlattr *nest;

	l2pc_port_info(port, &info);
	nest = nla_nest_start(skb, L2PC_A_RESET_CLOSED);
	if (!nest || nla_put_string(skb, L2PC_A_CLOSED_IFNAME, info.name) ||
	    nla_put_u32(skb, L2PC_A_CLOSED_IFINDEX, info.ifindex) ||
	    l2pc_put_totals(skb, L2PC_A_CLOSED_TOTALS, closed,
			    info.settings.tx))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* Make the message first: that may fail, and then no window is closed. */
static int reset_ports(struct genl_info *info, struct l2pc_port **ports,
		       unsigned int count)
{
	struct l2pc_totals *closed;
	struct sk_buff *skb;
	unsigned int i;
	void *header;
	int err = 0;

	if (count > RESET_PORTS_MAX) {
		NL_SET_ERR_MSG(info->extack,
			       "more than 64 ports: name one, or request a dump (NLM_F_DUMP)");
		return -EMSGSIZE;
	}
	closed = kvcalloc(count + 1, sizeof(*closed), GFP_KERNEL);
	if (!closed)
		return -ENOMEM;
	skb = genlmsg_new(GENL_HDRLEN + count * CLOSED_SIZE_MAX, GFP_KERNEL);
	header = skb ? genlmsg_put_reply(skb, info, &l2pc_genl_family, 0,
					 L2PC_CMD_WINDOW_RESET) : NULL;
	if (!header) {
		err = -ENOMEM;
		goto out;
	}
	l2pc_ports_reset(ports, count, closed);
	for (i = 0; i < count; i++)
		if (WARN_ON_ONCE(put_closed(skb, ports[i], &closed[i])))
			err = -EMSGSIZE;
out:
	kvfree(closed);
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, header);
	return genlmsg_reply(skb, info);
}

/**
 * l2pc_netlink_reset() - close the window of a port, or of all ports
 * @request: the request
 * @info: the request
 *
 * Context: process, sleeps for grace periods.
 * Return: 0 or an error.
 */
int l2pc_netlink_reset(struct sk_buff *request, struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[L2PC_A_RESET_IFNAME];
	const struct net *net = genl_info_net(info);
	struct l2pc_port *port, **ports;
	unsigned int count, i;
	int err;

	if (attr) {
		port = l2pc_port_get(net, nla_data(attr));
		if (!port) {
			NL_SET_ERR_MSG_ATTR(info->extack, attr, "no such port");
			return -ENOENT;
		}
		err = reset_ports(info, &port, 1);
		l2pc_port_put(port);
		return err;
	}
	ports = l2pc_ports_get(net, &count);
	if (!ports)
		return -ENOMEM;
	err = reset_ports(info, ports, count);
	for (i = 0; i < count; i++)
		l2pc_port_put(ports[i]);
	kvfree(ports);
	return err;
}

static u64 *dump_serial(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(u64) > sizeof(cb->ctx));
	return (u64 *)cb->ctx;
}

/**
 * l2pc_netlink_reset_start() - start to close the windows of all ports by a dump
 * @cb: the dump
 *
 * Context: process.
 * Return: 0 or -EINVAL.
 */
int l2pc_netlink_reset_start(struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;

	if (attrs && attrs[L2PC_A_RESET_IFNAME]) {
		NL_SET_ERR_MSG_ATTR(cb->extack, attrs[L2PC_A_RESET_IFNAME],
				    "ifname: a dump has all ports (request one without NLM_F_DUMP)");
		return -EINVAL;
	}
	*dump_serial(cb) = 0;
	return 0;
}

/**
 * l2pc_netlink_reset_dump() - close the windows of the next ports
 * @skb: the buffer for their totals
 * @cb: the dump
 *
 * A window is closed only when its totals fit into the buffer. A client that does not
 * read on has the windows of the remaining ports stay open.
 *
 * Context: process, sleeps for grace periods.
 * Return: bytes, 0 at the end, or an error.
 */
int l2pc_netlink_reset_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	const unsigned int size = nlmsg_total_size(GENL_HDRLEN) + CLOSED_SIZE_MAX;
	const unsigned int room = skb_tailroom(skb) / size;
	const struct net *net = sock_net(cb->skb->sk);
	struct l2pc_totals *closed;
	struct l2pc_port **ports;
	unsigned int count, i;
	int err = -ENOMEM;
	void *header;

	ports = kvcalloc(room + 1, sizeof(*ports), GFP_KERNEL);
	closed = kvcalloc(room + 1, sizeof(*closed), GFP_KERNEL);
	if (!ports || !closed)
		goto out;
	cb->seq = l2pc_ports_generation(net);
	for (count = 0; count < room; count++) {
		ports[count] = l2pc_port_get_after(net, *dump_serial(cb));
		if (!ports[count])
			break;
		*dump_serial(cb) = ports[count]->serial;
	}
	l2pc_ports_reset(ports, count, closed);
	for (i = 0; i < count; i++) {
		header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
				     &l2pc_genl_family, NLM_F_MULTI, L2PC_CMD_WINDOW_RESET);
		if (!WARN_ON_ONCE(!header || put_closed(skb, ports[i], &closed[i]))) {
			genl_dump_check_consistent(cb, header);
			genlmsg_end(skb, header);
		}
		l2pc_port_put(ports[i]);
	}
	err = skb->len;
out:
	kvfree(closed);
	kvfree(ports);
	return err;
}
