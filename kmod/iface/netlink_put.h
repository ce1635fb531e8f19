/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Netlink attributes of totals, stations and ports.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_NETLINK_PUT_H
#define L2PC_NETLINK_PUT_H

struct l2pc_pattern_info;
struct l2pc_port_info;
struct l2pc_station;
struct l2pc_totals;
struct sk_buff;

#define L2PC_TOTALS_SIZE_MAX	416	/* bytes of a nest of totals */

int l2pc_put_totals(struct sk_buff *skb, int attribute,
		    const struct l2pc_totals *totals, bool tx);
int l2pc_put_station(struct sk_buff *skb, int attribute,
		     const struct l2pc_station *station);
int l2pc_put_pattern(struct sk_buff *skb, const struct l2pc_pattern_info *pattern);
int l2pc_put_port(struct sk_buff *skb, const struct l2pc_port_info *info);

#endif /* L2PC_NETLINK_PUT_H */
