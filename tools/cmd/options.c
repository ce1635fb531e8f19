// SPDX-License-Identifier: GPL-2.0
/*
 * Command line options: the table of all, and what is done with it.
 * Copyright (C) the l2packet_counter authors
 */
#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd/options.h"
#include "history/calendar.h"
#include "ipfix/ipfix.h"
#include "source/engine.h"

enum kind {
	KIND_FLAG, /* no value */
	KIND_TEXT,
	KIND_NUMBER, /* from 1 on */
	KIND_TIME,
	KIND_NAME, /* one of a list */
	KIND_WHEN, /* one of a list behind =, or nothing */
	KIND_VLAN, /* an id, none, or nothing */
};

#define FLAG(name, brief, help)                             \
	{                                                   \
		name, brief, NULL, help, KIND_FLAG, 0, NULL \
	}
#define VALUE(name, brief, value, kind, max, names, help)  \
	{                                                  \
		name, brief, value, help, kind, max, names \
	}

static const struct entry {
	const char *name;
	const char *brief;
	const char *value;
	const char *help;
	enum kind kind;
	uint64_t max;
	const struct enum_names *names;
} table[OPTIONS] = {
	[OPT_WINDOW] = FLAG("window", NULL, "show the counts since the last reset"),
	[OPT_PREVIOUS] = FLAG("previous", NULL, "show the window that was closed last"),
	[OPT_LIFETIME] = FLAG("lifetime", NULL, "show the counts since the port was added"),
	[OPT_ALL_TIME] = FLAG("all-time", NULL, "show what l2pc save has stored, across reboots"),
	[OPT_SORT] = VALUE("sort", NULL, "KEY", KIND_NAME, 0, NULL, "sort stations by KEY"),
	[OPT_REVERSE] = FLAG("reverse", NULL, "reverse the order"),
	[OPT_LIMIT] = VALUE("limit", NULL, "N", KIND_NUMBER, UINT32_MAX, NULL,
			    "show at most N stations of a port (default: all)"),
	[OPT_SINCE] = VALUE("since", NULL, "TIME", KIND_TIME, 0, NULL,
			    "show only stations seen within TIME: 30s, 5m, 1h30m, 2d"),
	[OPT_VLAN] = VALUE("vlan", NULL, "[ID]", KIND_VLAN, 0, NULL,
			   "show only VLAN ID, any VLAN, or --vlan none"),
	[OPT_NO_VLAN] = FLAG("no-vlan", NULL, "add up the frames of an address in several VLANs"),
	[OPT_EXCLUDE_SELF] = FLAG("exclude-self", NULL, "omit this machine's own addresses"),
	[OPT_LOCAL] = FLAG("local", NULL, "show only locally administered addresses"),
	[OPT_GLOBAL] = FLAG("global", NULL, "show only addresses assigned by a vendor"),
	[OPT_RX] = FLAG("rx", NULL, "show only stations that frames came from"),
	[OPT_TX] = FLAG("tx", NULL, "show only stations that frames were sent to"),
	[OPT_ANONYMIZE] = FLAG("anonymize", NULL, "replace addresses, and omit names"),
	[OPT_SWAP] = FLAG("swap", NULL, "show download and upload of stations, not RX and TX"),
	[OPT_STATISTICS] = FLAG("statistics", "s", "show all counters"),
	[OPT_HUMAN] = FLAG("human", "h", "print numbers with units: 18.2k"),
	[OPT_BRIEF] = FLAG("brief", "br", "print one short line for each"),
	[OPT_ONELINE] = FLAG("oneline", "o", "print one record a line, fields separated by tabs"),
	[OPT_PROC] = FLAG("proc", NULL, "print the format of /proc/l2packet_counter"),
	[OPT_JSON] = FLAG("json", "j", "print JSON"),
	[OPT_PRETTY] = FLAG("pretty", "p", "print JSON with line breaks"),
	[OPT_COLOR] = VALUE("color", "c", "[=WHEN]", KIND_WHEN, 0, &when_names,
			    "use colors: auto (on a terminal; default), always, never"),
	[OPT_TIMESTAMP] = FLAG("timestamp", "ts", "print the time before each event"),
	[OPT_BATCH] = FLAG("batch", NULL, "write to a pipe or a file, not to the screen"),
	[OPT_COUNT] = VALUE("count", "n", "N", KIND_NUMBER, UINT32_MAX, NULL,
			    "exit after N screens (default: run until interrupted)"),
	[OPT_DELAY] = VALUE("delay", "d", "TIME", KIND_TIME, 0, NULL,
			    "wait TIME between two screens (default: 1s)"),
	[OPT_ASCII] = FLAG("ascii", NULL, "print only ASCII characters"),
	[OPT_FILE] = VALUE("file", "f", "FILE", KIND_TEXT, 0, NULL,
			   "use FILE (default: /var/lib/l2pc/history.db)"),
	[OPT_INTERVAL] = VALUE("interval", NULL, "TIME", KIND_TIME, 0, NULL,
			       "skip saving within TIME of the last (default: never)"),
	[OPT_BY] = VALUE("by", NULL, "PERIOD", KIND_NAME, 0, &level_names,
			 "show periods of a 10min, hour, day, month (default: day)"),
	[OPT_LAST] = VALUE("last", NULL, "TIME", KIND_TIME, 0, NULL,
			   "show the last 24h, 30d, 52w (default: 30 days, 24 hours)"),
	[OPT_FROM] = VALUE("from", NULL, "DATE", KIND_TEXT, 0, NULL,
			   "start at 2026-11-18, or \"2026-11-18 13:00\""),
	[OPT_TO] = VALUE("to", NULL, "DATE", KIND_TEXT, 0, NULL,
			 "end with this day, or at this time (default: now)"),
	[OPT_MONTH] = VALUE("month", NULL, "MONTH", KIND_TEXT, 0, NULL, "show this month: 2026-11"),
	[OPT_CYCLE] = VALUE("cycle", NULL, "DAY", KIND_NUMBER, 31, NULL,
			    "let months start on this day (default: 1)"),
	[OPT_STATION] = VALUE("station", NULL, "STATION", KIND_TEXT, 0, NULL,
			      "show only this address or name"),
	[OPT_TOP] = VALUE("top", NULL, "N", KIND_NUMBER, 100000, NULL,
			  "show the N stations with the most bytes as well"),
	[OPT_RENAME] = VALUE("rename", NULL, "NAME", KIND_TEXT, 0, NULL,
			     "call the history of DEV by another name"),
	[OPT_MERGE] = VALUE("merge", NULL, "OTHER", KIND_TEXT, 0, NULL,
			    "add the history of OTHER to that of DEV"),
	[OPT_FORGET] = FLAG("forget", NULL, "delete the history of DEV"),
	[OPT_CHECK] = FLAG("check", NULL, "check the file and all sums"),
	[OPT_MAX_STATIONS] = VALUE("max-stations", NULL, "N", KIND_NUMBER, 10000000, NULL,
				   "store rows of N stations a period (default: 10000)"),
	[OPT_MAX_SIZE] = VALUE("max-size", NULL, "SIZE", KIND_TEXT, 0, NULL,
			       "let the file take 500M, 2G (default: 1G)"),
	[OPT_REPLAY] = VALUE("replay", NULL, "FILE", KIND_TEXT, 0, NULL,
			     "read FILE, written by l2pc -j; - for stdin"),
	[OPT_LISTEN] = VALUE("web.listen-address", NULL, "HOST:PORT", KIND_TEXT, 0, NULL,
			     "serve at this address (default: 127.0.0.1:9963)"),
	[OPT_STATIONS] = VALUE("stations", NULL, "N", KIND_NUMBER, 100000, NULL,
			       "export series of up to N stations of a port (default: 0)"),
	[OPT_TEXTFILE] = VALUE("textfile", NULL, "FILE", KIND_TEXT, 0, NULL,
			       "write the metrics to FILE once, - for stdout, and exit"),
	[OPT_IPFIX] = VALUE("ipfix", NULL, "HOST:PORT", KIND_TEXT, 0, NULL,
			    "send counts to a collector, as IPFIX over UDP"),
	[OPT_IPFIX_TEMPLATE] = VALUE("ipfix-template", NULL, "KIND", KIND_NAME, 0,
				     &ipfix_kind_names,
				     "use strict (default), or compat for nfdump and pmacct"),
	[OPT_IPFIX_INTERVAL] = VALUE("ipfix-interval", NULL, "TIME", KIND_TIME, 0, NULL,
				     "send every TIME (default: 20s)"),
	[OPT_IPFIX_SIZE] = VALUE("ipfix-size", NULL, "N", KIND_NUMBER, IPFIX_SIZE_MAX, NULL,
				 "send up to N bytes a message (IPv4: 1400, IPv6: 1232)"),
	[OPT_ENGINE] = VALUE("engine", NULL, "ENGINE", KIND_NAME, 0, &engine_names,
			     "read auto (the module, else l2pc run; default), module, bpf"),
	[OPT_HELP] = FLAG("help", NULL, "print help, also for a verb"),
	[OPT_VERSION] = FLAG("version", "V", "print the version"),
};

/* The name that messages use: "-j", "--window". */
static const char *option_label(size_t id)
{
	static char label[32];

	snprintf(label, sizeof(label), "%s%s", table[id].brief ? "-" : "--",
		 table[id].brief ? table[id].brief : table[id].name);
	return label;
}

static int unknown_option(const char *word)
{
	char label[3] = { '-', word[1], 0 };

	/* Other programs accept -n1. Here -ts is an option, too. */
	for (size_t i = 0; i < OPTIONS && word[1] != '-'; i++)
		if (table[i].brief && !strcmp(table[i].brief, label + 1) && table[i].value &&
		    table[i].value[0] != '[')
			return usage_error("unknown option \"%s\" (write %s %s)", word, label,
					   word + 2);
	return usage_error("unknown or ambiguous option \"%s\" (see: l2pc help)", word);
}

/* Long and brief names, both as long options: getopt then never takes -ts for -t -s. */
static const struct option *long_options(void)
{
	static struct option options[2 * OPTIONS + 1];
	struct option *o = options;

	for (int i = 0; i < OPTIONS; i++) {
		enum kind kind = table[i].kind;
		int has_value = kind == KIND_FLAG		       ? no_argument :
				kind == KIND_WHEN || kind == KIND_VLAN ? optional_argument :
									 required_argument;

		*o++ = (struct option){ table[i].name, has_value, NULL, i + 256 };
		if (table[i].brief)
			*o++ = (struct option){ table[i].brief, has_value, NULL, i + 256 };
	}
	return options;
}

/* --vlan may have its id behind a space. */
static char *vlan_value(char *next)
{
	if (!next || (strcmp(next, "none") && !isdigit((unsigned char)next[0])))
		return NULL;
	optind++;
	return next;
}

int options_parse(int argc, char **argv, struct options *options, int *count)
{
	const struct option *all = long_options();
	int c, id;

	*options = (struct options){ 0 };
	*count = 0;
	opterr = 0;
	/* In order (-), with an error for a missing value of its own (:). */
	while ((c = getopt_long_only(argc, argv, "-:", all, NULL)) != -1) {
		const char *word = argv[optind - 1];

		if (c == 1) {
			argv[(*count)++] = optarg;
			continue;
		}
		/* A negative number is an argument, reported later as an invalid number. */
		if (c == '?' && isdigit((unsigned char)word[1])) {
			argv[(*count)++] = (char *)word;
			continue;
		}
		if (c == '?' && optopt >= 256)
			return usage_error("--%s: takes no value", table[optopt - 256].name);
		if (c == '?')
			return unknown_option(word);
		id = (c == ':' ? optopt : c) - 256;
		if (id == OPT_VLAN && !optarg)
			optarg = vlan_value(argv[optind]);
		options->text[id] = c == ':' ? NULL : optarg;
		options->given |= UINT64_C(1) << id;
	}
	while (optind < argc)
		argv[(*count)++] = argv[optind++];
	argv[*count] = NULL;
	return STATUS_DONE;
}

static int read_value(enum option_id id, const char *text, const struct enum_names *sorts,
		      uint64_t *number)
{
	const struct entry *entry = &table[id];
	const char *label = option_label(id);

	if (entry->value && entry->value[0] != '[' && (!text || !text[0]))
		return usage_error("%s: missing value (%s %s)", label, label, entry->value);
	switch (entry->kind) {
	case KIND_NUMBER:
		return value_number(label, text, 1, entry->max, number);
	case KIND_TIME:
		return value_span(label, text, number);
	case KIND_NAME:
	case KIND_WHEN:
		return text ? value_enum(label, text, id == OPT_SORT ? sorts : entry->names,
					 number) :
			      STATUS_DONE;
	case KIND_VLAN:
		*number = text ? VLAN_NONE : VLAN_ANY;
		return !text || !strcmp(text, "none") ? STATUS_DONE :
							value_number(label, text, 0, 4095, number);
	default:
		return STATUS_DONE;
	}
}

/* Of these only one may be given. */
static const uint64_t exclusive[] = {
	OPTIONS_VIEW | OPTION(ALL_TIME),
	OPTION(VLAN) | OPTION(NO_VLAN),
	OPTION(LOCAL) | OPTION(GLOBAL),
	OPTION(BRIEF) | OPTION(ONELINE) | OPTION(JSON) | OPTION(PROC),
	OPTION(SWAP) | OPTION(ONELINE),
	OPTION(SWAP) | OPTION(JSON),
	OPTION(ALL_TIME) | OPTION(REPLAY),
	OPTION(LAST) | OPTION(FROM) | OPTION(MONTH),
	OPTION(LAST) | OPTION(TO) | OPTION(MONTH),
	OPTION(STATION) | OPTION(TOP),
	OPTION(RENAME) | OPTION(MERGE) | OPTION(FORGET) | OPTION(CHECK),
	OPTION(LISTEN) | OPTION(TEXTFILE),
	OPTION(IPFIX) | OPTION(TEXTFILE),
};

int options_check(struct options *options, const char *verb, uint64_t accepted,
		  const struct enum_names *sorts)
{
	char list[128] = "";
	int status = STATUS_DONE;

	for (size_t i = 0; i < OPTIONS; i++)
		if ((options->given & ~(accepted | OPTIONS_COMMON)) >> i & 1)
			return usage_error("%s: unknown option %s (see: l2pc help %s)", verb,
					   option_label(i), verb);
	for (size_t i = 0; i < ARRAY_SIZE(exclusive); i++) {
		uint64_t both = options->given & exclusive[i];

		if (!(both & (both - 1)))
			continue;
		for (size_t id = 0; id < OPTIONS; id++)
			if (both >> id & 1)
				text_add(list, sizeof(list), ", ", option_label(id));
		return usage_error("conflicting options %s (use one)", list);
	}
	for (size_t i = 0; i < OPTIONS && !status; i++)
		if (options->given >> i & 1)
			status = read_value((enum option_id)i, options->text[i], sorts,
					    &options->number[i]);
	return status;
}

/* A name that is too wide has a line of its own. */
#define NAME_COLUMNS 18
#define HELP_COLUMNS 79

/* " (default: packets):" and the values, wrapped. */
static void print_sorts(const struct enum_names *sorts)
{
	int column = HELP_COLUMNS;

	printf(" (default: %s):", sorts->name[0]);
	for (size_t i = 0; i < sorts->count; i++) {
		const char *end = i + 1 < sorts->count ? "," : "";

		if (column + 2 + (int)strlen(sorts->name[i]) > HELP_COLUMNS)
			column = printf("\n%*s", NAME_COLUMNS + 2, "") - 1;
		column += printf(" %s%s", sorts->name[i], end);
	}
}

void options_help(uint64_t options, uint64_t defaults, const struct enum_names *sorts)
{
	for (size_t i = 0; i < OPTIONS; i++) {
		const struct entry *entry = &table[i];
		const char *value = entry->value ? entry->value : "";
		char names[64];

		if (!(options >> i & 1))
			continue;
		snprintf(names, sizeof(names), "%s%s%s--%s%s%s", entry->brief ? "-" : "",
			 entry->brief ? entry->brief : "", entry->brief ? ", " : "", entry->name,
			 value[0] && value[1] != '=' ? " " : "", value);
		printf("  %-*s%s", NAME_COLUMNS, names, strlen(names) > NAME_COLUMNS ? "\n" : " ");
		printf("%*s%s", strlen(names) > NAME_COLUMNS ? NAME_COLUMNS + 3 : 0, "",
		       entry->help);
		if (i == OPT_SORT && sorts)
			print_sorts(sorts);
		puts(defaults >> i & 1 ? " (default)" : "");
	}
}

void options_list(uint64_t options, const struct enum_names *sorts)
{
	for (size_t i = 0; i < OPTIONS; i++) {
		const struct enum_names *names = i == OPT_SORT ? sorts : table[i].names;
		const char *value = table[i].value ? table[i].value : "";
		char list[256] = "";

		if (!(options >> i & 1))
			continue;
		/* A value that may be missing is not the next word. */
		if (value[0] == '[')
			value = "", names = NULL;
		if (names)
			enum_list(names, " ", list, sizeof(list));
		printf("--%s\t%s\t%s\n", table[i].name, value, list);
		if (table[i].brief)
			printf("-%s\t%s\t%s\n", table[i].brief, value, list);
	}
}
