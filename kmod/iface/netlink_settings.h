/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Settings in a netlink request.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_NETLINK_SETTINGS_H
#define L2PC_NETLINK_SETTINGS_H

#include <linux/types.h>

struct genl_info;
struct l2pc_settings;
struct sk_buff;

int l2pc_netlink_settings(struct sk_buff *request, struct genl_info *info,
			  struct l2pc_settings *settings, u32 *given);

#endif /* L2PC_NETLINK_SETTINGS_H */
