/* SPDX-License-Identifier: GPL-2.0 */
/*
 * JSON, written as a stream: nothing is kept, however long it gets.
 * Copyright (C) the l2packet_counter authors
 *
 * A key is NULL where there is none: for the elements of an array, and for the
 * outermost value.
 */
#ifndef L2PC_TOOL_JSON_H
#define L2PC_TOOL_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/**
 * struct json - where the writing is
 * @file: where it goes
 * @pretty: one value a line, indented
 * @depth: arrays and objects that are open
 * @filled: the innermost of them has a value already
 * @used: bytes of @buffer
 * @buffer: what was not handed to @file yet; empty while nothing is open
 */
struct json {
	FILE *file;
	bool pretty;
	unsigned int depth;
	bool filled;
	size_t used;
	char buffer[4096];
};

/** json_array() - begin an array @json: writer @key: its key, or NULL */
void json_array(struct json *json, const char *key);

/** json_array_end() - end it @json: writer */
void json_array_end(struct json *json);

/** json_object() - begin an object @json: writer @key: its key, or NULL */
void json_object(struct json *json, const char *key);

/** json_object_end() - end it @json: writer */
void json_object_end(struct json *json);

/** json_u64() - a number, all 64 bits @json: writer @key: its key @value: it */
void json_u64(struct json *json, const char *key, uint64_t value);

/** json_true() - a true @json: writer @key: its key */
void json_true(struct json *json, const char *key);

/** json_plain() - a text without quotes, backslashes and control characters */
void json_plain(struct json *json, const char *key, const char *value);

/**
 * json_string() - a text
 * @json: writer
 * @key: its key, or NULL
 * @value: any bytes; those that are not UTF-8 are replaced by U+FFFD, because an
 *	interface's name may hold them and JSON may not
 */
void json_string(struct json *json, const char *key, const char *value);

#endif /* L2PC_TOOL_JSON_H */
