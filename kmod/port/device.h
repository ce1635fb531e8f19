/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Devices: which can be counted, and what to count instead of the others.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_DEVICE_H
#define L2PC_DEVICE_H

#include <linux/types.h>

struct net_device;
struct netlink_ext_ack;

int l2pc_device_check(const struct net_device *dev);
void l2pc_device_refuse(const struct net_device *dev, struct netlink_ext_ack *extack);
void l2pc_device_note(const struct net_device *dev);
bool l2pc_device_has_fcs(struct net_device *dev);

#endif /* L2PC_DEVICE_H */
