/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Arrays that grow, and bits.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_ARRAY_H
#define L2PC_TOOL_ARRAY_H

#include <stdlib.h>
#include <string.h>

#include "util/errors.h"

#define BIT(n)		(1u << (n))
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/**
 * array_grow() - make room for one more element
 * @array: the array, or NULL
 * @room: its capacity
 * @count: its elements
 * @size: of an element
 *
 * Return: the array, moved when it had to grow
 */
static inline void *array_grow(void *array, size_t *room, size_t count, size_t size)
{
	if (count < *room)
		return array;
	*room = *room ? 2 * *room : 16;
	array = reallocarray(array, *room, size);
	if (!array)
		out_of_memory();
	return array;
}

/**
 * list_add() - append an element, all zero, to a list
 * @list: pointer to a struct with the members @array, count and room
 * @array: the member that holds the elements
 *
 * Return: the element, as a void pointer
 */
#define list_add(list, array)                                                                     \
	((list)->array =                                                                          \
		 array_grow((list)->array, &(list)->room, (list)->count, sizeof(*(list)->array)), \
	 memset(&(list)->array[(list)->count++], 0, sizeof(*(list)->array)))

#endif /* L2PC_TOOL_ARRAY_H */
