/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Words for the values of an enum.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_ENUM_NAMES_H
#define L2PC_TOOL_ENUM_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct enum_names - the names of an enum's values
 * @name: @count of them
 * @count: how many
 * @older: words that values had in the module 2.0, NULL where that is the same
 * @older_count: how many
 */
struct enum_names {
	const char *const *name;
	size_t count;
	const char *const *older;
	size_t older_count;
};

/* A value with the meaning it had in the module 2.0: that value, and this. */
#define ENUM_OLDER (1 << 16)

/**
 * enum_name() - the word for a value
 * @names: of this enum
 * @value: the value
 *
 * Return: the word; for a value newer than the tool the number, in a buffer
 * that the next call overwrites.
 */
const char *enum_name(const struct enum_names *names, uint64_t value);

/**
 * enum_value() - the value of a word
 * @names: of this enum
 * @text: what was typed, with - or _
 *
 * Return: the value, at least ENUM_OLDER for a word of the module 2.0, or -1 when it is
 * none of them.
 */
int enum_value(const struct enum_names *names, const char *text);

/**
 * enum_value_older() - a value that a module 2.0 has sent
 * @names: of this enum
 * @value: the value as sent
 *
 * Return: the value, at least ENUM_OLDER where its meaning has changed
 */
uint64_t enum_value_older(const struct enum_names *names, uint64_t value);

/**
 * enum_name_equal() - are two words the same, - and _ taken for one?
 * @a: one
 * @b: the other
 *
 * Module parameters have underscores, netlink and the command line have hyphens:
 * people type either.
 */
bool enum_name_equal(const char *a, const char *b);

#endif /* L2PC_TOOL_ENUM_NAMES_H */
