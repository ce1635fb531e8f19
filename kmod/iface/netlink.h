/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Netlink operations: ports.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_NETLINK_H
#define L2PC_NETLINK_H

int l2pc_netlink_init(void);
void l2pc_netlink_exit(void);

#endif /* L2PC_NETLINK_H */
