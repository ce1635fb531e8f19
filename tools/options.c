// SPDX-License-Identifier: GPL-2.0
/*
 * Options: before or after the verb, as iproute2 has them.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
#include <string.h>

#include "complain.h"
#include "verb.h"

/* Every verb takes these. */
#define OPTIONS_COMMON	(OPTION_JSON | OPTION_PRETTY | OPTION_HELP | OPTION_VERSION)
#define OPTIONS_VIEW	(OPTION_WINDOW | OPTION_PREVIOUS | OPTION_LIFETIME)

static const struct option {
	const char *brief;
	const char *name;
	const char *does;
	unsigned int option;
} table[] = {
	{ NULL, "window", "what was counted since the last reset (default)", OPTION_WINDOW },
	{ NULL, "previous", "what was counted in the window that was closed last", OPTION_PREVIOUS },
	{ NULL, "lifetime", "what was counted since the port was added", OPTION_LIFETIME },
	{ "ts", "timestamp", "the time before each event", OPTION_TIMESTAMP },
	{ "j", "json", "JSON", OPTION_JSON },
	{ "p", "pretty", "JSON with line breaks", OPTION_PRETTY },
	{ "h", "help", "help, also of a verb", OPTION_HELP },
	{ "V", "version", "the version", OPTION_VERSION },
};

/* All that @options has, as "-j, -p, --window". */
static const char *list(unsigned int options)
{
	static char text[256];
	size_t size = 0;

	for (size_t i = 0; i < ARRAY_SIZE(table) && size < sizeof(text); i++)
		if (options & table[i].option)
			size += (size_t)snprintf(text + size, sizeof(text) - size, "%s%s%s",
						 size ? ", " : "", table[i].brief ? "-" : "--",
						 table[i].brief ? table[i].brief : table[i].name);
	return text;
}

/* -x, -name and --name; a long name may be cut short where no other begins so. */
static int find(const char *word, const struct option **option)
{
	const char *name = word + 1 + (word[1] == '-');
	size_t size = strlen(name);

	*option = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const struct option *o = &table[i];

		if ((word[1] != '-' && o->brief && !strcmp(name, o->brief)) || !strcmp(name, o->name)) {
			*option = o;
			return STATUS_DONE;
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (strncmp(name, table[i].name, size))
			continue;
		if (*option)
			return usage_error("option %s may be --%s or --%s", word, (*option)->name,
					   table[i].name);
		*option = &table[i];
	}
	if (!*option)
		return usage_error("unknown option %s; there are %s", word, list(~0u));
	return STATUS_DONE;
}

/* A negative number is a word, to be complained about as a number. */
static bool is_option(const char *word)
{
	return word[0] == '-' && word[1] && !(word[1] >= '0' && word[1] <= '9');
}

int options_parse(int argc, char **argv, unsigned int *options, int *count)
{
	const struct option *option;
	bool only_words = false;
	int status;

	*options = 0;
	*count = 0;
	for (int i = 1; i < argc; i++) {
		if (!only_words && !strcmp(argv[i], "--")) {
			only_words = true;
			continue;
		}
		if (only_words || !is_option(argv[i])) {
			argv[(*count)++] = argv[i];
			continue;
		}
		status = find(argv[i], &option);
		if (status)
			return status;
		*options |= option->option;
	}
	argv[*count] = NULL;
	return STATUS_DONE;
}

int options_check(const struct call *call)
{
	unsigned int taken = OPTIONS_COMMON | call->verb->options;
	unsigned int views = call->options & OPTIONS_VIEW;

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const struct option *o = &table[i];

		if (call->options & o->option & ~taken)
			return usage_error("%s takes no option %s%s; it takes %s", call->verb->name,
					   o->brief ? "-" : "--", o->brief ? o->brief : o->name,
					   list(taken));
	}
	if (views & (views - 1))
		return usage_error("only one of --window, --previous, --lifetime");
	return STATUS_DONE;
}

void options_help(unsigned int options)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		char names[32];

		if (!(options & table[i].option))
			continue;
		snprintf(names, sizeof(names), "%s%s%s--%s", table[i].brief ? "-" : "",
			 table[i].brief ? table[i].brief : "", table[i].brief ? ", " : "",
			 table[i].name);
		printf("  %-16s %s\n", names, table[i].does);
	}
}
