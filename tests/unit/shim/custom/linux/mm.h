/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_MM_H
#define SHIM_MM_H

/* Included by the kernel's header as well: many files rely on it. */
#include <linux/minmax.h>
#include <linux/slab.h>

#define kvmalloc_node(size, gfp, node) \
	((void)(node), shim_alloc(size, gfp, SHIM_KVMALLOC))
#define kvmalloc(size, gfp)	shim_alloc(size, gfp, SHIM_KVMALLOC)
#define kvzalloc(size, gfp)	kvmalloc(size, (gfp) | __GFP_ZERO)
#define kvzalloc_node(size, gfp, node) kvmalloc_node(size, (gfp) | __GFP_ZERO, node)
#define kvmalloc_array(n, size, gfp) shim_alloc_array(n, size, gfp, SHIM_KVMALLOC)
#define kvcalloc(n, size, gfp)	kvmalloc_array(n, size, (gfp) | __GFP_ZERO)

#define PAGE_ALIGN(size)	(((size) + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1))
/* As if kmalloc() always succeeded. */
#define is_vmalloc_addr(object)	((void)(object), false)

static inline int get_order(unsigned long size)
{
	int order = 0;

	while (PAGE_SIZE << order < size)
		order++;
	return order;
}

/* Also frees kmalloc()'s memory. */
#define kvfree(pointer)		shim_free(pointer, SHIM_KVMALLOC)
/* The engine may sleep where it frees, but for this. */
#define kvfree_atomic(pointer)	shim_free_atomic(pointer, SHIM_KVMALLOC)

#endif
