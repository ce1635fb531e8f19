// SPDX-License-Identifier: GPL-2.0
/*
 * Which form a client wants: Accept and Accept-Encoding (RFC 9110), and the limit
 * of a query.
 * Copyright (C) the l2packet_counter authors
 *
 * All of it is typed by strangers. Nothing is copied, nothing is kept, and what
 * makes no sense is as if it were not there.
 */
#include <string.h>
#include <strings.h>

#include "export/export.h"

#define WHOLE	1000	/* q=1, in thousandths */

/* A piece of a header. */
struct piece {
	const char *text;
	size_t size;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

static struct piece trimmed(const char *text, size_t size)
{
	while (size && is_space(*text)) {
		text++;
		size--;
	}
	while (size && is_space(text[size - 1]))
		size--;
	return (struct piece){ text, size };
}

/* Up to @separator or the end, but not within quotes. *text goes behind it. */
static struct piece next(const char **text, const char *end, char separator)
{
	const char *begin = *text, *at = begin;
	bool quoted = false;

	for (; at < end && (quoted || *at != separator); at++) {
		if (*at == '"')
			quoted = !quoted;
		else if (*at == '\\' && quoted && at + 1 < end)
			at++;
	}
	*text = at < end ? at + 1 : end;
	return trimmed(begin, (size_t)(at - begin));
}

static bool is(struct piece piece, const char *word)
{
	return strlen(word) == piece.size && !strncasecmp(piece.text, word, piece.size);
}

/* "0.25" in thousandths, -1 when it is none. */
static int quality(struct piece piece)
{
	int value, scale = 100;

	if (!piece.size || (piece.text[0] != '0' && piece.text[0] != '1'))
		return -1;
	value = (piece.text[0] - '0') * WHOLE;
	if (piece.size > 1 && piece.text[1] != '.')
		return -1;
	for (size_t i = 2; i < piece.size; i++, scale /= 10) {
		if (piece.text[i] < '0' || piece.text[i] > '9' || i > 4)
			return -1;
		value += (piece.text[i] - '0') * scale;
	}
	return value > WHOLE ? -1 : value;
}

/**
 * struct element - one of the things that a client takes
 * @name: what
 * @version: its version, empty when none was asked for
 * @quality: how gladly, in thousandths
 */
struct element {
	struct piece name;
	struct piece version;
	int quality;
};

/* The next one of a header; false at the end. */
static bool element(const char **text, struct element *element)
{
	const char *end = *text + strlen(*text), *at = *text;
	struct piece whole;

	if (at == end)
		return false;
	whole = next(text, end, ',');
	at = whole.text;
	end = at + whole.size;
	*element = (struct element){ .name = next(&at, end, ';'), .quality = WHOLE };
	while (at < end) {
		struct piece parameter = next(&at, end, ';'), name, value;
		const char *p = parameter.text;

		name = next(&p, parameter.text + parameter.size, '=');
		value = trimmed(p, (size_t)(parameter.text + parameter.size - p));
		if (is(name, "q"))
			element->quality = quality(value);
		else if (is(name, "version"))
			element->version = value;
	}
	if (element->version.size > 1 && element->version.text[0] == '"') {
		element->version.text++;
		element->version.size -= 2;
	}
	return true;
}

/* OpenMetrics has to be named: * is a browser's, and means text. */
enum export_form export_form(const char *accept)
{
	int open = 0, plain = -1, text = -1, any = -1;
	struct element e;

	while (accept && element(&accept, &e)) {
		if (e.quality < 0)
			continue;
		if (is(e.name, "application/openmetrics-text")) {
			if ((!e.version.size || is(e.version, "1.0.0") || is(e.version, "0.0.1")) &&
			    e.quality > open)
				open = e.quality;
		} else if (is(e.name, "text/plain")) {
			if ((!e.version.size || is(e.version, "0.0.4")) && e.quality > plain)
				plain = e.quality;
		} else if (is(e.name, "text/*")) {
			text = e.quality;
		} else if (is(e.name, "*/*")) {
			any = e.quality;
		}
	}
	/* What says most exactly what is meant holds. */
	if (plain < 0)
		plain = text;
	if (plain < 0)
		plain = any;
	return open > 0 && open >= plain ? FORM_OPENMETRICS : FORM_PROMETHEUS;
}

bool export_gzip(const char *accept)
{
	int gzip = -1, any = -1;
	struct element e;

	while (accept && element(&accept, &e)) {
		if (e.quality < 0)
			continue;
		if (is(e.name, "gzip") || is(e.name, "x-gzip"))
			gzip = e.quality;
		else if (is(e.name, "*"))
			any = e.quality;
	}
	return gzip > 0 || (gzip < 0 && any > 0);
}

bool export_limit(const char *text, size_t *limit)
{
	size_t number = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		number = 10 * number + (size_t)(*text - '0');
		if (number > EXPORT_BUSIEST)
			number = EXPORT_BUSIEST;
	}
	*limit = number;
	return true;
}
