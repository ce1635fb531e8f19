/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Areas: memory of tables, archives and snapshots, which may be tens of megabytes.
 * Copyright (C) the l2packet_counter authors
 *
 * vfree() returns single pages. The page allocator collects those, and then takes up to
 * 2,000 of them back with interrupts disabled (free_pcppages_bulk() in mm/page_alloc.c),
 * which delays every frame of the CPU. So a big area is made of large blocks of pages, and
 * each is returned by itself.
 */
#ifndef L2PC_AREA_H
#define L2PC_AREA_H

#include <linux/mm.h>
#include <linux/slab.h>

#ifdef __KERNEL__

#include <linux/numa.h>
#include <linux/overflow.h>

void *l2pc_area_alloc(size_t size, gfp_t gfp, int node);
void l2pc_area_free(void *area);
void l2pc_area_free_atomic(void *area);
void l2pc_areas_exit(void);

/* Allocate an area for @n objects of @size bytes. Context: as l2pc_area_alloc(). */
static inline void *l2pc_area_array(size_t n, size_t size, gfp_t gfp)
{
	return l2pc_area_alloc(array_size(n, size), gfp, NUMA_NO_NODE);
}

#else

/* In userspace malloc()'s, by the headers of the same names. */
#define l2pc_area_alloc(size, gfp, node)	kvmalloc_node(size, gfp, node)
#define l2pc_area_array(n, size, gfp)		kvmalloc_array(n, size, gfp)
#define l2pc_area_free(area)			kvfree(area)
#define l2pc_area_free_atomic(area)		kvfree_atomic(area)

#endif

#endif /* L2PC_AREA_H */
