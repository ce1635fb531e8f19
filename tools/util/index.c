// SPDX-License-Identifier: GPL-2.0
/*
 * Index of an array: its elements by hashes of their keys, chained.
 * Copyright (C) the l2packet_counter authors
 */
#include "util/array.h"
#include "util/index.h"

#define BITS_MIN	8

uint32_t index_text(const char *text)
{
	uint64_t sum = UINT64_C(0xcbf29ce484222325);

	for (; *text; text++)
		sum = (sum ^ (uint8_t)*text) * UINT64_C(0x100000001b3);
	return index_number(sum, 0);
}

static void entry_link(struct index *index, size_t number)
{
	struct index_entry *entry = &index->entry[number];
	uint32_t *head = &index->head[entry->hash >> (32 - index->bits)];

	entry->next = *head;
	*head = (uint32_t)number + 1;
}

/* Double the chains, in the same order. */
static void index_grow(struct index *index)
{
	index->bits = index->bits ? index->bits + 1 : BITS_MIN;
	free(index->head);
	index->head = calloc((size_t)1 << index->bits, sizeof(*index->head));
	if (!index->head)
		out_of_memory();
	for (size_t i = 0; i < index->count; i++)
		entry_link(index, i);
}

void index_add(struct index *index, uint32_t hash, size_t element)
{
	if (!index->head || index->count >> index->bits)
		index_grow(index);
	index->entry = array_grow(index->entry, &index->room, index->count, sizeof(*index->entry));
	index->entry[index->count] = (struct index_entry){ 0, hash, (uint32_t)element };
	entry_link(index, index->count++);
}

void index_clear(struct index *index)
{
	if (index->head)
		memset(index->head, 0, sizeof(*index->head) << index->bits);
	index->count = 0;
}

void index_free(struct index *index)
{
	free(index->head);
	free(index->entry);
	*index = (struct index){ 0 };
}
