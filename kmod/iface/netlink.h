/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The generic netlink family `l2pc`: spec/l2packet_counter.yaml.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_NETLINK_H
#define L2PC_NETLINK_H

#include <linux/types.h>

#include <linux/l2packet_counter.h>

struct genl_family;
struct l2pc_port_info;
struct l2pc_station;
struct l2pc_totals;
struct net;
struct netlink_callback;
struct sk_buff;

/* netlink.c: the family and what is asked of ports */
extern struct genl_family l2pc_netlink_family;

#define L2PC_NETLINK_EVENTS	0	/* the place of the only multicast group */

int l2pc_netlink_init(void);
bool l2pc_netlink_listening(struct net *net);
void l2pc_netlink_exit(void);

/* netlink_put.c: attributes */
#define L2PC_TOTALS_SIZE_MAX	256	/* bytes that a nest of totals takes */

int l2pc_put_totals(struct sk_buff *skb, int attribute,
		    const struct l2pc_totals *totals);
int l2pc_put_station(struct sk_buff *skb, int attribute,
		     const struct l2pc_station *station);
int l2pc_put_port(struct sk_buff *skb, const struct l2pc_port_info *info);

/* netlink_station.c: the dump of stations */
int l2pc_netlink_station_start(struct netlink_callback *cb);
int l2pc_netlink_station_dump(struct sk_buff *skb, struct netlink_callback *cb);
int l2pc_netlink_station_done(struct netlink_callback *cb);

#endif /* L2PC_NETLINK_H */
