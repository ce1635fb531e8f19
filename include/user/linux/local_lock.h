/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
/* PREEMPT_RT only. */
#ifndef L2PC_USER_LOCAL_LOCK_H
#define L2PC_USER_LOCAL_LOCK_H

typedef struct { } local_lock_t;

#define local_lock_init(lock)		((void)(lock))

#endif
