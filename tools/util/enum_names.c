// SPDX-License-Identifier: GPL-2.0
/*
 * Words for the values of an enum.
 * Copyright (C) the l2packet_counter authors
 */
#include <inttypes.h>
#include <stdio.h>

#include "util/enum_names.h"

const char *enum_name(const struct enum_names *names, uint64_t value)
{
	static char number[24];

	if (value < names->count)
		return names->name[value];
	if (value >= ENUM_OLDER && value - ENUM_OLDER < names->older_count &&
	    names->older[value - ENUM_OLDER])
		return names->older[value - ENUM_OLDER];
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

int enum_value(const struct enum_names *names, const char *text)
{
	for (size_t i = 0; i < names->count; i++)
		if (enum_name_equal(names->name[i], text))
			return (int)i;
	for (size_t i = 0; i < names->older_count; i++)
		if (names->older[i] && enum_name_equal(names->older[i], text))
			return (int)(ENUM_OLDER + i);
	return -1;
}

uint64_t enum_value_older(const struct enum_names *names, uint64_t value)
{
	return value < names->older_count && names->older[value] ? ENUM_OLDER + value : value;
}
