/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What differs between the two places where the engine counts: the kernel module, and
 * `l2pc run`, where a BPF program is the packet path and everything else is a process.
 * Copyright (C) the l2packet_counter authors
 *
 * With L2PC_ENGINE_BPF the tables are in an arena that program and process share. The
 * program cannot allocate there: every CPU has a table before its first frame, and the
 * bigger ones are made ahead. The rest of the kernel, as far as the engine uses it, has
 * headers of the same names in userspace: clock, grace period, CPUs, locks.
 */
#ifndef L2PC_PLATFORM_H
#define L2PC_PLATFORM_H

#include <linux/types.h>

#include "layout.h"

/**
 * struct l2pc_table_nothing - memory of l2pc_table_none
 * @header: a table that is always full
 * @empty: cells that end every probe
 */
struct l2pc_table_nothing {
	struct l2pc_table header;
	struct l2pc_cell empty[2];
};

#ifdef L2PC_ENGINE_BPF

/* Whether a CPU allocates a table when it needs one. */
#define L2PC_WRITERS_ALLOCATE	false

/* The largest table that it allocates: none. */
#define L2PC_ATOMIC_BITS	0

/* Every writer's table without one of its own: always full. */
extern struct l2pc_table *l2pc_table_none;

void l2pc_table_none_init(struct l2pc_table_nothing *nothing);

/* Memory that the program can reach; zeroed. */
void *l2pc_memory_alloc(size_t size, int node);
void l2pc_memory_free(void *memory);

static inline void *l2pc_memory_alloc_atomic(size_t size)
{
	(void)size;
	return NULL;
}

static inline void l2pc_memory_free_atomic(void *memory)
{
	l2pc_memory_free(memory);
}

#else

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "area.h"

#define L2PC_WRITERS_ALLOCATE	true

/* Largest table that a CPU allocates in softirq: 2^14 cells, 512 KiB. */
#define L2PC_ATOMIC_BITS	14

/* Every writer's table before its first frame: always full. */
extern struct l2pc_table *const l2pc_table_none;

/* Allocate zeroed memory. Context: process, may sleep. */
static inline void *l2pc_memory_alloc(size_t size, int node)
{
	return l2pc_area_alloc(size, GFP_KERNEL | __GFP_NOWARN | __GFP_ZERO, node);
}

/*
 * Allocate zeroed memory in softirq. Big tables do not use the emergency reserves: a
 * failure here leaves frames untracked at worst.
 */
static inline void *l2pc_memory_alloc_atomic(size_t size)
{
	gfp_t gfp = GFP_ATOMIC | __GFP_NOWARN | __GFP_ZERO;

	if (size > PAGE_SIZE << PAGE_ALLOC_COSTLY_ORDER)
		gfp |= __GFP_NOMEMALLOC;
	return kmalloc(size, gfp);
}

/* Free memory. Context: process, may sleep. */
static inline void l2pc_memory_free(void *memory)
{
	l2pc_area_free(memory);
}

/* Free memory in softirq. */
static inline void l2pc_memory_free_atomic(void *memory)
{
	l2pc_area_free_atomic(memory);
}

#endif

#endif /* L2PC_PLATFORM_H */
