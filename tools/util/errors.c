// SPDX-License-Identifier: GPL-2.0
/*
 * How the tool says that something is wrong.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/errors.h"
#include "util/utf8.h"

char *printable(char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	char *to = text;

	while (*s) {
		size_t size = utf8_size(s);

		if (utf8_shown(s, size)) {
			memmove(to, s, size);
			to += size;
		} else {
			*to++ = '?';
		}
		s += size ? size : 1;
	}
	*to = 0;
	return text;
}

static void print_line(const char *format, va_list args)
{
	char line[1024];

	vsnprintf(line, sizeof(line), format, args);
	fprintf(stderr, "l2pc: %s\n", printable(line));
}

void error_print(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_line(format, args);
	va_end(args);
}

int usage_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_line(format, args);
	va_end(args);
	return STATUS_USAGE;
}

void out_of_memory(void)
{
	error_print("out of memory");
	exit(STATUS_FAILED);
}
