// SPDX-License-Identifier: GPL-2.0
/*
 * The harness for libFuzzer: a failed check ends the process, and is a finding.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "unit.h"

void unit_fail(const char *file, int line, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s:%d: ", file, line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n");
	abort();
}
