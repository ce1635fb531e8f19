/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The command line: options before or after the verb, as iproute2 has them.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_CMD_OPTIONS_H
#define L2PC_TOOL_CMD_OPTIONS_H

#include "util/options.h"

struct enum_names;

/**
 * options_parse() - take options and words of a command line apart
 * @argc: of main()
 * @argv: of main(); the words move to its beginning, without the program's name
 * @options: to be filled
 * @count: how many words there are
 *
 * Return: STATUS_DONE, or STATUS_USAGE after an error message
 */
int options_parse(int argc, char **argv, struct options *options, int *count);

/**
 * options_check() - does a verb take all of them, do they go together, have they values?
 * @options: those that were given; @number is filled
 * @verb: its name
 * @taken: OPTION(x) it takes, beside those that every verb takes
 * @sorts: words of --sort, where it takes that
 *
 * Return: STATUS_DONE, or STATUS_USAGE after an error message
 */
int options_check(struct options *options, const char *verb, uint64_t taken,
		  const struct enum_names *sorts);

/**
 * options_help() - the lines about some options, to stdout
 * @options: OPTION(x)
 */
void options_help(uint64_t options);

/**
 * options_list() - a word a line, for the completion of command lines
 * @options: OPTION(x)
 */
void options_list(uint64_t options);

/** options_common() - OPTION(x) of those that every verb takes */
uint64_t options_common(void);

#endif /* L2PC_TOOL_CMD_OPTIONS_H */
