// SPDX-License-Identifier: GPL-2.0
/*
 * How the tool says that something is wrong.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/errors.h"
#include "util/utf8.h"

/* Those from U+0080 to U+009F steer a terminal, too: U+009B is the same as escape and [. */
static bool is_control(const unsigned char *s)
{
	return s[0] < 0x20 || s[0] == 0x7f || (s[0] == 0xc2 && s[1] < 0xa0);
}

char *printable(char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	char *to = text;

	while (*s) {
		size_t size = utf8_size(s);

		if (!size || is_control(s)) {
			*to++ = '?';
			s += size ? size : 1;
		} else {
			while (size--)
				*to++ = (char)*s++;
		}
	}
	*to = 0;
	return text;
}

static _Thread_local char *captured;
static _Thread_local size_t captured_size;

void error_capture(char *buffer, size_t size)
{
	captured = buffer;
	captured_size = size;
}

void error_print(const char *format, ...)
{
	char line[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (captured)
		snprintf(captured, captured_size, "%s\n", printable(line));
	else
		fprintf(stderr, "l2pc: %s\n", printable(line));
}

void out_of_memory(void)
{
	error_print("out of memory");
	exit(STATUS_FAILED);
}
