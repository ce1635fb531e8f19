/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Verbs and their calls: one entry in verb.c, most have a file.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_VERB_H
#define L2PC_TOOL_VERB_H

#include <net/if.h>

#include "cmd/options.h"
#include "output/output.h"

struct verb;

/* A parsed command line. */
struct call {
	const struct verb *verb;
	struct options options;
	const char *ifname;	/* the interface or pattern, NULL without one */
	char own[IF_NAMESIZE];	/* the interface's own name, where an alternative one was given */
	bool is_pattern;	/* it is a pattern */
	int argc;		/* further arguments */
	char **argv;
	char **words;		/* the command line as it was, with the program's name */
};

/* Does a verb accept an interface? */
enum call_device {
	DEVICE_NONE,
	DEVICE_OPTIONAL,
	DEVICE_REQUIRED,
};

struct verb {
	const char *name;
	const char *help;	/* one line */
	const char *notes;	/* further lines of its help, or NULL */
	const char *arguments;	/* what may follow the interface, or NULL */
	enum call_device device;
	uint8_t cmd;		/* of verb_change(): L2PC_CMD_x */
	uint8_t pattern_cmd;	/* the same for a pattern; 0 where none can be given */
	bool settings;		/* settings may follow the interface */
	bool runs_on;		/* it keeps running, so its name must be typed whole */
	bool reads;		/* it reads the ports of an engine */
	uint64_t options;	/* OPTION(x) that it accepts, beside the common ones */
	uint64_t defaults;	/* OPTION(x) of these that are the default */
	const struct enum_names *sorts;	/* values of --sort, the default first */
	int (*run)(const struct call *call);	/* returns the exit status */
};

/* verb_has_setting() - may a setting follow the interface? */
static inline bool verb_has_setting(const struct verb *verb, const struct setting *setting)
{
	return verb->settings && (!setting_of_pattern(setting) ||
				  verb->pattern_cmd == L2PC_CMD_PATTERN_ADD);
}

/* All verbs; the last entry has no name. */
extern const struct verb verbs[];

/*
 * verb_find() - find a verb by its name, or by the unique beginning of one; else set NULL
 *
 * Return: STATUS_DONE, or STATUS_USAGE after an error message about an ambiguous word
 */
int verb_find(const char *word, const struct verb **verb);

/* verb_list() - the names of all verbs, separated by commas, in a static buffer */
const char *verb_list(void);

/* call_arguments() - check the arguments of a verb, and set the interface. Return: status */
int call_arguments(struct call *call);

int verb_show(const struct call *call);
int verb_port(const struct call *call);
int verb_reset(const struct call *call);
int verb_change(const struct call *call);
int verb_run(const struct call *call);
int verb_monitor(const struct call *call);
int verb_top(const struct call *call);
int verb_save(const struct call *call);
int verb_history(const struct call *call);
int verb_name(const struct call *call);
int verb_export(const struct call *call);
int verb_help(const struct call *call);

/* history_name() - the database: --file, or where it is usually; in a static buffer */
const char *history_name(const struct options *options);

/*
 * save_views() - read the totals, and add what was counted since they were saved
 * @options: --file
 * @ifname: one port, NULL for all
 *
 * Return: STATUS_DONE, or another status after an error message
 */
int save_views(const struct options *options, const char *ifname, struct views *views);

#endif /* L2PC_TOOL_VERB_H */
