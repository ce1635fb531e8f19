/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
/* Memory that the packet path may still read. The kernel frees it later; this waits. */
#ifndef L2PC_RUN_RCUPDATE_H
#define L2PC_RUN_RCUPDATE_H

#include "run/program.h"

struct rcu_head {
	void *unused[2];
};

#define kvfree_rcu(pointer, head)	do {	\
	(void)&(pointer)->head;			\
	run_grace_period();			\
	kvfree(pointer);			\
} while (0)

#endif
