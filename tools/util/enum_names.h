/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names of the values of an enum.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_ENUM_NAMES_H
#define L2PC_TOOL_ENUM_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/array.h"

/* A value whose meaning has changed since the module 2.0: that value plus this. */
#define ENUM_OLDER	64

/**
 * struct enum_names - the names of an enum's values
 * @name: by value; NULL where there is no such value
 * @count: size of @name
 */
struct enum_names {
	const char *const *name;
	size_t count;
};

#define ENUM_NAMES(strings)	{ .name = (strings), .count = ARRAY_SIZE(strings) }

/**
 * enum_name() - name a value
 * @names: of this enum
 * @value: the value
 *
 * Return: the name; for a value newer than the tool the number, in a buffer
 * that the next call overwrites.
 */
const char *enum_name(const struct enum_names *names, uint64_t value);

/** enum_list() - append all names to the list @text of @size bytes */
void enum_list(const struct enum_names *names, const char *separator, char *text, size_t size);

/**
 * enum_value() - find the value of a name
 * @names: of this enum
 * @text: the name, with - or _
 *
 * Return: the value, at least ENUM_OLDER for a name of the module 2.0, or -1 when it is
 * none of them.
 */
int enum_value(const struct enum_names *names, const char *text);

/** enum_value_older() - convert @value as the module 2.0 sent it @names: of this enum */
uint64_t enum_value_older(const struct enum_names *names, uint64_t value);

/**
 * enum_name_equal() - compare two names, - and _ taken for one
 * @a: a name
 * @b: a name
 *
 * Module parameters have underscores, netlink and the command line have hyphens.
 */
bool enum_name_equal(const char *a, const char *b);

#endif /* L2PC_TOOL_ENUM_NAMES_H */
