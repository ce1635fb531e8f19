// SPDX-License-Identifier: GPL-2.0
/*
 * Pieces of text for people.
 * Copyright (C) the l2packet_counter authors
 */
#define _GNU_SOURCE	/* wcwidth */
#include <inttypes.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "util/text.h"

/* UTF-8 of U+2026, three dots in one column. */
#define ELLIPSIS "\xe2\x80\xa6"

const char *text_span(uint64_t ns, char buffer[TEXT_SIZE])
{
	uint64_t s = ns / SECOND;

	if (s < 10)
		snprintf(buffer, TEXT_SIZE, "%" PRIu64 ".%" PRIu64 "s", s,
			 ns % SECOND / (SECOND / 10));
	else if (s < 60)
		snprintf(buffer, TEXT_SIZE, "%" PRIu64 "s", s);
	else if (s < 3600)
		snprintf(buffer, TEXT_SIZE, "%" PRIu64 "m%02" PRIu64 "s", s / 60, s % 60);
	else if (s < 86400)
		snprintf(buffer, TEXT_SIZE, "%" PRIu64 "h%02" PRIu64 "m", s / 3600, s / 60 % 60);
	else
		snprintf(buffer, TEXT_SIZE, "%" PRIu64 "d%02" PRIu64 "h", s / 86400,
			 s / 3600 % 24);
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

	/* Four digits at a time, and then two: dividing is what takes long. */
	*p = 0;
	for (; value >= 10000; value /= 10000) {
		unsigned int four = (unsigned int)(value % 10000);

		memcpy(p -= 2, &pairs[2 * (four % 100)], 2);
		memcpy(p -= 2, &pairs[2 * (four / 100)], 2);
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

/* 12 as "1.2": printf() of what is no whole number takes ten times as long. */
static const char *text_tenths(uint64_t tenths, char buffer[TEXT_SIZE])
{
	char *p = buffer + TEXT_SIZE - 1;

	*p = 0;
	*--p = (char)('0' + tenths % 10);
	*--p = '.';
	tenths /= 10;
	do
		*--p = (char)('0' + tenths % 10);
	while (tenths /= 10);
	return p;
}

const char *text_rate(double value, uint64_t ns, bool human, char buffer[TEXT_SIZE])
{
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
	return text_tenths((uint64_t)(rate * 10 + 0.5), buffer);
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

const char *text_plain(const char *text, bool ascii, char *buffer, size_t size)
{
	mbstate_t state = { 0 };
	size_t used = 0;

	ascii |= !text_utf8();
	while (*text) {
		wchar_t wide = (unsigned char)*text;
		bool shown = wide >= 0x20 && wide <= 0x7e;
		size_t bytes = 1;

		if (!ascii) {
			bytes = mbrtowc(&wide, text, strlen(text), &state);
			if (bytes > 8) {
				memset(&state, 0, sizeof(state));
				bytes = 1;
				shown = false;
			} else {
				/* What stands above another one has no width. */
				shown = wcwidth(wide) >= 0 && !is_bidi_control(wide);
			}
		}
		if (used + bytes >= size)
			break;
		if (!shown)
			buffer[used++] = '?';
		else
			for (size_t i = 0; i < bytes; i++)
				buffer[used++] = text[i];
		text += bytes;
	}
	buffer[used] = 0;
	return buffer;
}

/* Bytes of @text that fit into @columns, and how many of those they take. */
static size_t measure_text(const char *text, int columns, int *taken)
{
	mbstate_t state = { 0 };
	const char *p = text;

	*taken = 0;
	while (*p) {
		wchar_t wide = 0;
		size_t bytes = mbrtowc(&wide, p, strlen(p), &state);
		int width = 1;

		if (bytes > 8) {
			memset(&state, 0, sizeof(state));
			bytes = 1;
		} else if (wcwidth(wide) >= 0) {
			width = wcwidth(wide);
		}
		if (*taken + width > columns)
			break;
		*taken += width;
		p += bytes;
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

const char *text_shell(const char *word, char buffer[SHELL_SIZE])
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@:+-";
	size_t size = 0;

	if (word[0] && word[strspn(word, plain)] == 0) {
		snprintf(buffer, SHELL_SIZE, "%s", word);
		return buffer;
	}
	buffer[size++] = '\'';
	for (; *word && size < SHELL_SIZE - 6; word++) {
		if (*word == '\'') {
			memcpy(buffer + size, "'\\''", 4);
			size += 4;
		} else {
			buffer[size++] = *word;
		}
	}
	buffer[size++] = '\'';
	buffer[size] = 0;
	return buffer;
}

const char *text_plural(uint64_t count, const char *one)
{
	static char word[2][24];
	static int turn;

	if (count == 1)
		return one;
	turn = !turn;
	snprintf(word[turn], sizeof(word[turn]), "%ss", one);
	return word[turn];
}
