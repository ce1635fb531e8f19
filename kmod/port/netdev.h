/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The netdev notifier: devices that appear, change and disappear.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_NETDEV_H
#define L2PC_NETDEV_H

int l2pc_netdev_init(void);
void l2pc_netdev_exit(void);

#endif /* L2PC_NETDEV_H */
