/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Words for the values of an enum.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_WORDS_H
#define L2PC_TOOL_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct words - the names of an enum's values
 * @word: @count of them
 * @count: how many
 * @older: words that values had in the module 2.0, NULL where that is the same
 * @older_count: how many
 */
struct words {
	const char *const *word;
	size_t count;
	const char *const *older;
	size_t older_count;
};

/* A value with the meaning it had in the module 2.0: that value, and this. */
#define WORD_OLDER	(1 << 16)

/**
 * words_get() - the word for a value
 * @words: of this enum
 * @value: the value
 *
 * Return: the word; for a value newer than the tool the number, in a buffer
 * that the next call overwrites.
 */
const char *words_get(const struct words *words, uint64_t value);

/**
 * words_find() - the value of a word
 * @words: of this enum
 * @text: what was typed, with - or _
 *
 * Return: the value, at least WORD_OLDER for a word of the module 2.0, or -1 when it is
 * none of them.
 */
int words_find(const struct words *words, const char *text);

/**
 * words_older() - a value that a module 2.0 has sent
 * @words: of this enum
 * @value: the value as sent
 *
 * Return: the value, at least WORD_OLDER where its meaning has changed
 */
uint64_t words_older(const struct words *words, uint64_t value);

/**
 * word_same() - are two words the same, - and _ taken for one?
 * @a: one
 * @b: the other
 *
 * Module parameters have underscores, netlink and the command line have hyphens:
 * people type either.
 */
bool word_same(const char *a, const char *b);

#endif /* L2PC_TOOL_WORDS_H */
