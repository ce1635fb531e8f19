// SPDX-License-Identifier: GPL-2.0
/*
 * Areas: memory of tables, archives and snapshots, which may be tens of megabytes.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/kernel.h>
#include <linux/kmemleak.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/pgtable.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include "area.h"

/*
 * The largest and the smallest block: from half of a huge page, 1 MiB with pages of 4 KiB, to
 * 64 KiB. The CPU's lists of free pages have smaller blocks, and huge pages, see
 * pcp_allowed_order() in mm/page_alloc.c. Between those blocks go back one by one.
 */
#define BLOCK_ORDER_MAX		(PMD_SHIFT - PAGE_SHIFT - 1)
#define BLOCK_ORDER_MIN		(PAGE_ALLOC_COSTLY_ORDER + 1)

static unsigned int block_order_next(unsigned int order)
{
	return order > BLOCK_ORDER_MIN ? order - 1 : 0;
}

/*
 * Single pages are worth waiting for. A block is taken only if there is a free one: there
 * is always a smaller one to try.
 */
static struct page *block_alloc(unsigned int order, gfp_t gfp, int node)
{
	if (order)
		gfp = (gfp & ~__GFP_DIRECT_RECLAIM) | __GFP_NORETRY | __GFP_COMP;
	return alloc_pages_node(node, gfp | __GFP_HIGHMEM | __GFP_NOWARN, order);
}

/* Free the blocks that the first @count of @pages belong to. */
static void blocks_free(struct page **pages, unsigned int count)
{
	unsigned int i, order;

	for (i = 0; i < count; i += 1U << order) {
		order = compound_order(pages[i]);
		__free_pages(pages[i], order);
	}
}

/* Allocate blocks of @count pages in all. Fills in @pages. */
static bool blocks_alloc(struct page **pages, unsigned int count, gfp_t gfp, int node)
{
	unsigned int order = BLOCK_ORDER_MAX;
	unsigned int got = 0, i;
	struct page *page;

	while (got < count) {
		while (1U << order > count - got)
			order = block_order_next(order);
		page = fatal_signal_pending(current) ? NULL : block_alloc(order, gfp, node);
		if (page) {
			for (i = 0; i < 1U << order; i++)
				pages[got++] = page + i;
		} else if (order) {
			order = block_order_next(order);
		} else {
			blocks_free(pages, got);
			return false;
		}
		cond_resched();
	}
	return true;
}

static void *area_map(unsigned int count, gfp_t gfp, int node)
{
	struct page **pages;
	void *area = NULL;

	if (count > totalram_pages())
		return NULL;
	/* Not kvmalloc(), which would take a block of the orders that blocks_alloc() avoids. */
	pages = __vmalloc(array_size(count, sizeof(*pages)), GFP_KERNEL | __GFP_NOWARN);
	if (!pages)
		return NULL;
	if (blocks_alloc(pages, count, gfp, node)) {
		area = vmap(pages, count, VM_MAP, PAGE_KERNEL);
		if (area)
			/* The first page is ours, and so is its private word. */
			set_page_private(pages[0], count);
		else
			blocks_free(pages, count);
	}
	vfree(pages);
	return area;
}

static void area_unmap(void *area)
{
	struct page *page = vmalloc_to_page(area), *next;
	unsigned int count = page_private(page), i;
	LIST_HEAD(blocks);

	set_page_private(page, 0);
	for (i = 0; i < count; i += 1U << compound_order(page)) {
		page = vmalloc_to_page(area + ((size_t)i << PAGE_SHIFT));
		list_add(&page->lru, &blocks);
	}
	vunmap(area);
	list_for_each_entry_safe(page, next, &blocks, lru) {
		list_del(&page->lru);
		__free_pages(page, compound_order(page));
		cond_resched();
	}
}

/**
 * l2pc_area_alloc() - allocate an area
 * @size: in bytes
 * @gfp: GFP_KERNEL or GFP_KERNEL_ACCOUNT, and __GFP_ZERO for zeroed memory
 * @node: NUMA node, or NUMA_NO_NODE
 *
 * Like kvmalloc(): contiguous if possible, else mapped.
 *
 * Context: process, may sleep.
 * Return: the area, to be freed with l2pc_area_free(), or NULL without memory.
 */
void *l2pc_area_alloc(size_t size, gfp_t gfp, int node)
{
	void *area;

	/* What kvmalloc() refuses. */
	if (size > INT_MAX)
		return NULL;
	if (size <= KMALLOC_MAX_SIZE) {
		gfp_t once = size > PAGE_SIZE ? __GFP_NORETRY : 0;

		area = kmalloc_node(size, gfp | once | __GFP_NOWARN, node);
		if (area || size <= PAGE_SIZE)
			return area;
	}
	area = area_map(PAGE_ALIGN(size) >> PAGE_SHIFT, gfp, node);
	if (area)
		kmemleak_alloc(area, size, 1, gfp);
	return area;
}

/**
 * l2pc_area_free() - free an area
 * @area: the area, or NULL
 *
 * Context: process, may sleep.
 */
void l2pc_area_free(void *area)
{
	if (!is_vmalloc_addr(area)) {
		kfree(area);
		return;
	}
	kmemleak_free(area);
	area_unmap(area);
}

static LLIST_HEAD(areas_deferred);

static void areas_free_deferred(struct work_struct *unused)
{
	struct llist_node *node, *next;

	llist_for_each_safe(node, next, llist_del_all(&areas_deferred))
		l2pc_area_free(node);
}

static DECLARE_WORK(areas_work, areas_free_deferred);

/**
 * l2pc_area_free_atomic() - free an area in softirq
 * @area: the area, or NULL
 *
 * As vfree_atomic(): a mapped area is freed by a work item, and is its own list node.
 *
 * Context: any but NMI and hard interrupt.
 */
void l2pc_area_free_atomic(void *area)
{
	if (!is_vmalloc_addr(area))
		kfree(area);
	else if (llist_add(area, &areas_deferred))
		schedule_work(&areas_work);
}

/**
 * l2pc_areas_exit() - wait until all areas are freed
 *
 * Context: process, may sleep. The last packet path has ended.
 */
void l2pc_areas_exit(void)
{
	flush_work(&areas_work);
}
