/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Module parameters: parsing, checks, application to ports.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_PARAM_H
#define L2PC_PARAM_H

#include <linux/moduleparam.h>
#include <linux/types.h>

struct net;

/**
 * struct l2pc_bounded - a parameter that is a number within bounds
 * @value: its value
 * @min: minimum
 * @max: maximum
 * @setting: the setting of ports to change with it, L2PC_SETTING()
 */
struct l2pc_bounded {
	unsigned int *value;
	unsigned int min;
	unsigned int max;
	u32 setting;
};

/* A number; the argument is a struct l2pc_bounded. An error leaves the old value. */
extern const struct kernel_param_ops l2pc_bounded_ops;

/* l2pc_defaults.hook_wanted; without argument. */
extern const struct kernel_param_ops l2pc_hook_ops;

int l2pc_param_interfaces(struct net *net, const char *names);

#endif /* L2PC_PARAM_H */
