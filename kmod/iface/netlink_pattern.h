/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Netlink operations: patterns.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_NETLINK_PATTERN_H
#define L2PC_NETLINK_PATTERN_H

struct genl_info;
struct netlink_callback;
struct sk_buff;

int l2pc_netlink_pattern_start(struct netlink_callback *cb);
int l2pc_netlink_pattern_dump(struct sk_buff *skb, struct netlink_callback *cb);
int l2pc_netlink_pattern_add(struct sk_buff *request, struct genl_info *info);
int l2pc_netlink_pattern_del(struct sk_buff *request, struct genl_info *info);

#endif /* L2PC_NETLINK_PATTERN_H */
