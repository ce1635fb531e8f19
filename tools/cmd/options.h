/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Command line options: parsing, checking, help. They stand before or after the verb.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_CMD_OPTIONS_H
#define L2PC_TOOL_CMD_OPTIONS_H

#include "util/value.h"
#include "util/options.h"

/* Every verb accepts these. */
#define OPTIONS_COMMON (OPTION(COLOR) | OPTION(ENGINE) | OPTION(HELP) | OPTION(VERSION))
#define OPTIONS_JSON (OPTION(JSON) | OPTION(PRETTY))
#define OPTIONS_VIEW (OPTION(WINDOW) | OPTION(PREVIOUS) | OPTION(LIFETIME))
/* What history does instead of showing. */
#define OPTIONS_HISTORY_EDIT                                                      \
	(OPTION(RENAME) | OPTION(MERGE) | OPTION(FORGET) | OPTION(CHECK) |        \
	 OPTION(MAX_STATIONS) | OPTION(MAX_SIZE))
/* Which stations, and in which order. */
#define OPTIONS_SELECT                                                                   \
	(OPTION(SORT) | OPTION(REVERSE) | OPTION(LIMIT) | OPTION(SINCE) | OPTION(VLAN) | \
	 OPTION(NO_VLAN) | OPTION(EXCLUDE_SELF) | OPTION(LOCAL) | OPTION(GLOBAL) |       \
	 OPTION(RX) | OPTION(TX) | OPTION(ANONYMIZE))

/**
 * options_parse() - separate options and arguments of a command line
 * @argc: of main()
 * @argv: of main(); the arguments move to its front, without the program's name
 * @options: filled with the options that were given, their values unread
 * @count: number of arguments
 *
 * Return: STATUS_DONE, or STATUS_USAGE after an error message
 */
int options_parse(int argc, char **argv, struct options *options, int *count);

/**
 * options_check() - check that options are valid for a verb, and read their values
 * @options: the options that were given
 * @verb: name of the verb
 * @accepted: OPTION(x) that the verb accepts, beside the common ones
 * @sorts: values of --sort, where the verb accepts it
 *
 * Return: STATUS_DONE, or STATUS_USAGE after an error message
 */
int options_check(struct options *options, const char *verb, uint64_t accepted,
		  const struct enum_names *sorts);

/**
 * options_help() - print the help of options
 * @options: OPTION(x)
 * @defaults: OPTION(x) that are the default
 * @sorts: values of --sort, the default first; NULL without it
 */
void options_help(uint64_t options, uint64_t defaults, const struct enum_names *sorts);

/** options_list() - print options for completion: NAME, tab, VALUE, tab, list of values */
void options_list(uint64_t options, const struct enum_names *sorts);

#endif /* L2PC_TOOL_CMD_OPTIONS_H */
