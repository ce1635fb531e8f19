// SPDX-License-Identifier: GPL-2.0
/*
 * Options: the table of all, finding one, telling about them.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
#include <string.h>

#include "cmd/options.h"
#include "ipfix/ipfix.h"
#include "output/select.h"
#include "source/model.h"
#include "util/errors.h"
#include "util/value.h"

/* Every verb takes these. */
#define OPTIONS_COMMON	(OPTION(JSON) | OPTION(PRETTY) | OPTION(COLOR) | OPTION(HELP) | \
			 OPTION(VERSION))

enum kind {
	KIND_SWITCH,	/* no value */
	KIND_NUMBER,
	KIND_SPAN,
	KIND_SORT,
	KIND_TEMPLATE,
	KIND_VLAN,	/* may be left out */
	KIND_WHEN,	/* may be left out, else behind = */
	KIND_TEXT,
};

static const struct option {
	const char *brief;
	const char *name;
	const char *value;
	const char *help;
	enum kind kind;
	uint64_t min, max;
} table[OPTIONS] = {
	[OPT_WINDOW] = { .name = "window",
			 .help = "what was counted since the last reset (default)" },
	[OPT_PREVIOUS] = { .name = "previous",
			   .help = "what was counted in the window that was closed last" },
	[OPT_LIFETIME] = { .name = "lifetime",
			   .help = "what was counted since the port was added" },
	[OPT_ALL_TIME] = { .name = "all-time",
			   .help = "what l2pc save has kept, over all reboots" },
	[OPT_SORT] = { NULL, "sort", "KEY", "packets (default), bytes, last, first, mac or name",
		       KIND_SORT, 0, 0 },
	[OPT_REVERSE] = { .name = "reverse", .help = "the other way round" },
	[OPT_LIMIT] = { NULL, "limit", "N", "no more than the first N stations of a port",
			KIND_NUMBER, 1, UINT32_MAX },
	[OPT_SINCE] = { NULL, "since", "TIME",
			"only who was heard in this time: 30s, 5m, 1h30m, 2d", KIND_SPAN, 0, 0 },
	[OPT_VLAN] = { NULL, "vlan", "[ID]", "only with this VLAN id, with any, or --vlan none",
		       KIND_VLAN, 0, 4095 },
	[OPT_NO_VLAN] = { .name = "no-vlan",
			  .help = "add up what an address sent in several VLANs" },
	[OPT_EXCLUDE_SELF] = { .name = "exclude-self",
			       .help = "leave out this machine's own addresses" },
	[OPT_LOCAL] = { .name = "local", .help = "only locally administered addresses" },
	[OPT_GLOBAL] = { .name = "global", .help = "only addresses that a vendor gave" },
	[OPT_ANONYMIZE] = { .name = "anonymize",
			    .help = "other addresses in place of the real ones, and no names" },
	[OPT_STATISTICS] = { "s", "statistics", .help = "all counters" },
	[OPT_HUMAN] = { "h", "human", .help = "numbers with units: 18.2k" },
	[OPT_BRIEF] = { "br", "brief", .help = "a short line each" },
	[OPT_ONELINE] = { "o", "oneline",
			  .help = "a record a line, tabs between fields; for scripts" },
	[OPT_JSON] = { "j", "json", .help = "JSON" },
	[OPT_PRETTY] = { "p", "pretty", .help = "JSON with line breaks" },
	[OPT_COLOR] = { "c", "color", "[=WHEN]", "colours: auto (on a terminal), always or never",
			KIND_WHEN, 0, 0 },
	[OPT_TIMESTAMP] = { "ts", "timestamp", .help = "the time before each event" },
	[OPT_BATCH] = { .name = "batch", .help = "write to a pipe or a file, no screen" },
	[OPT_COUNT] = { "n", "count", "N", "end after N times", KIND_NUMBER, 1, UINT32_MAX },
	[OPT_DELAY] = { "d", "delay", "TIME", "between two times; 1s when not given", KIND_SPAN, 0,
			0 },
	[OPT_ASCII] = { .name = "ascii", .help = "no characters but ASCII" },
	[OPT_FILE] = { "f", "file", "FILE", "another file than the usual", KIND_TEXT, 0, 0 },
	[OPT_INTERVAL] = { NULL, "interval", "TIME",
			   "do nothing when the last time is not that long ago", KIND_SPAN, 0, 0 },
	[OPT_REPLAY] = { NULL, "replay", "FILE", "show what l2pc -j wrote, - for stdin", KIND_TEXT,
			 0, 0 },
	[OPT_LISTEN] = { NULL, "web.listen-address", "HOST:PORT",
			 "where to answer; 127.0.0.1:9963 when not given", KIND_TEXT, 0, 0 },
	[OPT_STATIONS] = { NULL, "stations", "N",
			   "series of up to N stations of a port; without it of none", KIND_NUMBER,
			   1, 100000 },
	[OPT_TEXTFILE] = { NULL, "textfile", "FILE",
			   "write the metrics to FILE once, - for stdout, and end", KIND_TEXT, 0,
			   0 },
	[OPT_IPFIX] = { NULL, "ipfix", "HOST:PORT",
			"send what was counted to a collector, as IPFIX over UDP", KIND_TEXT, 0,
			0 },
	[OPT_IPFIX_TEMPLATE] = { NULL, "ipfix-template", "KIND",
				 "strict (default), or compat, for nfdump and pmacct",
				 KIND_TEMPLATE, 0, 0 },
	[OPT_IPFIX_INTERVAL] = { NULL, "ipfix-interval", "TIME",
				 "between two times; 20s when not given", KIND_SPAN, 0, 0 },
	[OPT_HELP] = { .name = "help", .help = "help, also of a verb" },
	[OPT_VERSION] = { "V", "version", .help = "the version" },
};

uint64_t options_common(void)
{
	return OPTIONS_COMMON;
}

static const char *option_label(const struct option *o, char buffer[32])
{
	snprintf(buffer, 32, "%s%s", o->brief ? "-" : "--", o->brief ? o->brief : o->name);
	return buffer;
}

/* All that @options has, as "-j, -p, --window". */
static const char *list_options(uint64_t options)
{
	static char text[512];
	char name[32];
	size_t size = 0;

	for (size_t i = 0; i < OPTIONS && size < sizeof(text); i++)
		if (options >> i & 1)
			size += (size_t)snprintf(text + size, sizeof(text) - size, "%s%s",
						 size ? ", " : "", option_label(&table[i], name));
	return text;
}

static bool equal_name(const char *name, size_t size, const char *other)
{
	return other && !strncmp(name, other, size) && !other[size];
}

/* Does the next word belong to an option whose value may be left out? */
static bool takes_value(const struct option *o, const char *next)
{
	if (!next || o->kind == KIND_SWITCH || o->kind == KIND_WHEN)
		return false;
	if (o->kind == KIND_VLAN)
		return !strcmp(next, "none") || (next[0] >= '0' && next[0] <= '9');
	return true;
}

static int unknown_option(const char *word)
{
	/* -n1, as other programs have it: here -ts is an option, too. */
	for (int i = 0; i < OPTIONS && word[1] != '-'; i++)
		if (equal_name(word + 1, 1, table[i].brief) && takes_value(&table[i], word + 2))
			return usage_error("unknown option %s; its value is a word of its own: -%c %s",
					   word, word[1], word + 2);
	return usage_error("unknown option %s; there are %s", word, list_options(~UINT64_C(0)));
}

/* -x, -name and --name; a long name may be cut short where no other begins so. */
static int find_option(const char *word, enum option_id *id)
{
	const char *name = word + 1 + (word[1] == '-');
	size_t size = strcspn(name, "=");
	int found = -1;

	for (int i = 0; i < OPTIONS; i++) {
		if ((word[1] != '-' && equal_name(name, size, table[i].brief)) ||
		    equal_name(name, size, table[i].name)) {
			*id = (enum option_id)i;
			return STATUS_DONE;
		}
	}
	for (int i = 0; i < OPTIONS && size > 1; i++) {
		if (strncmp(name, table[i].name, size))
			continue;
		if (found >= 0)
			return usage_error("option %s may be --%s or --%s", word, table[found].name,
					   table[i].name);
		found = i;
	}
	if (found < 0)
		return unknown_option(word);
	*id = (enum option_id)found;
	return STATUS_DONE;
}

/* A negative number is a word, reported as an invalid number. */
static bool is_option(const char *word)
{
	return word[0] == '-' && word[1] && !(word[1] >= '0' && word[1] <= '9');
}

static int read_value(const struct option *o, const char *text, const struct enum_names *sorts,
		      uint64_t *number)
{
	char name[32];

	option_label(o, name);
	if (o->kind != KIND_SWITCH && o->value[0] != '[' && (!text || !text[0]))
		return usage_error("option %s needs a value: %s %s, %s", name, name, o->value,
				   o->help);
	switch (o->kind) {
	case KIND_NUMBER:
		return value_number(name, text, o->min, o->max, number);
	case KIND_SPAN:
		return value_span(name, text, number);
	case KIND_SORT:
		return value_enum(name, text, sorts, number);
	case KIND_TEMPLATE:
		return value_enum(name, text, &ipfix_kind_names, number);
	case KIND_WHEN:
		return text ? value_enum(name, text, &when_names, number) : STATUS_DONE;
	case KIND_VLAN:
		if (!text) {
			*number = VLAN_ANY;
			return STATUS_DONE;
		}
		if (!strcmp(text, "none")) {
			*number = VLAN_NONE;
			return STATUS_DONE;
		}
		if (text[0] >= '0' && text[0] <= '9')
			return value_number(name, text, o->min, o->max, number);
		return usage_error("%s \"%s\" is neither none nor a number", name, text);
	default:
		return STATUS_DONE;
	}
}

int options_parse(int argc, char **argv, struct options *options, int *count)
{
	bool only_words = false;
	int status;

	*options = (struct options){ 0 };
	*count = 0;
	for (int i = 1; i < argc; i++) {
		const char *text = strchr(argv[i], '=');
		const struct option *o;
		enum option_id id = OPT_HELP;

		if (!only_words && !strcmp(argv[i], "--")) {
			only_words = true;
			continue;
		}
		if (only_words || !is_option(argv[i])) {
			argv[(*count)++] = argv[i];
			continue;
		}
		status = find_option(argv[i], &id);
		if (status)
			return status;
		o = &table[id];
		if (text)
			text++;
		else if (takes_value(o, argv[i + 1]))
			text = argv[++i];
		if (text && o->kind == KIND_SWITCH)
			return usage_error("option --%s takes no value", o->name);
		options->text[id] = text;
		options->given |= UINT64_C(1) << id;
	}
	argv[*count] = NULL;
	return STATUS_DONE;
}

/* Of these only one may be given. */
static const uint64_t exclusive[] = {
	OPTIONS_VIEW | OPTION(ALL_TIME),
	OPTION(VLAN) | OPTION(NO_VLAN),
	OPTION(LOCAL) | OPTION(GLOBAL),
	OPTION(BRIEF) | OPTION(ONELINE) | OPTION(JSON),
	OPTION(ALL_TIME) | OPTION(REPLAY),
	OPTION(LISTEN) | OPTION(TEXTFILE),
	OPTION(IPFIX) | OPTION(TEXTFILE),
};

int options_check(struct options *options, const char *verb, uint64_t taken,
		  const struct enum_names *sorts)
{
	char name[32];
	int status;

	taken |= OPTIONS_COMMON;
	for (size_t i = 0; i < OPTIONS; i++)
		if ((options->given & ~taken) >> i & 1)
			return usage_error("%s takes no option %s; it takes %s", verb,
					   option_label(&table[i], name), list_options(taken));
	for (size_t i = 0; i < ARRAY_SIZE(exclusive); i++) {
		uint64_t both = options->given & exclusive[i];

		if (both & (both - 1))
			return usage_error("only one of %s", list_options(exclusive[i] & taken));
	}
	for (size_t i = 0; i < OPTIONS; i++) {
		if (!(options->given >> i & 1))
			continue;
		status = read_value(&table[i], options->text[i], sorts, &options->number[i]);
		if (status)
			return status;
	}
	return STATUS_DONE;
}

void options_help(uint64_t options)
{
	for (size_t i = 0; i < OPTIONS; i++) {
		const struct option *o = &table[i];
		char names[40];

		if (!(options >> i & 1))
			continue;
		snprintf(names, sizeof(names), "%s%s%s--%s%s%s", o->brief ? "-" : "",
			 o->brief ? o->brief : "", o->brief ? ", " : "", o->name,
			 o->value && o->value[1] != '=' ? " " : "", o->value ? o->value : "");
		printf("  %-20s %s\n", names, o->help);
	}
}

void options_list(uint64_t options)
{
	for (size_t i = 0; i < OPTIONS; i++) {
		if (!(options >> i & 1))
			continue;
		printf("--%s\n", table[i].name);
		if (table[i].brief)
			printf("-%s\n", table[i].brief);
	}
}
