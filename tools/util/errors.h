/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How the tool says that something is wrong: one line on stderr, and its status. Texts of
 * others, which may hold anything.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_ERRORS_H
#define L2PC_TOOL_ERRORS_H

#include <stddef.h>

/* Exit status of the tool. */
enum status {
	STATUS_DONE = 0,
	STATUS_FAILED = 1,	/* the kernel refused, or the output could not be written */
	STATUS_USAGE = 2,	/* the command line is wrong; nothing was sent to the kernel */
	STATUS_NO_MODULE = 3,	/* the module is not loaded */
};

/**
 * error_print() - one line on stderr
 * @format: as of printf(), without the name of the tool and the line's end
 *
 * Names come from the command line and from the kernel: what printable() replaces is
 * shown as ?, so that none of them can steer the terminal or start a line.
 */
void error_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** usage_error() - error_print() about the command line, with STATUS_USAGE for the caller */
#define usage_error(...)	(error_print(__VA_ARGS__), STATUS_USAGE)

/** out_of_memory() - print an error, and exit */
void out_of_memory(void) __attribute__((noreturn));

/** printable() - replace control characters, and bytes that are not UTF-8, by ?. Return: @text */
char *printable(char *text);

/**
 * utf8_size() - measure a character of a text that ends with 0
 *
 * Return: 1 to 4; 0 where the text is not UTF-8, also for overlong forms, surrogates and
 * numbers beyond U+10FFFF
 */
static inline size_t utf8_size(const unsigned char *s)
{
	size_t size;

	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	size = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	for (size_t i = 1; i < size; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return size;
}

#endif /* L2PC_TOOL_ERRORS_H */
