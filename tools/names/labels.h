/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Labels: names by keys, in an array with an index.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_LABELS_H
#define L2PC_TOOL_LABELS_H

#include <stdbool.h>

#include "util/index.h"

struct label {
	uint64_t key;
	char *name;
};

/* All zero is a set without labels. */
struct labels {
	struct label *label;
	size_t count, room;
	struct index index;
};

/** labels_put() - add a copy of a name; one that the key has already stays, or is replaced */
void labels_put(struct labels *labels, uint64_t key, const char *name, bool replace);

/** labels_find() - find the name of a key, or return NULL */
const char *labels_find(const struct labels *labels, uint64_t key);

/** labels_clear() - remove all names */
void labels_clear(struct labels *labels);

#endif /* L2PC_TOOL_LABELS_H */
