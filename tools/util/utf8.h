/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is UTF-8, and what is not: names come from files, and may be anything.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_UTF8_H
#define L2PC_TOOL_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* What stands for a byte that is not UTF-8: U+FFFD. */
#define UTF8_REPLACEMENT	"\xef\xbf\xbd"

/**
 * utf8_size() - how many bytes the character at a place has
 * @s: the place, in a text that ends with 0
 *
 * Overlong forms, surrogates and what lies beyond U+10FFFF are no characters.
 *
 * Return: 1 to 4, or 0 when there is none
 */
size_t utf8_size(const unsigned char *s);

/**
 * utf8_shown() - can a terminal be sent the character at a place?
 * @s: the place
 * @size: of utf8_size()
 *
 * Not what is no character, and none that steers: those below U+0020, and U+007F to U+009F,
 * of which one begins the same as escape and [ do.
 */
bool utf8_shown(const unsigned char *s, size_t size);

#endif /* L2PC_TOOL_UTF8_H */
