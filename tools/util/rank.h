/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ranking: the first few of many items in an order, without sorting the others.
 * Copyright (C) the l2packet_counter authors
 *
 * A heap has the first items found so far, the last of them on top. Of 100,000 items
 * most are compared once, with the top. An order is a function as for qsort().
 */
#ifndef L2PC_TOOL_RANK_H
#define L2PC_TOOL_RANK_H

#include <stddef.h>

/** rank_first() - bring the first @wanted of @count items to the front, sorted */
void rank_first(void *items, size_t count, size_t size, size_t wanted,
		int (*order)(const void *x, const void *y));

/**
 * rank_offer() - keep an item if it is among the first @most of those offered
 * @items: @count of them, room for @most
 *
 * They are in no order until rank_first().
 */
void rank_offer(void *items, size_t *count, size_t most, size_t size, const void *item,
		int (*order)(const void *x, const void *y));

#endif /* L2PC_TOOL_RANK_H */
