/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pieces of text for people: spans of time, numbers, names that fit; UTF-8.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_TEXT_H
#define L2PC_TOOL_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "util/array.h"

#define SECOND		UINT64_C(1000000000)

/* Room for each of the pieces, and for an address. */
#define TEXT_SIZE	32
#define MAC_SIZE	sizeof("00:00:00:00:00:00")

/* Texts of spans, numbers and rates end where the buffer ends. */

/** text_span() - format nanoseconds: "0.5s", "14s", "5m01s", "2h05m", "3d04h" */
const char *text_span(uint64_t ns, char buffer[TEXT_SIZE]);

/** text_number() - format all digits */
const char *text_number(uint64_t value, char buffer[TEXT_SIZE]);

/** text_human() - format three digits and a unit of thousands: "18.2k" */
const char *text_human(double value, char buffer[TEXT_SIZE]);

/** text_rate() - format how many a second; @ns is 0 where the time is not known */
const char *text_rate(double value, uint64_t ns, bool human, char buffer[TEXT_SIZE]);

/** text_size() - count the bytes of a text that one of the functions above has put into @buffer */
static inline size_t text_size(const char *text, const char buffer[TEXT_SIZE])
{
	return (size_t)(buffer + TEXT_SIZE - 1 - text);
}

/** text_mac() - format an address with colons and small letters */
char *text_mac(const uint8_t mac[6], char buffer[MAC_SIZE]);

/** text_mark() - count the bytes of a byte order mark at the start of a file's first line */
static inline size_t text_mark(const char *line)
{
	return (uint8_t)line[0] == 0xef && (uint8_t)line[1] == 0xbb && (uint8_t)line[2] == 0xbf ? 3 : 0;
}

/** text_plain() - replace by ? what steers a terminal, or is not @ascii. Return: @buffer */
const char *text_plain(const char *text, bool ascii, char *buffer, size_t size);

/** text_shell() - quote a word of at most 63 bytes for a shell. Return: a buffer of this thread */
const char *text_shell(const char *word);

/** text_width() - count the columns of a text from text_plain() */
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

/**
 * text_cell() - text_plain(), and text_fit() at @columns
 * @size: bytes of @buffer
 * @taken: columns that the text takes
 *
 * Return: bytes of the text in @buffer
 */
size_t text_cell(const char *text, int columns, char *buffer, size_t size, int *taken);

/** text_plural() - the end of a word behind a number */
static inline const char *text_plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

/** text_append() - printf() behind the text in a buffer of @size bytes */
void text_append(char *buffer, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** text_add() - append @word to the list @text of @size bytes, behind @separator */
void text_add(char *text, size_t size, const char *separator, const char *word);

/** text_utf8() - can UTF-8 be shown? Asks the locale once. */
bool text_utf8(void);

#endif /* L2PC_TOOL_TEXT_H */
