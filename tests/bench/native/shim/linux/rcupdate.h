/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
#ifndef L2PC_NATIVE_RCUPDATE_H
#define L2PC_NATIVE_RCUPDATE_H

struct rcu_head {
	void *unused[2];
};

#endif
