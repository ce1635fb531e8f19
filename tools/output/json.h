/* SPDX-License-Identifier: GPL-2.0 */
/*
 * JSON, written as a stream: nothing is kept, however long it gets.
 * Copyright (C) the l2packet_counter authors
 *
 * A key is NULL where there is none: for the elements of an array, and for the
 * outermost value. What is written for each of 100,000 stations is inline, so that
 * the compiler knows how long a key is and where it goes.
 */
#ifndef L2PC_TOOL_JSON_H
#define L2PC_TOOL_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "util/text.h"

/* Room that a key with its value finds in the buffer, when it was asked for. */
#define JSON_ROOM	128

struct json {
	FILE *file;
	bool pretty;		/* one value a line, indented */
	unsigned int depth;	/* arrays and objects that are open */
	bool filled;		/* the innermost of them has a value */
	size_t used;		/* bytes of @buffer; 0 while nothing is open */
	char buffer[4096];
};

/* Start and end arrays and objects; @key is NULL for none. */
void json_open(struct json *json, const char *key, char bracket);
void json_close(struct json *json, char bracket);

/**
 * json_string() - write a text
 * @value: any bytes; those that are not UTF-8 become U+FFFD: names of interfaces may hold
 *	them and JSON may not
 */
void json_string(struct json *json, const char *key, const char *value);

/* For the inline ones below. */
void json_flush(struct json *json);
void json_line(struct json *json);

static inline void json_add(struct json *json, const char *text, size_t size)
{
	memcpy(json->buffer + json->used, text, size);
	json->used += size;
}

/* What stands before a value; then there is JSON_ROOM less the key. */
static inline void json_before(struct json *json, const char *key)
{
	if (json->used > sizeof(json->buffer) - 2 * JSON_ROOM)
		json_flush(json);
	if (json->filled)
		json->buffer[json->used++] = ',';
	if (json->pretty && json->depth)
		json_line(json);
	json->filled = true;
	if (!key)
		return;
	/* Keys are the tool's own: there is nothing in them to be escaped. */
	json->buffer[json->used++] = '"';
	json_add(json, key, strlen(key));
	json_add(json, "\":", 2);
	if (json->pretty)
		json->buffer[json->used++] = ' ';
}

/** json_u64() - a number, all 64 bits @json: writer @key: its key @value: it */
static inline void json_u64(struct json *json, const char *key, uint64_t value)
{
	char buffer[TEXT_SIZE];
	const char *digits = text_number(value, buffer);

	json_before(json, key);
	json_add(json, digits, text_size(digits, buffer));
}

/** json_true() - a true @json: writer @key: its key */
static inline void json_true(struct json *json, const char *key)
{
	json_before(json, key);
	json_add(json, "true", 4);
}

/* Write less than JSON_ROOM bytes without quotes, backslashes and control characters. */
static inline void json_plain(struct json *json, const char *key, const char *value, size_t size)
{
	json_before(json, key);
	json->buffer[json->used++] = '"';
	json_add(json, value, size);
	json->buffer[json->used++] = '"';
}

#endif /* L2PC_TOOL_JSON_H */
