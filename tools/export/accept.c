// SPDX-License-Identifier: GPL-2.0
/*
 * Headers of clients: Accept and Accept-Encoding (RFC 9110), and the limit of a query.
 * Copyright (C) the l2packet_counter authors
 *
 * All of it comes from strangers. Nothing is copied, and what is invalid is ignored.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "export/export.h"

#define WHOLE	1000	/* q=1, in thousandths */

/* A piece of a header. */
struct piece {
	const char *text;
	size_t size;
};

/* One of the things that a client accepts. */
struct element {
	struct piece name;
	struct piece version;	/* empty: any */
	int quality;		/* in thousandths, -1 when invalid */
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

/* Cut off what is before @separator, outside quotes, without the spaces around it. */
static struct piece cut(struct piece *rest, char separator)
{
	struct piece first = *rest;
	bool quoted = false;
	size_t i;

	for (i = 0; i < rest->size && (quoted || rest->text[i] != separator); i++) {
		if (rest->text[i] == '"')
			quoted = !quoted;
		else if (rest->text[i] == '\\' && quoted && i + 1 < rest->size)
			i++;
	}
	first.size = i;
	i += i < rest->size;
	rest->text += i;
	rest->size -= i;
	for (; first.size && is_space(first.text[0]); first.size--)
		first.text++;
	while (first.size && is_space(first.text[first.size - 1]))
		first.size--;
	return first;
}

static bool is(struct piece piece, const char *word)
{
	return strlen(word) == piece.size && !strncasecmp(piece.text, word, piece.size);
}

/* Parse 0, 1, or up to three digits behind a point. */
static int parse_quality(struct piece piece)
{
	char text[sizeof("0.000")] = "";
	double value;

	if (!piece.size || piece.size >= sizeof(text) || (piece.size > 1 && piece.text[1] != '.'))
		return -1;
	memcpy(text, piece.text, piece.size);
	if (strspn(text, "0123456789.") != piece.size || strchr(text + (piece.size > 1 ? 2 : 0), '.'))
		return -1;
	value = strtod(text, NULL) * WHOLE;
	return value > WHOLE ? -1 : (int)(value + 0.5);
}

static bool next_element(struct piece *header, struct element *element)
{
	struct piece whole, parameter, name;

	if (!header->size)
		return false;
	whole = cut(header, ',');
	*element = (struct element){ .name = cut(&whole, ';'), .quality = WHOLE };
	while (whole.size) {
		parameter = cut(&whole, ';');
		name = cut(&parameter, '=');
		parameter = cut(&parameter, '\0');
		if (is(name, "q"))
			element->quality = parse_quality(parameter);
		else if (is(name, "version"))
			element->version = parameter;
	}
	if (element->version.size > 1 && element->version.text[0] == '"') {
		element->version.text++;
		element->version.size -= 2;
	}
	return true;
}

static struct piece piece_of(const char *header)
{
	return (struct piece){ header, header ? strlen(header) : 0 };
}

/* OpenMetrics has to be named: a browser's * means text. */
enum export_form export_form(const char *accept)
{
	int open = 0, plain = -1, text = -1, any = -1;
	struct piece header = piece_of(accept);
	struct element e;

	while (next_element(&header, &e)) {
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
	/* The most specific name counts. */
	if (plain < 0)
		plain = text;
	if (plain < 0)
		plain = any;
	return open > 0 && open >= plain ? FORM_OPENMETRICS : FORM_PROMETHEUS;
}

bool export_gzip(const char *accept)
{
	struct piece header = piece_of(accept);
	int gzip = -1, any = -1;
	struct element e;

	while (next_element(&header, &e)) {
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
	if (!*text || strspn(text, "0123456789") != strlen(text))
		return false;
	*limit = strtoull(text, NULL, 10);
	if (*limit > EXPORT_BUSIEST)
		*limit = EXPORT_BUSIEST;
	return true;
}
