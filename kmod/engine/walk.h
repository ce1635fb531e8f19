/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Walks through slots and cells, of which there may be many millions.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_WALK_H
#define L2PC_WALK_H

#include <linux/sched.h>
#include <linux/types.h>

/**
 * l2pc_walk_pause() - let others run, now and then
 * @index: how far the walk has come
 *
 * Context: process, may sleep.
 */
static inline void l2pc_walk_pause(u32 index)
{
	if (!(index % 1024))
		cond_resched();
}

#endif /* L2PC_WALK_H */
