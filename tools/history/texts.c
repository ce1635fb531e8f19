// SPDX-License-Identifier: GPL-2.0
/*
 * Names and vendors of stations, with an index by text and one by id.
 * Copyright (C) the l2packet_counter authors
 */
#include "history/texts.h"
#include "util/array.h"

static void add(struct texts *texts, int64_t id, const char *value)
{
	struct text *text = list_add(texts, text);

	text->id = id;
	text->text = strdup(value);
	if (!text->text)
		out_of_memory();
	index_add(&texts->index, index_text(value), texts->count - 1);
	index_add(&texts->ids, index_number((uint64_t)id, 0), texts->count - 1);
}

void texts_load(struct history *history, struct texts *texts)
{
	sqlite3_stmt *stmt = sql(history, "SELECT id, text FROM text", 0);

	while (sql_row(history, stmt)) {
		const char *text = (const char *)sqlite3_column_text(stmt, 1);

		if (text)
			add(texts, sqlite3_column_int64(stmt, 0), text);
	}
}

void texts_free(struct texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		free(texts->text[i].text);
	free(texts->text);
	index_free(&texts->index);
	index_free(&texts->ids);
	*texts = (struct texts){ 0 };
}

uint32_t texts_id(struct history *history, struct texts *texts, const char *text)
{
	sqlite3_stmt *stmt;

	if (!text)
		return 0;
	for (uint32_t at = index_first(&texts->index, index_text(text)); at;
	     at = index_next(&texts->index, at)) {
		const struct text *known = &texts->text[index_element(&texts->index, at)];

		if (!strcmp(known->text, text))
			return (uint32_t)known->id;
	}
	stmt = sql(history, "INSERT INTO text(text) VALUES(?1)", 0);
	sql_text(stmt, 1, text);
	sql_run(history, stmt);
	add(texts, sqlite3_last_insert_rowid(history->db), text);
	return (uint32_t)texts->text[texts->count - 1].id;
}

const char *texts_find(const struct texts *texts, uint32_t id)
{
	uint32_t at = index_first(&texts->ids, index_number(id, 0));

	while (at && texts->text[index_element(&texts->ids, at)].id != id)
		at = index_next(&texts->ids, at);
	return at ? texts->text[index_element(&texts->ids, at)].text : NULL;
}
