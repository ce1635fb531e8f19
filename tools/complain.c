// SPDX-License-Identifier: GPL-2.0
/*
 * How the tool says that something is wrong.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "complain.h"

char *printable(char *text)
{
	for (char *p = text; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	return text;
}

static void say(const char *format, va_list args)
{
	char line[1024];

	vsnprintf(line, sizeof(line), format, args);
	fprintf(stderr, "l2pc: %s\n", printable(line));
}

void complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
}

int usage_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
	return STATUS_USAGE;
}

void out_of_memory(void)
{
	complain("out of memory");
	exit(STATUS_FAILED);
}
