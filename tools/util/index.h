/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Index of an array: its elements by hashes of their keys, chained.
 * Copyright (C) the l2packet_counter authors
 *
 * Keys may be equal, and an element may have several. The caller compares keys: elements
 * of another key may have the same hash.
 *
 *	for (at = index_first(index, hash); at; at = index_next(index, at))
 *		if (key of index_element(index, at) is the one) ...
 */
#ifndef L2PC_TOOL_INDEX_H
#define L2PC_TOOL_INDEX_H

#include <stddef.h>
#include <stdint.h>

struct index_entry {
	uint32_t next; /* entry of the chain, plus one; 0 at its end */
	uint32_t hash;
	uint32_t element;
};

/* All zero is an index without elements. */
struct index {
	uint32_t *head; /* by hash: the first entry of the chain, plus one */
	unsigned int bits;
	struct index_entry *entry;
	size_t count, room;
};

/** index_text() - hash a text */
uint32_t index_text(const char *text);

/** index_number() - hash a number; @kind keeps numbers of several kinds apart */
static inline uint32_t index_number(uint64_t number, unsigned int kind)
{
	return (uint32_t)((number ^ (uint64_t)kind << 56) * UINT64_C(0x9e3779b97f4a7c15) >> 32);
}

/** index_add() - add an element; it comes before others of its hash */
void index_add(struct index *index, uint32_t hash, size_t element);

/** index_clear() - forget all elements, and keep the memory */
void index_clear(struct index *index);

/** index_free() - forget all elements, and free the memory */
void index_free(struct index *index);

/* Find the first entry of a hash from one in its chain on. Return: it plus one, or 0. */
static inline uint32_t index_skip(const struct index *index, uint32_t hash, uint32_t at)
{
	while (at && index->entry[at - 1].hash != hash)
		at = index->entry[at - 1].next;
	return at;
}

/** index_first() - find the first element of a hash. Return: its place, 0 for none */
static inline uint32_t index_first(const struct index *index, uint32_t hash)
{
	return index->head ? index_skip(index, hash, index->head[hash >> (32 - index->bits)]) : 0;
}

/** index_next() - find the next element of the same hash. Return: its place, 0 for none */
static inline uint32_t index_next(const struct index *index, uint32_t at)
{
	return index_skip(index, index->entry[at - 1].hash, index->entry[at - 1].next);
}

/** index_element() - the element at a place */
static inline size_t index_element(const struct index *index, uint32_t at)
{
	return index->entry[at - 1].element;
}

#endif /* L2PC_TOOL_INDEX_H */
