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
 * @count: words after the verb
 * @word: the words
 */
struct call {
	const struct verb *verb;
	struct options options;
	int count;
	char **word;
};

/**
 * struct verb - something the tool does
 * @name: as it is typed
 * @words: what may follow it
 * @does: one line for the list of verbs
 * @more: further lines of its help, or NULL
 * @options: OPTION(x) it takes, beside those that every verb takes
 * @sorts: words of --sort, where it takes that
 * @run: does it, and returns the exit status
 */
struct verb {
	const char *name;
	const char *words;
	const char *does;
	const char *more;
	uint64_t options;
	const struct words *sorts;
	int (*run)(const struct call *call);
};

/* The list, ended by one without a name. */
extern const struct verb verbs[];

/**
 * verb_find() - a verb by its name, or by a beginning that no other has
 * @word: what was typed
 * @verb: the verb is put there, NULL when there is none
 *
 * Return: STATUS_DONE, or STATUS_USAGE after complaining that several verbs
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
 * call_device() - the interface at the beginning of the words
 * @call: the call; the words that were used are taken off
 * @needed: complain when there is none
 * @ifname: the name is put there, or NULL
 *
 * Return: STATUS_DONE, or STATUS_USAGE after complaining
 */
int call_device(struct call *call, bool needed, const char **ifname);

/**
 * call_end() - complain about words that are left
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
 * Return: STATUS_DONE, or STATUS_USAGE after complaining
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
