/* SPDX-License-Identifier: GPL-2.0 */
/* PREEMPT_RT only: a simulated CPU runs one softirq at a time. */
#ifndef SHIM_LOCAL_LOCK_H
#define SHIM_LOCAL_LOCK_H

typedef struct { char none; } local_lock_t;

#define local_lock_init(lock)		((void)(lock))

#endif
