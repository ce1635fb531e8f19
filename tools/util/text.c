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

static const char pairs[] =
	"00010203040506070809101112131415161718192021222324252627282930313233343536373839"
	"40414243444546474849505152535455565758596061626364656667686970717273747576777879"
	"8081828384858687888990919293949596979899";

/* Numbers are written from their last digit on: each of these returns the first byte. */
static inline char *put_pair(char *end, unsigned int number)
{
	return memcpy(end - 2, &pairs[2 * number], 2);
}

static inline char *put_digits(char *end, uint64_t value)
{
	unsigned int rest;

	/* Four digits at a time, and then two: l2pc -j show is mostly divisions. */
	for (; value >= 10000; value /= 10000) {
		rest = (unsigned int)(value % 10000);
		end = put_pair(end, rest % 100);
		end = put_pair(end, rest / 100);
	}
	rest = (unsigned int)value;
	if (rest >= 100) {
		end = put_pair(end, rest % 100);
		rest /= 100;
	}
	if (rest >= 10)
		return put_pair(end, rest);
	*--end = (char)('0' + rest);
	return end;
}

/* "12.5" */
static char *put_tenths(char *end, uint64_t tenths)
{
	*--end = (char)('0' + tenths % 10);
	*--end = '.';
	return put_digits(end, tenths / 10);
}

/* "5m01" and then a letter */
static char *put_units(char *end, uint64_t major, char unit, unsigned int minor)
{
	end = put_pair(end, minor);
	*--end = unit;
	return put_digits(end, major);
}

/* End a text with its unit, 0 for none. */
static char *put_unit(char buffer[TEXT_SIZE], char unit)
{
	char *end = buffer + TEXT_SIZE - 1;

	*end = 0;
	if (unit)
		*--end = unit;
	return end;
}

static const char *put_word(char buffer[TEXT_SIZE], const char *word)
{
	size_t size = strlen(word) + 1;

	return memcpy(buffer + TEXT_SIZE - size, word, size);
}

const char *text_span(uint64_t ns, char buffer[TEXT_SIZE])
{
	uint64_t s = ns / SECOND;

	if (s < 10)
		return put_tenths(put_unit(buffer, 's'), ns / (SECOND / 10));
	if (s < 60)
		return put_digits(put_unit(buffer, 's'), s);
	if (s < 3600)
		return put_units(put_unit(buffer, 's'), s / 60, 'm', s % 60);
	if (s < 86400)
		return put_units(put_unit(buffer, 'm'), s / 3600, 'h', s / 60 % 60);
	return put_units(put_unit(buffer, 'h'), s / 86400, 'd', s / 3600 % 24);
}

const char *text_number(uint64_t value, char buffer[TEXT_SIZE])
{
	return put_digits(put_unit(buffer, 0), value);
}

/*
 * Multiply by @factor, at most 10, and round as printf() does: a half becomes even. What is
 * behind the point is exact, and so is its product with 2^58.
 */
static uint64_t multiply(double value, unsigned int factor)
{
	const uint64_t one = UINT64_C(1) << 58;
	uint64_t whole = (uint64_t)value;
	uint64_t part = (uint64_t)((value - (double)whole) * (double)one) * factor;
	uint64_t product = whole * factor + part / one;

	part %= one;
	return product + (part > one / 2 || (part == one / 2 && product % 2));
}

const char *text_human(double value, char buffer[TEXT_SIZE])
{
	static const char units[] = "\0kMGTPE";
	size_t unit = 0;
	char *end;

	/* 999.95 would be shown as 1000.0: it has the next unit already. */
	while (value >= (unit ? 999.95 : 999.5) && unit < sizeof(units) - 2) {
		value /= 1000;
		unit++;
	}
	end = put_unit(buffer, units[unit]);
	if ((unit || value != (double)(uint64_t)value) && value < 99.95)
		return put_tenths(end, multiply(value, 10));
	return put_digits(end, multiply(value, 1));
}

const char *text_rate(double value, uint64_t ns, bool human, char buffer[TEXT_SIZE])
{
	double rate;

	if (!ns)
		return put_word(buffer, "-");
	rate = value * (double)SECOND / (double)ns;
	/* What no network has, and no number of 64 bits holds, has a unit in any case. */
	if ((human && rate >= 999.5) || rate >= 1e18)
		return text_human(rate, buffer);
	/* What is not 0 does not look like it. */
	if (rate > 0 && rate < 0.05)
		return put_word(buffer, "<0.1");
	if (rate >= 99.95)
		return text_number((uint64_t)(rate + 0.5), buffer);
	return put_tenths(put_unit(buffer, 0), (uint64_t)(rate * 10 + 0.5));
}

char *text_mac(const uint8_t mac[6], char buffer[MAC_SIZE])
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < 6; i++) {
		buffer[3 * i] = digits[mac[i] >> 4];
		buffer[3 * i + 1] = digits[mac[i] & 15];
		buffer[3 * i + 2] = ':';
	}
	buffer[MAC_SIZE - 1] = 0;
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

/* Count the bytes in front that are ASCII and can be shown, at most @most. */
static size_t measure_ascii(const char *text, size_t most)
{
	size_t size = 0;

	while (size < most && text[size] >= 0x20 && text[size] <= 0x7e)
		size++;
	return size;
}

const char *text_plain(const char *text, bool ascii, char *buffer, size_t size)
{
	size_t used = measure_ascii(text, size - 1), bytes;

	memmove(buffer, text, used);
	ascii |= !text_utf8();
	for (text += used; *text; text += bytes) {
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

/* Mark where a text was cut. Return: bytes of the mark */
static size_t put_mark(char *end, size_t room)
{
	const char *mark = text_utf8() && room > strlen(ELLIPSIS) ? ELLIPSIS : "~";
	size_t size = strlen(mark);

	memcpy(end, mark, size + 1);
	return size;
}

int text_width(const char *text)
{
	size_t size = measure_ascii(text, INT32_MAX);
	int taken;

	measure_text(text + size, INT32_MAX - (int)size, &taken);
	return (int)size + taken;
}

int text_fit(char *text, size_t room, int columns)
{
	size_t size;
	int taken;

	size = measure_text(text, columns, &taken);
	if (!text[size])
		return taken;
	size = measure_text(text, columns - 1, &taken);
	put_mark(text + size, room - size);
	return taken + 1;
}

size_t text_cell(const char *text, int columns, char *buffer, size_t size, int *taken)
{
	size_t wanted = (size_t)columns, ascii = measure_ascii(text, wanted + 1);

	if (wanted + sizeof(ELLIPSIS) > size || (ascii <= wanted && text[ascii])) {
		text_plain(text, false, buffer, size);
		*taken = text_fit(buffer, size, columns);
		return strlen(buffer);
	}
	*taken = ascii > wanted ? columns : (int)ascii;
	memcpy(buffer, text, ascii);
	buffer[ascii] = 0;
	if (ascii <= wanted)
		return ascii;
	return wanted - 1 + put_mark(buffer + wanted - 1, size - wanted + 1);
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
