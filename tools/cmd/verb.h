/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Verbs, and how they are called: one file a verb, one entry in verb.c.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_VERB_H
#define L2PC_TOOL_VERB_H

#include "cmd/options.h"
#include "output/output.h"

struct verb;

/**
 * struct call - a command line, taken apart
 * @verb: the verb
 * @options: the options
 * @argc: arguments after the verb
 * @argv: the arguments
 */
struct call {
	const struct verb *verb;
	struct options options;
	int argc;
	char **argv;
};

/**
 * struct verb - something the tool does
 * @name: as it is typed
 * @arguments: what may follow it
 * @help: one line for the list of verbs
 * @notes: further lines of its help, or NULL
 * @options: OPTION(x) it takes, beside those that every verb takes
 * @sorts: words of --sort, where it takes that
 * @run: does it, and returns the exit status
 */
struct verb {
	const char *name;
	const char *arguments;
	const char *help;
	const char *notes;
	uint64_t options;
	const struct enum_names *sorts;
	int (*run)(const struct call *call);
};

/* The list, ended by one without a name. */
extern const struct verb verbs[];

/**
 * verb_find() - a verb by its name, or by a beginning that no other has
 * @word: what was typed
 * @verb: the verb is put there, NULL when there is none
 *
 * Return: STATUS_DONE, or STATUS_USAGE after an error message that several verbs
 * begin so.
 */
int verb_find(const char *word, const struct verb **verb);

/**
 * verb_names() - all names, separated by commas
 *
 * Return: a static buffer
 */
const char *verb_names(void);

/**
 * call_device() - the interface at the beginning of the arguments
 * @call: the call; the arguments that were used are removed
 * @needed: report an error when it is missing
 * @ifname: the name is put there, or NULL
 *
 * Return: STATUS_DONE, or STATUS_USAGE after an error message
 */
int call_device(struct call *call, bool needed, const char **ifname);

/**
 * call_end() - report arguments that are left
 * @call: the call
 *
 * Return: STATUS_DONE or STATUS_USAGE
 */
int call_end(const struct call *call);

/**
 * call_only_device() - call_device() of one that may be left out, and nothing else
 * @call: the call
 * @ifname: the name is put there, or NULL
 *
 * Return: STATUS_DONE, or STATUS_USAGE after an error message
 */
int call_only_device(const struct call *call, const char **ifname);

int verb_show(const struct call *call);
int verb_port(const struct call *call);
int verb_reset(const struct call *call);
int verb_add(const struct call *call);
int verb_set(const struct call *call);
int verb_del(const struct call *call);
int verb_monitor(const struct call *call);
int verb_top(const struct call *call);
int verb_save(const struct call *call);
int verb_doctor(const struct call *call);
int verb_name(const struct call *call);
int verb_export(const struct call *call);
int verb_help(const struct call *call);

#endif /* L2PC_TOOL_VERB_H */
