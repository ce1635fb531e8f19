// SPDX-License-Identifier: GPL-2.0
/*
 * The netlink dump of stations.
 * Copyright (C) the l2packet_counter authors
 *
 * Each port's view is read into a snapshot and sent from it: its counts are of the same
 * time, however slowly the client reads. An unfinished dump holds a snapshot and no
 * reference to the port, which may be deleted.
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
#include "port/timer.h"
#include "genl.h"
#include "netlink_put.h"
#include "netlink_station.h"

/**
 * struct station_dump - state of a dump
 * @name: the requested port, or empty: all ports
 * @view: the requested view
 * @limited: the reader is unprivileged, see l2pc_snapshot_charge()
 * @serial: serial of the current port
 * @info: that port, valid with a snapshot
 * @snapshot: its view
 * @has_snapshot: @snapshot was read
 * @totals_sent: the totals of @snapshot were sent
 * @next: index of the next station to send
 *
 * Netlink calls a socket's dump from one thread at a time.
 */
struct station_dump {
	char name[IFNAMSIZ];
	enum l2pc_view view;
	bool limited;
	u64 serial;
	struct l2pc_port_info info;
	struct l2pc_snapshot snapshot;
	bool has_snapshot;
	bool totals_sent;
	u32 next;
};

static struct station_dump **dump_of(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct station_dump *) > sizeof(cb->ctx));
	return (struct station_dump **)cb->ctx;
}

/**
 * l2pc_netlink_station_start() - start a dump
 * @cb: the dump
 *
 * Context: process.
 * Return: 0, -ENOENT (no such port) or -ENOMEM.
 */
int l2pc_netlink_station_start(struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	const struct net *net = sock_net(cb->skb->sk);
	struct station_dump *dump;
	struct l2pc_port *port;

	dump = kzalloc(sizeof(*dump), GFP_KERNEL_ACCOUNT);
	if (!dump)
		return -ENOMEM;
	/* Snapshots are host memory, so root of a user namespace is unprivileged. */
	dump->limited = !netlink_capable(cb->skb, CAP_NET_ADMIN);
	if (attrs[L2PC_A_STATIONS_VIEW])
		dump->view = nla_get_u32(attrs[L2PC_A_STATIONS_VIEW]);
	if (attrs[L2PC_A_STATIONS_IFNAME]) {
		nla_strscpy(dump->name, attrs[L2PC_A_STATIONS_IFNAME],
			    sizeof(dump->name));
		port = l2pc_port_get(net, dump->name);
		if (!port) {
			NL_SET_ERR_MSG_ATTR(cb->extack,
					    attrs[L2PC_A_STATIONS_IFNAME],
					    "no such port");
			kfree(dump);
			return -ENOENT;
		}
		l2pc_port_put(port);
	}
	*dump_of(cb) = dump;
	return 0;
}

/* Read the next port. Returns -ENOENT after the last one. */
static int dump_read_port(struct station_dump *dump, const struct net *net,
			  struct netlink_ext_ack *extack)
{
	struct l2pc_port *port;
	int err;

	if (*dump->name)
		port = dump->serial ? NULL : l2pc_port_get(net, dump->name);
	else
		port = l2pc_port_get_after(net, dump->serial);
	if (!port)
		return -ENOENT;
	l2pc_port_info(port, &dump->info);
	l2pc_timer_catch_up(port);
	err = l2pc_snapshot_read(&port->counts, dump->view, ~0ULL,
				 &dump->snapshot);
	if (!err && dump->limited) {
		err = l2pc_snapshot_charge(&dump->snapshot);
		if (err)
			NL_SET_ERR_MSG(extack, "too many unfinished dumps of unprivileged readers");
	}
	/* After an error the next call tries the same port again. */
	if (!err)
		dump->serial = port->serial;
	l2pc_port_put(port);
	if (err)
		return err;
	dump->has_snapshot = true;
	dump->totals_sent = false;
	dump->next = 0;
	return 0;
}

/* Append a message with as many stations as fit. Returns 0 after the port's last one. */
static int dump_message(struct station_dump *dump, struct sk_buff *skb,
			struct netlink_callback *cb)
{
	struct l2pc_snapshot *snapshot = &dump->snapshot;
	bool continued = dump->totals_sent;
	u32 first = dump->next;
	void *header;

	header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			     &l2pc_genl_family, NLM_F_MULTI,
			     L2PC_CMD_STATION_GET);
	if (!header)
		return -EMSGSIZE;
	genl_dump_check_consistent(cb, header);
	if (nla_put_string(skb, L2PC_A_STATIONS_IFNAME, dump->info.name) ||
	    nla_put_u32(skb, L2PC_A_STATIONS_IFINDEX, dump->info.ifindex) ||
	    nla_put_u32(skb, L2PC_A_STATIONS_VIEW, dump->view))
		goto cancel;
	if (!dump->totals_sent) {
		if (l2pc_put_totals(skb, L2PC_A_STATIONS_TOTALS, &snapshot->totals,
				    dump->info.settings.tx))
			goto cancel;
		dump->totals_sent = true;
	}
	while (dump->next < snapshot->count &&
	       !l2pc_put_station(skb, L2PC_A_STATIONS_STATION,
				 &snapshot->stations[dump->next]))
		dump->next++;
	if (continued && dump->next == first)
		goto cancel;
	genlmsg_end(skb, header);
	return dump->next < snapshot->count ? -EMSGSIZE : 0;

cancel:
	genlmsg_cancel(skb, header);
	return -EMSGSIZE;
}

/**
 * l2pc_netlink_station_dump() - fill a buffer with the next messages
 * @skb: the buffer
 * @cb: the dump
 *
 * Context: process.
 * Return: bytes, 0 at the end, or an error.
 */
int l2pc_netlink_station_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct net *net = sock_net(cb->skb->sk);
	struct station_dump *dump = *dump_of(cb);
	int err = 0;

	cb->seq = l2pc_ports_generation(net);
	while (!err) {
		if (!dump->has_snapshot) {
			err = dump_read_port(dump, net, cb->extack);
			if (err == -ENOENT)
				return skb->len;
			if (err)
				break;
		}
		err = dump_message(dump, skb, cb);
		if (!err) {
			l2pc_snapshot_free(&dump->snapshot);
			dump->has_snapshot = false;
		}
	}
	return skb->len ? skb->len : err;
}

/**
 * l2pc_netlink_station_done() - free a dump's state, finished or not
 * @cb: the dump
 *
 * Return: 0.
 */
int l2pc_netlink_station_done(struct netlink_callback *cb)
{
	struct station_dump *dump = *dump_of(cb);

	if (dump->has_snapshot)
		l2pc_snapshot_free(&dump->snapshot);
	kfree(dump);
	return 0;
}
