// SPDX-License-Identifier: GPL-2.0
/*
 * Values that were typed.
 * Copyright (C) the l2packet_counter authors
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"
#include "util/errors.h"
#include "util/value.h"

#define SECOND	UINT64_C(1000000000)
#define CENTURY	(UINT64_C(100) * 365 * 86400)	/* in seconds */

static const char *const when_strings[] = { "auto", "always", "never" };
const struct enum_names when_names = { .name = when_strings, .count = ARRAY_SIZE(when_strings) };

int value_number(const char *name, const char *text, uint64_t min, uint64_t max, uint64_t *value)
{
	unsigned long long number;
	char *end;

	errno = 0;
	number = strtoull(text, &end, 10);
	/* strtoull() takes signs and spaces; here a number is digits. */
	if (text[0] < '0' || text[0] > '9' || *end || errno || number < min || number > max)
		return usage_error("%s \"%s\" is not a number from %" PRIu64 " to %" PRIu64, name,
				   text, min, max);
	*value = number;
	return STATUS_DONE;
}

static uint64_t unit_ns(char letter)
{
	switch (letter) {
	case 's':
		return SECOND;
	case 'm':
		return 60 * SECOND;
	case 'h':
		return 3600 * SECOND;
	case 'd':
		return 86400 * SECOND;
	case 'w':
		return 7 * 86400 * SECOND;
	default:
		return 0;
	}
}

/* One "5m", or a number of seconds that stands alone. Returns what follows it,
 * NULL when it is none.
 */
static const char *span_part(const char *text, bool alone, uint64_t *ns)
{
	uint64_t whole = 0, fraction = 0, scale = 1, unit;
	const char *p = text;

	for (; isdigit((unsigned char)*p); p++) {
		if (whole > CENTURY)
			return NULL;
		whole = 10 * whole + (uint64_t)(*p - '0');
	}
	if (p == text)
		return NULL;
	if (*p == '.') {
		const char *point = p++;

		for (; isdigit((unsigned char)*p) && scale < SECOND; p++) {
			fraction = 10 * fraction + (uint64_t)(*p - '0');
			scale *= 10;
		}
		if (p == point + 1)
			return NULL;
	}
	unit = *p || !alone ? unit_ns(*p) : SECOND;
	/* A hundred years are enough, and no sum of them overflows. */
	if (!unit || whole > CENTURY * SECOND / unit)
		return NULL;
	*ns += whole * unit + (uint64_t)((double)fraction / (double)scale * (double)unit);
	return *p ? p + 1 : p;
}

int value_span(const char *name, const char *text, uint64_t *ns)
{
	const char *p = text;

	*ns = 0;
	while (p && (*p || p == text) && *ns <= CENTURY * SECOND)
		p = span_part(p, p == text, ns);
	if (!p || *p || !*ns || *ns > CENTURY * SECOND)
		return usage_error("%s \"%s\" is no span of time; say 30s, 5m, 1h30m, 2d or 1w", name,
				   text);
	return STATUS_DONE;
}

int value_enum(const char *name, const char *text, const struct enum_names *names, uint64_t *value)
{
	int found = enum_value(names, text);
	char list[256];
	size_t size = 0;

	if (found >= 0) {
		*value = (uint64_t)found;
		return STATUS_DONE;
	}
	list[0] = 0;
	for (size_t i = 0; i < names->count && size < sizeof(list); i++)
		size += (size_t)snprintf(list + size, sizeof(list) - size, "%s%s", i ? ", " : "",
					 names->name[i]);
	return usage_error("%s \"%s\" is none of %s", name, text, list);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

/* Twelve digits in a row, or in three groups of four with dots. */
static size_t mac_digits(const char *text, uint8_t mac[6])
{
	const char *p = text;

	for (int i = 0; i < 12; i++, p++) {
		int value;

		if (*p == '.' && i && !(i % 4))
			p++;
		value = hex_digit(*p);
		if (value < 0)
			return 0;
		mac[i / 2] = (uint8_t)(i % 2 ? mac[i / 2] << 4 | value : value);
	}
	return hex_digit(*p) < 0 ? (size_t)(p - text) : 0;
}

size_t value_mac(const char *text, uint8_t mac[6])
{
	const char *p = text;

	for (int i = 0; i < 6; i++) {
		int high = hex_digit(*p), low;

		if (high < 0)
			return 0;
		low = hex_digit(*++p);
		mac[i] = (uint8_t)(low < 0 ? high : high << 4 | low);
		if (low >= 0)
			p++;
		if (i == 5)
			break;
		if (*p != ':' && *p != '-')
			return i ? 0 : mac_digits(text, mac);
		p++;
	}
	return hex_digit(*p) < 0 ? (size_t)(p - text) : 0;
}
