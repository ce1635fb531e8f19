// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family `l2pc` and its multicast group.
 * Copyright (C) the l2packet_counter authors
 *
 * The operations run in parallel (parallel_ops): what they access has its own locks.
 */
#include <linux/compiler.h>
#include <linux/module.h>
#include <net/genetlink.h>

#include <linux/l2packet_counter.h>

#include "genl.h"

static const struct genl_multicast_group groups[] = {
	[L2PC_GENL_EVENTS] = { .name = L2PC_MCGRP_EVENTS },
};

/* The family of spec/l2packet_counter.yaml. */
struct genl_family l2pc_genl_family __ro_after_init = {
	.name = L2PC_FAMILY_NAME,
	.version = L2PC_FAMILY_VERSION,
	.netnsok = true,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

/* Before the family is registered, its group has no number. */
static bool registered;

/**
 * l2pc_genl_register() - register the family
 * @ops: its operations
 * @count: number of operations
 *
 * Context: process.
 * Return: 0 or an error.
 */
int __init l2pc_genl_register(const struct genl_ops *ops, unsigned int count)
{
	int err;

	l2pc_genl_family.ops = ops;
	l2pc_genl_family.n_ops = count;
	err = genl_register_family(&l2pc_genl_family);
	if (!err)
		/* Pairs with the acquire in l2pc_genl_listening(). */
		smp_store_release(&registered, true);
	return err;
}

/**
 * l2pc_genl_unregister() - unregister the family; waits for running operations
 *
 * Context: process. No dump is running: each holds a reference to the module.
 */
void l2pc_genl_unregister(void)
{
	genl_unregister_family(&l2pc_genl_family);
}

/**
 * l2pc_genl_listening() - whether the group has a listener
 * @net: the namespace
 *
 * Context: any.
 * Return: true when it has one.
 */
bool l2pc_genl_listening(struct net *net)
{
	/* Pairs with the release in l2pc_genl_register(). */
	return smp_load_acquire(&registered) &&
	       genl_has_listeners(&l2pc_genl_family, net, L2PC_GENL_EVENTS);
}
