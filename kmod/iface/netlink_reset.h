/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Netlink operations: resets.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_NETLINK_RESET_H
#define L2PC_NETLINK_RESET_H

struct genl_info;
struct netlink_callback;
struct sk_buff;

int l2pc_netlink_reset(struct sk_buff *request, struct genl_info *info);
int l2pc_netlink_reset_start(struct netlink_callback *cb);
int l2pc_netlink_reset_dump(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* L2PC_NETLINK_RESET_H */
