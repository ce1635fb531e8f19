/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ways into the packet path.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_HOOK_H
#define L2PC_HOOK_H

#include <linux/netfilter.h>
#include <linux/types.h>

#include <linux/l2packet_counter.h>

struct l2pc_port;
struct net_device;

/**
 * struct l2pc_hook - a port's way in
 * @kind: the one in use; RTNL
 * @ingress: the netfilter hook, registered while @kind is L2PC_HOOK_KIND_INGRESS and
 *	during a change-over; RTNL
 * @ingress_counts: does the ingress hook count, or leave it to the RX handler?
 *	Written under RTNL; read in the packet path during a change-over, once for
 *	each frame. It counts whenever it is the only one
 */
struct l2pc_hook {
	enum l2pc_hook_kind kind;
	struct nf_hook_ops ingress;
	bool ingress_counts;
};

const char *l2pc_hook_name(enum l2pc_hook_kind kind);
bool l2pc_hook_available(enum l2pc_hook_kind kind);
int l2pc_hook_change(struct l2pc_port *port, struct net_device *dev,
		     enum l2pc_hook_kind kind);

#endif /* L2PC_HOOK_H */
