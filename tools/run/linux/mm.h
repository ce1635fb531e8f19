/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
/* The memory of archives and snapshots: malloc(). */
#ifndef L2PC_RUN_MM_H
#define L2PC_RUN_MM_H

#include <stdlib.h>

/* Included by the kernel's header as well: many files rely on it. */
#include <linux/gfp.h>
#include <linux/minmax.h>

#define kvmalloc_array(n, size, gfp)	\
	((gfp) & __GFP_ZERO ? calloc(n, size) : reallocarray(NULL, n, size))
#define kvmalloc(size, gfp)		kvmalloc_array(1, size, gfp)
#define kvzalloc(size, gfp)		kvmalloc(size, (gfp) | __GFP_ZERO)
#define kvcalloc(n, size, gfp)		kvmalloc_array(n, size, (gfp) | __GFP_ZERO)
#define kmalloc_array(n, size, gfp)	kvmalloc_array(n, size, gfp)
#define kvfree(pointer)			free((void *)(pointer))
#define kfree(pointer)			kvfree(pointer)

#define PAGE_ALIGN(size)	(((size) + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1))
#define is_vmalloc_addr(object)	((void)(object), true)

static inline int get_order(unsigned long size)
{
	int order = 0;

	while (PAGE_SIZE << order < size)
		order++;
	return order;
}

#endif
