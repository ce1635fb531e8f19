// SPDX-License-Identifier: GPL-2.0
/*
 * JSON, written as a stream.
 * Copyright (C) the l2packet_counter authors
 */
#define _GNU_SOURCE	/* fwrite_unlocked */
#include <string.h>

#include "json.h"
#include "text.h"

#define INDENT	4

static void line(struct json *json)
{
	if (json->pretty)
		fprintf(json->file, "\n%*s", (int)(INDENT * json->depth), "");
}

/*
 * How many bytes the UTF-8 character at @s has, 0 when it is not one. Overlong
 * forms, surrogates and what lies beyond U+10FFFF are none.
 */
static size_t utf8(const unsigned char *s)
{
	size_t size;

	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	size = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	for (size_t i = 1; i < size; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return size;
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static void quoted(struct json *json, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t plain = 0;

	putc_unlocked('"', json->file);
	/* Nearly all texts are plain from end to end. */
	while (is_plain(s[plain]))
		plain++;
	fwrite_unlocked(s, 1, plain, json->file);
	s += plain;
	while (*s) {
		size_t size = utf8(s);

		if (!size) {
			fputs("\\ufffd", json->file);
			size = 1;
		} else if (*s == '"' || *s == '\\') {
			fprintf(json->file, "\\%c", *s);
		} else if (*s < 0x20 || *s == 0x7f) {
			fprintf(json->file, "\\u%04x", *s);
		} else {
			fwrite(s, 1, size, json->file);
		}
		s += size;
	}
	putc_unlocked('"', json->file);
}

/* Everything that stands before a value. */
static void before(struct json *json, const char *key)
{
	if (json->filled)
		putc_unlocked(',', json->file);
	if (json->depth)
		line(json);
	json->filled = true;
	if (!key)
		return;
	quoted(json, key);
	putc_unlocked(':', json->file);
	if (json->pretty)
		putc_unlocked(' ', json->file);
}

static void open_with(struct json *json, const char *key, char bracket)
{
	before(json, key);
	putc_unlocked(bracket, json->file);
	json->depth++;
	json->filled = false;
}

static void close_with(struct json *json, char bracket)
{
	json->depth--;
	if (json->filled)
		line(json);
	putc_unlocked(bracket, json->file);
	/* The outermost value is complete: the next one stands for itself. */
	json->filled = json->depth;
	if (!json->depth)
		fputc('\n', json->file);
}

void json_array(struct json *json, const char *key)
{
	open_with(json, key, '[');
}

void json_array_end(struct json *json)
{
	close_with(json, ']');
}

void json_object(struct json *json, const char *key)
{
	open_with(json, key, '{');
}

void json_object_end(struct json *json)
{
	close_with(json, '}');
}

void json_u64(struct json *json, const char *key, uint64_t value)
{
	char buffer[TEXT_SIZE];
	const char *digits = text_number(value, buffer);

	before(json, key);
	fwrite_unlocked(digits, 1, (size_t)(buffer + TEXT_SIZE - 1 - digits), json->file);
}

void json_true(struct json *json, const char *key)
{
	before(json, key);
	fputs("true", json->file);
}

void json_string(struct json *json, const char *key, const char *value)
{
	before(json, key);
	quoted(json, value);
}
