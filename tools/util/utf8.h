/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Characters in UTF-8 (RFC 3629).
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_UTF8_H
#define L2PC_TOOL_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/**
 * utf8_size() - measure a character of a text that ends with 0
 *
 * Return: 1 to 4; 0 where the text is not UTF-8, also for overlong forms, surrogates and
 * numbers beyond U+10FFFF
 */
size_t utf8_size(const unsigned char *s);

/**
 * utf8_is_escaped() - check whether a byte is to be written as \xHH
 *
 * Then the text becomes UTF-8, and no two texts become the same.
 *
 * Return: true for a byte that is not UTF-8, and for a backslash that would read as an escape
 */
bool utf8_is_escaped(const unsigned char *s);

#endif /* L2PC_TOOL_UTF8_H */
