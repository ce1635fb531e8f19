/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pieces of text for people: spans of time, numbers, names that fit; UTF-8.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_TEXT_H
#define L2PC_TOOL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SECOND		UINT64_C(1000000000)

/* Room for each of the pieces, and for an address. */
#define TEXT_SIZE	32
#define MAC_SIZE	sizeof("00:00:00:00:00:00")

/** text_span() - "0.5s", "14s", "5m01s", "2h05m", "3d04h" @ns: nanoseconds */
const char *text_span(uint64_t ns, char buffer[TEXT_SIZE]);

/** text_number() - all digits @value: the number */
const char *text_number(uint64_t value, char buffer[TEXT_SIZE]);

/** text_human() - three digits and a unit of thousands: "18.2k" @value: the number */
const char *text_human(double value, char buffer[TEXT_SIZE]);

/**
 * text_rate() - how many a second
 * @value: the number
 * @ns: in this time; 0 when that is not known
 * @human: with a unit
 */
const char *text_rate(double value, uint64_t ns, bool human, char buffer[TEXT_SIZE]);

/** text_mac() - with colons, small letters @mac: six bytes */
char *text_mac(const uint8_t mac[6], char buffer[MAC_SIZE]);

/**
 * text_plain() - a name as it can be shown
 * @text: may hold what steers a terminal
 * @ascii: nothing but ASCII
 * @buffer: of @size bytes
 *
 * What is not printable is shown as ?. Return: @buffer.
 */
const char *text_plain(const char *text, bool ascii, char *buffer, size_t size);

/**
 * text_shell() - one word for a shell, whatever is in it
 * @word: at most 15 bytes
 *
 * Return: a buffer of this thread, quoted where it has to be.
 */
const char *text_shell(const char *word);

/** text_width() - columns that a text takes @text: from text_plain() */
int text_width(const char *text);

/**
 * text_fit() - cut a text at a number of columns, with a mark where it was cut
 * @text: in place
 * @room: bytes there
 * @columns: at least 1
 *
 * Return: columns that it takes now
 */
int text_fit(char *text, size_t room, int columns);

/** text_plural() - "s", or "" after a number that is 1 @count: the number */
static inline const char *text_plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

/** text_append() - printf() behind the text in a buffer @buffer: of @size bytes */
void text_append(char *buffer, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** text_add() - append @word to the list @text of @size bytes, behind @separator */
void text_add(char *text, size_t size, const char *separator, const char *word);

/** text_utf8() - can UTF-8 be shown? Asks the locale once. */
bool text_utf8(void);

/* Replaces a byte that is not UTF-8: U+FFFD. */
#define UTF8_REPLACEMENT	"\xef\xbf\xbd"

/**
 * utf8_size() - measure a character
 * @s: its place in a text that ends with 0
 *
 * Overlong forms, surrogates and numbers beyond U+10FFFF are not characters.
 *
 * Return: its 1 to 4 bytes, or 0 where the text is not UTF-8
 */
size_t utf8_size(const unsigned char *s);

#endif /* L2PC_TOOL_TEXT_H */
