// SPDX-License-Identifier: GPL-2.0
/*
 * Typed values, and names of the values of an enum.
 * Copyright (C) the l2packet_counter authors
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "util/text.h"
#include "util/value.h"

#define CENTURY	(100.0 * 365 * 86400)	/* in seconds */

static bool has_name(const struct enum_names *names, uint64_t value)
{
	return value < names->count && names->name[value];
}

const char *enum_name(const struct enum_names *names, uint64_t value)
{
	static char number[24];

	if (has_name(names, value))
		return names->name[value];
	snprintf(number, sizeof(number), "%" PRIu64, value);
	return number;
}

bool enum_name_equal(const char *a, const char *b)
{
	for (; *a && *b; a++, b++)
		if ((*a == '_' ? '-' : *a) != (*b == '_' ? '-' : *b))
			return false;
	return *a == *b;
}

void enum_list(const struct enum_names *names, const char *separator, char *text, size_t size)
{
	for (size_t i = 0; i < names->count && i < ENUM_OLDER && names->name[i]; i++)
		text_add(text, size, separator, names->name[i]);
}

int enum_value(const struct enum_names *names, const char *text)
{
	for (size_t i = 0; i < names->count; i++)
		if (has_name(names, i) && enum_name_equal(names->name[i], text))
			return (int)i;
	return -1;
}

uint64_t enum_value_older(const struct enum_names *names, uint64_t value)
{
	return has_name(names, value + ENUM_OLDER) ? value + ENUM_OLDER : value;
}

static const char *const when_strings[] = { "auto", "always", "never" };
const struct enum_names when_names = ENUM_NAMES(when_strings);

int value_number(const char *name, const char *text, uint64_t min, uint64_t max, uint64_t *value)
{
	unsigned long long number;
	char *end;

	errno = 0;
	number = strtoull(text, &end, 10);
	/* strtoull() takes signs and spaces; here a number is digits. */
	if (text[0] < '0' || text[0] > '9' || *end || errno || number < min || number > max)
		return usage_error("%s: invalid number \"%s\" (%" PRIu64 " to %" PRIu64 ")",
				   name, text, min, max);
	*value = number;
	return STATUS_DONE;
}

/* Add one "5m" to @ns. Return: the text behind it, or NULL. */
static const char *parse_span(const char *text, bool alone, double *ns)
{
	static const char letters[] = "smhdw";
	static const double units[] = { 1, 60, 3600, 86400, 7 * 86400 };
	size_t digits = strspn(text, "0123456789."), unit = 0;
	char *end;

	/* strtod() takes more than digits around one point. */
	if (!digits || text[0] == '.' || text[digits - 1] == '.')
		return NULL;
	if (text[digits] || !alone)
		unit = strcspn(letters, (char[]){ text[digits], 0 });
	if (unit >= ARRAY_SIZE(units))
		return NULL;
	*ns += strtod(text, &end) * units[unit] * SECOND;
	if (end != text + digits)
		return NULL;
	return *end ? end + 1 : end;
}

int value_span(const char *name, const char *text, uint64_t *ns)
{
	const char *p = text;
	double sum = 0;

	do
		p = parse_span(p, p == text, &sum);
	while (p && *p);
	/* A hundred years are enough. */
	if (!p || sum < 1 || sum > CENTURY * SECOND)
		return usage_error("%s: invalid duration \"%s\" (examples: 30s, 5m, 1h30m, 2d, 1w)",
				   name, text);
	*ns = (uint64_t)(sum + 0.5);
	return STATUS_DONE;
}

int value_enum(const char *name, const char *text, const struct enum_names *names, uint64_t *value)
{
	int found = enum_value(names, text);
	char list[256] = "";

	if (found >= 0) {
		*value = (uint64_t)found;
		return STATUS_DONE;
	}
	enum_list(names, ", ", list, sizeof(list));
	return usage_error("%s: invalid value \"%s\" (one of: %s)", name, text, list);
}

/* Return: the hexadecimal digits at @p, two at most. */
static int count_digits(const char *p)
{
	return isxdigit((unsigned char)p[0]) ? 1 + !!isxdigit((unsigned char)p[1]) : 0;
}

size_t value_mac(const char *text, uint8_t mac[6])
{
	int digits = count_digits(text);
	bool separated = digits && strchr(":-", text[digits]);
	const char *p = text;

	for (int i = 0; i < 6; i++) {
		digits = count_digits(p);
		if (digits < (separated ? 1 : 2))
			return 0;
		mac[i] = (uint8_t)strtoul((char[]){ p[0], digits > 1 ? p[1] : 0, 0 }, NULL, 16);
		p += digits;
		/* Without separators, there may be dots behind four digits and eight. */
		if (separated && i < 5 && *p != ':' && *p != '-')
			return 0;
		if (separated ? i < 5 : *p == '.' && (i == 1 || i == 3))
			p++;
	}
	return count_digits(p) ? 0 : (size_t)(p - text);
}

bool address_split(const char *address, char *host, size_t size, const char **port)
{
	const char *colon = strrchr(address, ':'), *begin = address, *end = colon;

	if (!colon)
		return false;
	if (*address == '[') {
		if (colon < address + 2 || colon[-1] != ']')
			return false;
		begin++;
		end--;
	} else if (memchr(address, ':', (size_t)(colon - address))) {
		return false;
	}
	if ((size_t)(end - begin) >= size || (begin != address && begin == end))
		return false;
	memcpy(host, begin, (size_t)(end - begin));
	host[end - begin] = 0;
	*port = colon + 1;
	return **port && !(*port)[strspn(*port, "0123456789")] &&
	       strtoul(*port, NULL, 10) <= 65535;
}

void address_text(const struct sockaddr *address, unsigned int length, char *text, size_t size)
{
	char host[NI_MAXHOST] = "", port[NI_MAXSERV] = "";

	getnameinfo(address, length, host, sizeof(host), port, sizeof(port),
		    NI_NUMERICHOST | NI_NUMERICSERV);
	snprintf(text, size, strchr(host, ':') ? "[%s]:%s" : "%s:%s", host, port);
}
