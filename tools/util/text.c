// SPDX-License-Identifier: GPL-2.0
/*
 * Pieces of text for people.
 * Copyright (C) the l2packet_counter authors
 */
#define _GNU_SOURCE	/* stpcpy, wcwidth */
#include <inttypes.h>
#include <langinfo.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "util/text.h"

/* UTF-8 of U+2026, three dots in one column. */
#define ELLIPSIS "\xe2\x80\xa6"

const char *text_span(uint64_t ns, char buffer[TEXT_SIZE])
{
	unsigned long long s = ns / SECOND, tenths = ns % SECOND / (SECOND / 10);

	if (s < 10)
		snprintf(buffer, TEXT_SIZE, "%llu.%llus", s, tenths);
	else if (s < 60)
		snprintf(buffer, TEXT_SIZE, "%llus", s);
	else if (s < 3600)
		snprintf(buffer, TEXT_SIZE, "%llum%02llus", s / 60, s % 60);
	else if (s < 86400)
		snprintf(buffer, TEXT_SIZE, "%lluh%02llum", s / 3600, s / 60 % 60);
	else
		snprintf(buffer, TEXT_SIZE, "%llud%02lluh", s / 86400, s / 3600 % 24);
	return buffer;
}

const char *text_number(uint64_t value, char buffer[TEXT_SIZE])
{
	static const char pairs[] =
		"00010203040506070809101112131415161718192021222324252627282930313233343536373839"
		"40414243444546474849505152535455565758596061626364656667686970717273747576777879"
		"8081828384858687888990919293949596979899";
	char *p = buffer + TEXT_SIZE - 1;
	unsigned int rest;

	/* Four digits at a time, and then two: l2pc -j show is mostly divisions. */
	*p = 0;
	for (; value >= 10000; value /= 10000) {
		rest = (unsigned int)(value % 10000);
		memcpy(p -= 2, &pairs[2 * (rest % 100)], 2);
		memcpy(p -= 2, &pairs[2 * (rest / 100)], 2);
	}
	rest = (unsigned int)value;
	if (rest >= 100) {
		memcpy(p -= 2, &pairs[2 * (rest % 100)], 2);
		rest /= 100;
	}
	if (rest >= 10)
		memcpy(p -= 2, &pairs[2 * rest], 2);
	else
		*--p = (char)('0' + rest);
	return p;
}

const char *text_human(double value, char buffer[TEXT_SIZE])
{
	static const char units[] = "\0kMGTPE";
	size_t unit = 0;

	/* 999.95 would be shown as 1000.0: it has the next unit already. */
	while (value >= (unit ? 999.95 : 999.5) && unit < sizeof(units) - 2) {
		value /= 1000;
		unit++;
	}
	if (!unit && value == (double)(uint64_t)value)
		snprintf(buffer, TEXT_SIZE, "%.0f", value);
	else
		snprintf(buffer, TEXT_SIZE, value < 99.95 ? "%.1f%c" : "%.0f%c", value,
			 units[unit]);
	return buffer;
}

const char *text_rate(double value, uint64_t ns, bool human, char buffer[TEXT_SIZE])
{
	uint64_t tenths;
	double rate;

	if (!ns)
		return strcpy(buffer, "-");
	rate = value * (double)SECOND / (double)ns;
	/* What no network has, and no number of 64 bits holds, has a unit in any case. */
	if ((human && rate >= 999.5) || rate >= 1e18)
		return text_human(rate, buffer);
	/* What is not 0 does not look like it. */
	if (rate > 0 && rate < 0.05)
		return strcpy(buffer, "<0.1");
	if (rate >= 99.95)
		return text_number((uint64_t)(rate + 0.5), buffer);
	tenths = (uint64_t)(rate * 10 + 0.5);
	snprintf(buffer, TEXT_SIZE, "%" PRIu64 ".%" PRIu64, tenths / 10, tenths % 10);
	return buffer;
}

char *text_mac(const uint8_t mac[6], char buffer[MAC_SIZE])
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < 6; i++) {
		buffer[3 * i] = digits[mac[i] >> 4];
		buffer[3 * i + 1] = digits[mac[i] & 15];
		buffer[3 * i + 2] = i < 5 ? ':' : 0;
	}
	return buffer;
}

bool text_utf8(void)
{
	static int known = -1;

	if (known < 0) {
		setlocale(LC_CTYPE, "");
		known = !strcmp(nl_langinfo(CODESET), "UTF-8");
	}
	return known;
}

/* What changes the direction of a line would show its numbers the other way round. */
static bool is_bidi_control(wchar_t wide)
{
	return wide == 0x61c || wide == 0x200e || wide == 0x200f ||
	       (wide >= 0x202a && wide <= 0x202e) || (wide >= 0x2066 && wide <= 0x2069);
}

/* Measure the character at @text. @columns: -1 for one that must not be shown. Return: its bytes */
static size_t measure_character(const char *text, int *columns)
{
	mbstate_t state = { 0 };
	wchar_t wide;
	size_t bytes;

	/* Most are ASCII, and mbrtowc() takes 100 instructions. */
	if (*text >= 0x20 && *text <= 0x7e) {
		*columns = 1;
		return 1;
	}
	bytes = mbrtowc(&wide, text, MB_CUR_MAX, &state);
	*columns = -1;
	if (bytes > MB_CUR_MAX)
		return 1;
	if (!is_bidi_control(wide))
		*columns = wcwidth(wide);
	return bytes;
}

const char *text_plain(const char *text, bool ascii, char *buffer, size_t size)
{
	size_t used = 0, bytes;

	ascii |= !text_utf8();
	for (; *text; text += bytes) {
		int columns = *text >= 0x20 && *text <= 0x7e ? 1 : -1;

		bytes = ascii ? 1 : measure_character(text, &columns);
		if (used + bytes >= size)
			break;
		if (columns < 0) {
			buffer[used++] = '?';
		} else {
			memmove(buffer + used, text, bytes);
			used += bytes;
		}
	}
	buffer[used] = 0;
	return buffer;
}

/* Bytes of @text that fit into @columns. @taken: columns that those bytes take */
static size_t measure_text(const char *text, int columns, int *taken)
{
	const char *p = text;
	size_t bytes;
	int width;

	for (*taken = 0; *p; p += bytes, *taken += width) {
		bytes = measure_character(p, &width);
		width = width < 0 ? 1 : width;
		if (*taken + width > columns)
			break;
	}
	return (size_t)(p - text);
}

int text_width(const char *text)
{
	int taken;

	measure_text(text, INT32_MAX, &taken);
	return taken;
}

int text_fit(char *text, size_t room, int columns)
{
	size_t size;
	int taken;

	size = measure_text(text, columns, &taken);
	if (!text[size])
		return taken;
	size = measure_text(text, columns - 1, &taken);
	if (text_utf8() && room - size > strlen(ELLIPSIS))
		strcpy(text + size, ELLIPSIS);
	else
		strcpy(text + size, "~");
	return taken + 1;
}

const char *text_shell(const char *word)
{
	static _Thread_local char buffer[256];
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@:+-";
	char *p = buffer;

	if (word[0] && !word[strspn(word, plain)]) {
		snprintf(buffer, sizeof(buffer), "%s", word);
		return buffer;
	}
	*p++ = '\'';
	for (; *word && p < buffer + sizeof(buffer) - 6; word++) {
		if (*word == '\'')
			p = stpcpy(p, "'\\''");
		else
			*p++ = *word;
	}
	strcpy(p, "'");
	return buffer;
}

void text_append(char *buffer, size_t size, const char *format, ...)
{
	size_t used = strlen(buffer);
	va_list args;

	va_start(args, format);
	vsnprintf(buffer + used, size - used, format, args);
	va_end(args);
}

void text_add(char *text, size_t size, const char *separator, const char *word)
{
	text_append(text, size, "%s%s", text[0] ? separator : "", word);
}
