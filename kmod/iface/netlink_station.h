/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The netlink dump of stations.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_NETLINK_STATION_H
#define L2PC_NETLINK_STATION_H

struct netlink_callback;
struct sk_buff;

int l2pc_netlink_station_start(struct netlink_callback *cb);
int l2pc_netlink_station_dump(struct sk_buff *skb, struct netlink_callback *cb);
int l2pc_netlink_station_done(struct netlink_callback *cb);

#endif /* L2PC_NETLINK_STATION_H */
