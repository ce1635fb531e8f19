// SPDX-License-Identifier: GPL-2.0
/*
 * Names of the values of an enum.
 * Copyright (C) the l2packet_counter authors
 */
#include <inttypes.h>
#include <stdio.h>

#include "util/enum_names.h"
#include "util/text.h"

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
