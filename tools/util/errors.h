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

/**
 * error_capture() - write the next lines of this thread into a buffer, without the tool's name
 * @buffer: has the last of them, and its end; NULL: write to stderr again
 */
void error_capture(char *buffer, size_t size);

/** usage_error() - error_print() about the command line, with STATUS_USAGE for the caller */
#define usage_error(...)	(error_print(__VA_ARGS__), STATUS_USAGE)

/** out_of_memory() - print an error, and exit */
void out_of_memory(void) __attribute__((noreturn));

/** printable() - replace control characters, and bytes that are not UTF-8, by ?. Return: @text */
char *printable(char *text);

#endif /* L2PC_TOOL_ERRORS_H */
