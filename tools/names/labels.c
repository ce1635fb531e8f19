// SPDX-License-Identifier: GPL-2.0
/*
 * Labels: names by keys, in an array with an index.
 * Copyright (C) the l2packet_counter authors
 */
#include "names/labels.h"
#include "util/array.h"

static struct label *find_label(const struct labels *labels, uint64_t key)
{
	const struct index *index = &labels->index;

	for (uint32_t at = index_first(index, index_number(key, 0)); at; at = index_next(index, at)) {
		struct label *label = &labels->label[index_element(index, at)];

		if (label->key == key)
			return label;
	}
	return NULL;
}

void labels_put(struct labels *labels, uint64_t key, const char *name, bool replace)
{
	struct label *label = find_label(labels, key);

	if (label && !replace)
		return;
	if (label) {
		free(label->name);
	} else {
		label = list_add(labels, label);
		label->key = key;
		index_add(&labels->index, index_number(key, 0), labels->count - 1);
	}
	label->name = strdup(name);
	if (!label->name)
		out_of_memory();
}

const char *labels_find(const struct labels *labels, uint64_t key)
{
	const struct label *label = find_label(labels, key);

	return label ? label->name : NULL;
}

void labels_clear(struct labels *labels)
{
	for (size_t i = 0; i < labels->count; i++)
		free(labels->label[i].name);
	free(labels->label);
	index_free(&labels->index);
	*labels = (struct labels){ 0 };
}
