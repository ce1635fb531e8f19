/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Verbs and their calls: one file a verb, one entry in verb.c.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_VERB_H
#define L2PC_TOOL_VERB_H

#include "cmd/options.h"
#include "output/output.h"

struct verb;

/**
 * struct call - a parsed command line
 * @verb: the verb
 * @options: the options
 * @ifname: the interface, NULL without one
 * @argc: number of further arguments
 * @argv: further arguments
 */
struct call {
	const struct verb *verb;
	struct options options;
	const char *ifname;
	int argc;
	char **argv;
};

/** enum call_device - whether a verb accepts an interface */
enum call_device {
	DEVICE_NONE,
	DEVICE_OPTIONAL,
	DEVICE_REQUIRED,
};

/**
 * struct verb - something the tool does
 * @name: as it is typed
 * @help: one line for the list of verbs
 * @notes: further lines of its help, or NULL
 * @arguments: what may follow the interface, "" for nothing
 * @device: whether an interface follows
 * @settings: settings may follow the interface
 * @runs_on: keeps running, so its name must be typed whole
 * @options: OPTION(x) that it accepts, beside the common ones
 * @defaults: OPTION(x) of these that are the default
 * @sorts: values of --sort, where it accepts that
 * @run: function of the verb, returns the exit status
 */
struct verb {
	const char *name;
	const char *help;
	const char *notes;
	const char *arguments;
	enum call_device device;
	bool settings;
	bool runs_on;
	uint64_t options;
	uint64_t defaults;
	const struct enum_names *sorts;
	int (*run)(const struct call *call);
};

/* All verbs; the last entry has no name. */
extern const struct verb verbs[];

/**
 * verb_find() - find a verb by its name, or by the unique beginning of one
 * @word: argument that was typed
 * @verb: set to the verb, NULL when there is none
 *
 * Return: STATUS_DONE, or STATUS_USAGE after an error message about an ambiguous word
 */
int verb_find(const char *word, const struct verb **verb);

/** verb_list() - the names of all verbs, separated by commas, in a static buffer */
const char *verb_list(void);

/**
 * call_arguments() - check the arguments of a verb, and set the interface
 *
 * Return: STATUS_DONE, or STATUS_USAGE after an error message
 */
int call_arguments(struct call *call);

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
