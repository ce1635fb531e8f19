// SPDX-License-Identifier: GPL-2.0
/*
 * JSON, written as a stream.
 * Copyright (C) the l2packet_counter authors
 */
#include "output/json.h"
#include "util/utf8.h"

#define INDENT	4

void json_flush(struct json *json)
{
	fwrite(json->buffer, 1, json->used, json->file);
	json->used = 0;
}

static void add_char(struct json *json, char c)
{
	if (json->used == sizeof(json->buffer))
		json_flush(json);
	json->buffer[json->used++] = c;
}

static void add(struct json *json, const char *text, size_t size)
{
	if (size > sizeof(json->buffer) - json->used)
		json_flush(json);
	if (size > sizeof(json->buffer))
		fwrite(text, 1, size, json->file);
	else
		json_add(json, text, size);
}

void json_line(struct json *json)
{
	add_char(json, '\n');
	for (unsigned int i = 0; i < INDENT * json->depth; i++)
		add_char(json, ' ');
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static void quoted(struct json *json, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t plain = 0;
	char escape[8];

	add_char(json, '"');
	/* Nearly all texts are plain from end to end. */
	while (is_plain(s[plain]))
		plain++;
	add(json, text, plain);
	s += plain;
	while (*s) {
		size_t size = utf8_size(s);

		if (utf8_is_escaped(s)) {
			snprintf(escape, sizeof(escape), "\\\\x%02x", *s);
			add(json, escape, 5);
			size = 1;
		} else if (*s == '"' || *s == '\\') {
			add_char(json, '\\');
			add_char(json, (char)*s);
		} else if (*s < 0x20 || *s == 0x7f) {
			snprintf(escape, sizeof(escape), "\\u%04x", *s);
			add(json, escape, 6);
		} else {
			add(json, (const char *)s, size);
		}
		s += size;
	}
	add_char(json, '"');
}

void json_open(struct json *json, const char *key, char bracket)
{
	json_before(json, key);
	add_char(json, bracket);
	json->depth++;
	json->filled = false;
}

void json_close(struct json *json, char bracket)
{
	json->depth--;
	if (json->filled && json->pretty)
		json_line(json);
	add_char(json, bracket);
	/* The outermost value is complete: the next one stands for itself. */
	json->filled = json->depth;
	if (!json->depth) {
		add_char(json, '\n');
		json_flush(json);
	}
}

void json_string(struct json *json, const char *key, const char *value)
{
	json_before(json, key);
	quoted(json, value);
}
