// SPDX-License-Identifier: GPL-2.0
/*
 * Words for the values of an enum.
 * Copyright (C) the l2packet_counter authors
 */
#include <inttypes.h>
#include <stdio.h>

#include "util/words.h"

const char *words_get(const struct words *words, uint64_t value)
{
	static char number[24];

	if (value < words->count)
		return words->word[value];
	if (value >= WORD_OLDER && value - WORD_OLDER < words->older_count &&
	    words->older[value - WORD_OLDER])
		return words->older[value - WORD_OLDER];
	snprintf(number, sizeof(number), "%" PRIu64, value);
	return number;
}

bool word_same(const char *a, const char *b)
{
	for (; *a && *b; a++, b++)
		if ((*a == '_' ? '-' : *a) != (*b == '_' ? '-' : *b))
			return false;
	return *a == *b;
}

int words_find(const struct words *words, const char *text)
{
	for (size_t i = 0; i < words->count; i++)
		if (word_same(words->word[i], text))
			return (int)i;
	for (size_t i = 0; i < words->older_count; i++)
		if (words->older[i] && word_same(words->older[i], text))
			return (int)(WORD_OLDER + i);
	return -1;
}

uint64_t words_older(const struct words *words, uint64_t value)
{
	return value < words->older_count && words->older[value] ? WORD_OLDER + value : value;
}
