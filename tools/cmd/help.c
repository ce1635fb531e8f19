// SPDX-License-Identifier: GPL-2.0
/*
 * The verb help.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
#include <string.h>

#include "cmd/verb.h"

#define USAGE_COLUMNS 76

static void help_all(void)
{
	char whole[64] = "";

	puts("usage: l2pc [OPTION]... [VERB] [ARGUMENT]...\n"
	     "Count Ethernet frames by source address, with the module l2packet_counter.\n"
	     "\n"
	     "verbs:");
	for (const struct verb *v = verbs; v->name; v++) {
		printf("  %-8s %s\n", v->name, v->help);
		if (v->runs_on)
			text_add(whole, sizeof(whole), ", ", v->name);
	}
	printf("A verb may be shortened while it is unique, but not %s.\n"
	       "\n"
	       "options, before or after the verb; for all of a verb: l2pc help VERB\n",
	       whole);
	options_help(OPTIONS_COMMON | OPTIONS_JSON | OPTION(STATISTICS) | OPTION(HUMAN) |
			     OPTION(BRIEF) | OPTION(ONELINE),
		     0, NULL);
	puts("\n"
	     "status: 0 done, 1 failed, 2 invalid command line, 3 the module is not loaded");
}

/* "DEV [hook tap|rx_handler] [vlan off|on] ...", wrapped */
static void help_usage(const struct verb *verb)
{
	static const char *const device[] = { "", " [DEV]", " DEV" };
	int column = printf("usage: l2pc %s%s%s%s", verb->name, device[verb->device],
			    verb->arguments ? " " : "", verb->arguments ? verb->arguments : "");

	for (size_t i = 0; i < SETTINGS; i++) {
		const struct setting *setting = &settings[i];
		char values[32] = "", text[64];

		if (!verb_has_setting(verb, setting))
			continue;
		if (setting->names)
			enum_list(setting->names, "|", values, sizeof(values));
		snprintf(text, sizeof(text), " [%s %s]", setting->name,
			 setting->names ? values : setting->value);
		if (column + strlen(text) > USAGE_COLUMNS)
			column = printf("\n      ") - 1;
		column += printf("%s", text);
	}
	putchar('\n');
}

static void help_verb(const struct verb *verb)
{
	help_usage(verb);
	printf("%s\n%soptions:\n", verb->help, verb->notes ? verb->notes : "");
	options_help(verb->options | OPTION(COLOR), verb->defaults, verb->sorts);
}

/*
 * Print a line for each completion: verbs and common options, or options and settings of
 * a verb. Fields are separated by tabs: word, name of its value, list of values.
 */
static void help_list(const struct verb *verb)
{
	options_list(OPTIONS_COMMON | (verb ? verb->options : 0), verb ? verb->sorts : NULL);
	for (const struct verb *v = verbs; v->name && !verb; v++)
		puts(v->name);
	for (size_t i = 0; i < SETTINGS && verb; i++) {
		const struct enum_names *names = settings[i].names;
		char values[32] = "";

		if (!verb_has_setting(verb, &settings[i]))
			continue;
		if (names)
			enum_list(names, " ", values, sizeof(values));
		printf("%s\t%s\t%s\n", settings[i].name, names ? "" : settings[i].value, values);
	}
}

int verb_help(const struct call *call)
{
	const struct verb *verb = NULL;
	int status;

	if (call->argc) {
		status = verb_find(call->argv[0], &verb);
		if (status)
			return status;
		if (!verb)
			return usage_error("unknown verb \"%s\" (one of: %s)", call->argv[0],
					   verb_list());
		if (call->argc > 1)
			return usage_error("unexpected argument \"%s\" (l2pc help [VERB])",
					   call->argv[1]);
	}
	if (options_have(&call->options, OPT_ONELINE))
		help_list(verb);
	else if (verb)
		help_verb(verb);
	else
		help_all();
	return STATUS_DONE;
}
