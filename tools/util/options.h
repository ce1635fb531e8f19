/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The options of a command line: what cmd/options.c has read, for every floor.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_OPTIONS_H
#define L2PC_TOOL_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

/** enum option_id - an option; its place in the table of cmd/options.c */
enum option_id {
	OPT_WINDOW,
	OPT_PREVIOUS,
	OPT_LIFETIME,
	OPT_ALL_TIME,
	OPT_SORT,
	OPT_REVERSE,
	OPT_LIMIT,
	OPT_SINCE,
	OPT_VLAN,
	OPT_NO_VLAN,
	OPT_EXCLUDE_SELF,
	OPT_LOCAL,
	OPT_GLOBAL,
	OPT_RX,
	OPT_TX,
	OPT_ANONYMIZE,
	OPT_SWAP,
	OPT_STATISTICS,
	OPT_HUMAN,
	OPT_BRIEF,
	OPT_ONELINE,
	OPT_PROC,
	OPT_JSON,
	OPT_PRETTY,
	OPT_COLOR,
	OPT_TIMESTAMP,
	OPT_BATCH,
	OPT_COUNT,
	OPT_DELAY,
	OPT_ASCII,
	OPT_FILE,
	OPT_INTERVAL,
	OPT_BY,
	OPT_LAST,
	OPT_FROM,
	OPT_TO,
	OPT_MONTH,
	OPT_CYCLE,
	OPT_STATION,
	OPT_TOP,
	OPT_RENAME,
	OPT_MERGE,
	OPT_FORGET,
	OPT_CHECK,
	OPT_MAX_STATIONS,
	OPT_MAX_SIZE,
	OPT_REPLAY,
	OPT_LISTEN,
	OPT_STATIONS,
	OPT_TEXTFILE,
	OPT_IPFIX,
	OPT_IPFIX_TEMPLATE,
	OPT_IPFIX_INTERVAL,
	OPT_IPFIX_SIZE,
	OPT_ENGINE,
	OPT_HELP,
	OPT_VERSION,
	OPTIONS
};

#define OPTION(name)	(UINT64_C(1) << OPT_##name)

/* What --vlan was given instead of an id. */
#define VLAN_ANY	UINT64_C(65536)
#define VLAN_NONE	UINT64_C(65537)

/** enum when - when to use colour */
enum when {
	WHEN_AUTO,
	WHEN_ALWAYS,
	WHEN_NEVER,
};

/* The options that were given. */
struct options {
	uint64_t given;			/* OPTION(x) */
	uint64_t number[OPTIONS];	/* numbers, nanoseconds, values of enums */
	const char *text[OPTIONS];	/* as typed, NULL without a value */
};

/** options_have() - was it given? */
static inline bool options_have(const struct options *options, enum option_id id)
{
	return options->given >> id & 1;
}

#endif /* L2PC_TOOL_OPTIONS_H */
