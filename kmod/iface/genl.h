/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The generic netlink family `l2pc` and its multicast group.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_GENL_H
#define L2PC_GENL_H

#include <linux/types.h>

struct genl_family;
struct genl_ops;
struct net;

extern struct genl_family l2pc_genl_family;

#define L2PC_GENL_EVENTS	0	/* index of the only multicast group */

int l2pc_genl_register(const struct genl_ops *ops, unsigned int count);
void l2pc_genl_unregister(void);
bool l2pc_genl_listening(struct net *net);

#endif /* L2PC_GENL_H */
