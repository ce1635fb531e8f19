/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_RCUPDATE_H
#define SHIM_RCUPDATE_H

#include <shim.h>

#define synchronize_rcu()	shim_synchronize()

struct rcu_head {
	void *unused[2];
};

/* The kernel returns at once, and frees later. */
#define kvfree_rcu(pointer, head)	do {	\
	(void)&(pointer)->head;			\
	shim_synchronize();			\
	kvfree(pointer);			\
} while (0)

#endif
