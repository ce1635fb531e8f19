/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names and vendors of stations in the database, each stored once.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_TEXTS_H
#define L2PC_TOOL_TEXTS_H

#include "history/database.h"
#include "util/index.h"

/* All zero before texts_load(). */
struct texts {
	struct text {
		int64_t id;
		char *text;
	} *text;
	size_t count, room;
	struct index index;	/* by text */
	struct index ids;
};

/** texts_load() - read all texts */
void texts_load(struct history *history, struct texts *texts);

/** texts_free() - free all */
void texts_free(struct texts *texts);

/** texts_id() - the id of a text, which is added where it is new; 0 for NULL */
uint32_t texts_id(struct history *history, struct texts *texts, const char *text);

/** texts_find() - the text of an id, or NULL */
const char *texts_find(const struct texts *texts, uint32_t id);

#endif /* L2PC_TOOL_TEXTS_H */
