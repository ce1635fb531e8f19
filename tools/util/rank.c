// SPDX-License-Identifier: GPL-2.0
/*
 * Ranking: the first few of many items in an order.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdlib.h>
#include <string.h>

#include "util/rank.h"

static void swap_items(char *x, char *y, size_t size)
{
	for (char c; size--; x++, y++) {
		c = *x;
		*x = *y;
		*y = c;
	}
}

/* Let the item at @i sink below those that come behind it. */
static void heap_sink(char *heap, size_t i, size_t count, size_t size,
		      int (*order)(const void *x, const void *y))
{
	size_t child;

	for (; (child = 2 * i + 1) < count; i = child) {
		if (child + 1 < count && order(heap + child * size, heap + (child + 1) * size) < 0)
			child++;
		if (order(heap + child * size, heap + i * size) <= 0)
			return;
		swap_items(heap + child * size, heap + i * size, size);
	}
}

static void heap_make(char *heap, size_t count, size_t size,
		      int (*order)(const void *x, const void *y))
{
	for (size_t i = count / 2; i--;)
		heap_sink(heap, i, count, size, order);
}

void rank_first(void *items, size_t count, size_t size, size_t wanted,
		int (*order)(const void *x, const void *y))
{
	char *heap = items;

	if (!wanted || !count)
		return;
	/* A large heap costs more than sorting. */
	if (wanted > count / 8) {
		qsort(heap, count, size, order);
		return;
	}
	heap_make(heap, wanted, size, order);
	for (size_t i = wanted; i < count; i++) {
		if (order(heap + i * size, heap) >= 0)
			continue;
		swap_items(heap + i * size, heap, size);
		heap_sink(heap, 0, wanted, size, order);
	}
	qsort(heap, wanted, size, order);
}

void rank_offer(void *items, size_t *count, size_t most, size_t size, const void *item,
		int (*order)(const void *x, const void *y))
{
	char *heap = items;

	if (*count < most) {
		memcpy(heap + (*count)++ * size, item, size);
		if (*count == most)
			heap_make(heap, most, size, order);
	} else if (most && order(item, heap) < 0) {
		memcpy(heap, item, size);
		heap_sink(heap, 0, most, size, order);
	}
}
