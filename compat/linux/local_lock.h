/* SPDX-License-Identifier: GPL-2.0 */
/*
 * local_lock_nested_bh(): new in 6.11. Before, local_bh_disable() itself takes a lock on
 * PREEMPT_RT, so an empty macro is correct there as well.
 */
#ifndef L2PC_COMPAT_LOCAL_LOCK_H
#define L2PC_COMPAT_LOCAL_LOCK_H

#include_next <linux/local_lock.h>

#ifndef local_lock_nested_bh
#define local_lock_nested_bh(lock)	do { } while (0)
#define local_unlock_nested_bh(lock)	do { } while (0)
#endif

#endif
