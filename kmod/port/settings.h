/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Settings: change how a port is counted.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_SETTINGS_H
#define L2PC_SETTINGS_H

#include <linux/types.h>

struct l2pc_port;
struct l2pc_settings;
struct netlink_ext_ack;

int l2pc_settings_change(struct l2pc_port *port, const struct l2pc_settings *to,
			 u32 given, struct netlink_ext_ack *extack);

#endif /* L2PC_SETTINGS_H */
