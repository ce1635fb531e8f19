// SPDX-License-Identifier: GPL-2.0
/*
 * The verb help.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>

#include "cmd/verb.h"
#include "util/errors.h"

static void help_all(void)
{
	puts("usage: l2pc [OPTION]... [VERB] [WORD]...\n"
	     "Counts of Ethernet frames by source address, from the module l2packet_counter.\n"
	     "\n"
	     "verbs:");
	for (const struct verb *v = verbs; v->name; v++)
		printf("  %-8s %s\n", v->name, v->help);
	puts("A verb may be cut short where no other begins so.\n"
	     "\n"
	     "options, before or after the verb; more of a verb's own with l2pc help VERB:");
	options_help(options_common() | OPTION(STATISTICS) | OPTION(HUMAN) | OPTION(BRIEF) |
		     OPTION(ONELINE));
	puts("\n"
	     "status: 0 done, 1 refused, 2 wrong command line, 3 the module is not loaded");
}

static void help_verb(const struct verb *verb)
{
	printf("usage: l2pc %s%s%s\n%s\n", verb->name, verb->arguments[0] ? " " : "",
	       verb->arguments, verb->help);
	if (verb->notes)
		printf("%s", verb->notes);
	puts("options:");
	options_help(verb->options | (options_common() & ~(OPTION(HELP) | OPTION(VERSION))));
}

/* A word a line, for the completion of command lines: verbs and options of all, or
 * options of one.
 */
static void help_list(const struct verb *verb)
{
	if (verb) {
		options_list(verb->options | options_common());
		return;
	}
	for (const struct verb *v = verbs; v->name; v++)
		puts(v->name);
	options_list(options_common());
}

int verb_help(const struct call *call)
{
	bool words = options_have(&call->options, OPT_ONELINE);
	const struct verb *verb;
	struct call rest = *call;
	int status;

	if (!rest.argc) {
		if (words)
			help_list(NULL);
		else
			help_all();
		return STATUS_DONE;
	}
	status = verb_find(rest.argv[0], &verb);
	if (status)
		return status;
	if (!verb)
		return usage_error("\"%s\" is no verb; verbs are %s", rest.argv[0], verb_names());
	if (rest.argc > 1)
		return usage_error("what is \"%s\"? help takes one verb", rest.argv[1]);
	if (words)
		help_list(verb);
	else
		help_verb(verb);
	return STATUS_DONE;
}
