/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
/* No scheduler. */
#ifndef L2PC_USER_SCHED_H
#define L2PC_USER_SCHED_H

#define cond_resched()	do { } while (0)

#endif
