/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Walks over millions of slots and cells: the next index, and rescheduling.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_WALK_H
#define L2PC_WALK_H

#include <linux/sched.h>
#include <linux/types.h>

/**
 * l2pc_walk_next() - advance an index, and reschedule every 1024 steps
 * @index: the current index
 *
 * Context: process, may sleep.
 * Return: the next index.
 */
static inline u32 l2pc_walk_next(u32 index)
{
	if (!(++index % 1024))
		cond_resched();
	return index;
}

#endif /* L2PC_WALK_H */
