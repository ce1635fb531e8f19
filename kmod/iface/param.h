/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Module parameters: reading and checking what a user gave.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_PARAM_H
#define L2PC_PARAM_H

#include <linux/moduleparam.h>
#include <linux/types.h>

struct net;

/**
 * struct l2pc_bounded - a parameter that is a number within bounds
 * @value: where it is kept
 * @least: the least, and
 * @most: the most that is taken
 * @setting: which setting of the ports follows
 */
struct l2pc_bounded {
	unsigned int *value;
	unsigned int least;
	unsigned int most;
	u32 setting;
};

/* A number: the argument is a struct l2pc_bounded. A bad one leaves the old value. */
extern const struct kernel_param_ops l2pc_bounded_ops;

/* The hook wanted, of l2pc_defaults; without argument. */
extern const struct kernel_param_ops l2pc_hook_ops;

int l2pc_param_interfaces(struct net *net, const char *names);

#endif /* L2PC_PARAM_H */
