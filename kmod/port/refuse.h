/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reports of refused requests: to the netlink client, or to the kernel log.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_REFUSE_H
#define L2PC_REFUSE_H

#include <linux/netlink.h>
#include <linux/printk.h>

/* @why is a literal for a netlink client; without a client the log gets @fmt. */
#define l2pc_refuse(extack, why, fmt, ...) do {				\
	if (extack)							\
		NL_SET_ERR_MSG(extack, why);				\
	else								\
		pr_err(fmt, ##__VA_ARGS__);				\
} while (0)

#endif /* L2PC_REFUSE_H */
