// SPDX-License-Identifier: GPL-2.0
/*
 * Verbs: the table of all, finding one, checking its arguments.
 * Copyright (C) the l2packet_counter authors
 */
#include <string.h>

#include "cmd/verb.h"
#include "doctor/doctor.h"
#include "output/sort.h"
#include "source/altname.h"
#include "source/source.h"
#include "top/top.h"
#include "util/files.h"

#define OPTIONS_FORM \
	(OPTION(STATISTICS) | OPTION(HUMAN) | OPTION(BRIEF) | OPTION(ONELINE) | OPTIONS_JSON)

static int verb_doctor(const struct call *call)
{
	return doctor_run(&call->options);
}

const struct verb verbs[] = {
	{
		.name = "show",
		.help = "print stations, busiest first; the default verb",
		.device = DEVICE_OPTIONAL,
		.reads = true,
		.options = OPTIONS_VIEW | OPTION(ALL_TIME) | OPTIONS_SELECT | OPTIONS_FORM |
			   OPTION(SWAP) | OPTION(PROC) | OPTION(FILE) | OPTION(REPLAY),
		.defaults = OPTION(WINDOW),
		.sorts = &sort_names,
		.run = verb_show,
	},
	{
		.name = "top",
		.help = "show stations and their rates live; ? lists the keys",
		.notes = "With --batch the size is COLUMNS by LINES, else 80 by 24.\n",
		.device = DEVICE_OPTIONAL,
		.runs_on = true,
		.reads = true,
		.options = OPTIONS_VIEW | (OPTIONS_SELECT & ~(OPTION(LIMIT) | OPTION(NO_VLAN))) |
			   OPTION(SWAP) | OPTION(BATCH) | OPTION(COUNT) | OPTION(DELAY) | OPTION(ASCII) |
			   OPTION(REPLAY),
		.defaults = OPTION(LIFETIME),
		.sorts = &top_sort_names,
		.run = verb_top,
	},
	{
		.name = "port",
		.help = "print ports and patterns: state, settings, sums",
		.notes = "With a pattern: its ports, and the pattern.\n",
		.device = DEVICE_OPTIONAL,
		.pattern_cmd = L2PC_CMD_PATTERN_GET,
		.reads = true,
		.options = OPTIONS_FORM | OPTION(REPLAY),
		.run = verb_port,
	},
	{
		.name = "reset",
		.help = "close the window of a port, or of all; print its sums",
		.notes = "Its stations stay readable with: l2pc show --previous\n"
			 "Needs CAP_NET_ADMIN.\n",
		.device = DEVICE_OPTIONAL,
		.reads = true,
		.options = OPTIONS_FORM,
		.run = verb_reset,
	},
	{
		.name = "monitor",
		.help = "print events until interrupted",
		.notes = "Prints \"listening\" to stderr once no event can be missed.\n"
			 "With -j each line is a JSON object.\n",
		.runs_on = true,
		.reads = true,
		.options = OPTION(TIMESTAMP) | OPTION(ONELINE) | OPTION(HUMAN) | OPTION(ANONYMIZE) |
			   OPTIONS_JSON,
		.run = verb_monitor,
	},
	{
		.name = "run",
		.help = "count an interface without the module, until interrupted",
		.notes = "Counts by a BPF program at tcx (Linux 5.10 to 6.5: clsact), and says at the end\n"
			 "what it counted. While it runs, all verbs work in this network namespace;\n"
			 "add counts one more interface; run none starts without one.\n"
			 "A pattern is possible, as with add.\n"
			 "Needs CAP_NET_ADMIN, CAP_BPF, CAP_PERFMON.\n",
		.device = DEVICE_REQUIRED,
		.settings = true,
		.runs_on = true,
		.cmd = L2PC_CMD_PORT_ADD,
		.pattern_cmd = L2PC_CMD_PATTERN_ADD,
		.run = verb_run,
	},
	{
		.name = "add",
		.help = "start counting an interface, or all of a pattern",
		.notes =
			"A name with *, ? or [ is a pattern, as in: sudo l2pc add 'tap*' keep 600\n"
			"Its interfaces become ports, and others when they appear. When one is removed,\n"
			"its port is kept for keep seconds. The pattern that was added first applies.\n"
			"Settings that are not given come from the module's parameters.\n"
			"reset-interval 0 and station-timeout 0 mean never. Needs CAP_NET_ADMIN.\n",
		.device = DEVICE_REQUIRED,
		.settings = true,
		.options = OPTIONS_JSON,
		.cmd = L2PC_CMD_PORT_ADD,
		.pattern_cmd = L2PC_CMD_PATTERN_ADD,
		.run = verb_change,
	},
	{
		.name = "set",
		.help = "change settings of a port; the others stay as they are",
		.notes = "All of them are changed, or none. Needs CAP_NET_ADMIN.\n"
			 "A pattern cannot be changed: delete and add it.\n",
		.device = DEVICE_REQUIRED,
		.settings = true,
		.options = OPTIONS_JSON,
		.cmd = L2PC_CMD_PORT_SET,
		.pattern_cmd = L2PC_CMD_PORT_SET,
		.run = verb_change,
	},
	{
		.name = "del",
		.help = "stop counting an interface, and discard its counts",
		.notes = "A pattern is deleted with its ports: sudo l2pc del 'tap*'\n"
			 "Needs CAP_NET_ADMIN.\n",
		.device = DEVICE_REQUIRED,
		.options = OPTIONS_JSON,
		.cmd = L2PC_CMD_PORT_DEL,
		.pattern_cmd = L2PC_CMD_PATTERN_DEL,
		.run = verb_change,
	},
	{
		.name = "doctor",
		.help = "check the installation and suggest fixes",
		.notes = "Exits with 0 when nothing needs a fix, else with 1.\n",
		.options = OPTIONS_JSON,
		.run = verb_doctor,
	},
	{
		.name = "name",
		.help = "name a station, or remove its name",
		.notes = "Names are stored in ~/.config/l2pc/names, a file of the user.\n",
		.arguments = "MAC [NAME]",
		.options = OPTIONS_JSON,
		.run = verb_name,
	},
	{
		.name = "save",
		.help = "add the counts to a history that survives a reboot",
		.notes = "Print its sums with: l2pc show --all-time\n",
		.reads = true,
		.options = OPTION(FILE) | OPTION(INTERVAL) | OPTION(REPLAY) | OPTIONS_JSON,
		.run = verb_save,
	},
	{
		.name = "history",
		.help = "print what was counted by hour, day or month",
		.notes = "Shows what l2pc save has stored, by default by day, of the last 30 days.\n"
			 "Ten minutes are kept for 2 days, hours for 60 days, days for 2 years.\n"
			 "The options from --rename on change the history, but for --check.\n",
		.device = DEVICE_OPTIONAL,
		.options = OPTION(BY) | OPTION(LAST) | OPTION(FROM) | OPTION(TO) | OPTION(MONTH) |
			   OPTION(CYCLE) | OPTION(STATION) | OPTION(TOP) | OPTION(ANONYMIZE) |
			   OPTION(HUMAN) | OPTION(ONELINE) | OPTIONS_JSON | OPTION(FILE) |
			   OPTIONS_HISTORY_EDIT,
		.run = verb_history,
	},
	{
		.name = "export",
		.help = "serve metrics and a live status page, or send IPFIX",
		.notes =
			"Serves /metrics, /, /api/v1/stations and /api/v1/history over HTTP, with\n"
			"lifetime counters, until interrupted. The address :9963 means all addresses.\n"
			"Prints the address to stderr. With --ipfix it serves only with\n"
			"--web.listen-address.\n",
		.runs_on = true,
		.options = OPTION(LISTEN) | OPTION(STATIONS) | OPTION(TEXTFILE) | OPTION(IPFIX) |
			   OPTION(IPFIX_TEMPLATE) | OPTION(IPFIX_INTERVAL) | OPTION(IPFIX_SIZE) |
			   OPTION(REPLAY),
		.run = verb_export,
	},
	{
		.name = "help",
		.help = "print this list, or the help of a verb",
		.arguments = "[VERB]",
		.options = OPTION(ONELINE) | OPTIONS_JSON,
		.run = verb_help,
	},
	{ 0 }
};

int verb_find(const char *word, const struct verb **verb)
{
	char list[64] = "";
	size_t size = strlen(word);
	int found = 0;

	*verb = NULL;
	/* Some type the plural. */
	if (!strcmp(word, "ports"))
		size--;
	for (const struct verb *v = verbs; v->name && size; v++) {
		if (strncmp(word, v->name, size) || (v->runs_on && v->name[size]))
			continue;
		*verb = v;
		if (!v->name[size])
			return STATUS_DONE;
		text_add(list, sizeof(list), ", ", v->name);
		found++;
	}
	return found > 1 ? usage_error("ambiguous verb \"%s\" (%s)", word, list) : STATUS_DONE;
}

const char *verb_list(void)
{
	static char list[128];

	list[0] = 0;
	for (const struct verb *v = verbs; v->name; v++)
		text_add(list, sizeof(list), ", ", v->name);
	return list;
}

/* The kernel's rules, dev_valid_name(), and the length of alternative names. */
static bool is_ifname(const char *name)
{
	return name[0] && strlen(name) <= ALTNAME_MAX && strcmp(name, ".") &&
	       strcmp(name, "..") && !name[strcspn(name, "/: \t\n\v\f\r")];
}

/*
 * Replace an alternative name by the interface's own, which its port has. A port without an
 * interface may have the same name: then it is that port.
 */
static int resolve_name(struct call *call)
{
	const char *name = call->ifname;

	/* A recording is of another machine. */
	if (!options_have(&call->options, OPT_REPLAY) && altname_find(name, call->own)) {
		if (!source_has_port(name))
			call->ifname = call->own;
		return STATUS_DONE;
	}
	if (strlen(name) <= L2PC_NAME_MAX)
		return STATUS_DONE;
	return usage_error(
		"unknown interface %s (an interface's own name has at most %d characters, and none has this alternative name)",
		name, L2PC_NAME_MAX);
}

/*
 * Check whether an interface to add, or else a port, has exactly this name: it is not a pattern
 * then. The kernel lets any character but a few be in a name.
 */
static bool is_literal(const struct call *call)
{
	const char *name = call->ifname;

	if (options_have(&call->options, OPT_REPLAY) || !is_ifname(name))
		return false;
	return call->verb->cmd == L2PC_CMD_PORT_ADD ? sysfs_exists(name, "") : source_has_port(name);
}

/* Check the length only: the kernel knows what may be in a pattern. */
static int check_name(struct call *call)
{
	const char *name = call->ifname;

	call->is_pattern = call->verb->pattern_cmd && pattern_is(name) && !is_literal(call);
	if (call->is_pattern && strlen(name) > L2PC_PATTERN_MAX)
		return usage_error("invalid pattern \"%s\" (1 to %d characters)", name,
				   L2PC_PATTERN_MAX);
	if (!call->is_pattern && !is_ifname(name))
		return usage_error(
			"invalid interface name \"%s\" (1 to %d characters, an alternative name %d, no /, : or space)",
			name, L2PC_NAME_MAX, ALTNAME_MAX);
	return call->is_pattern ? STATUS_DONE : resolve_name(call);
}

int call_arguments(struct call *call)
{
	const struct verb *verb = call->verb;

	/* As with ip, "dev" may stand before the name. */
	if (verb->device && call->argc > 1 && !strcmp(call->argv[0], "dev")) {
		call->argv++;
		call->argc--;
	}
	if (verb->device == DEVICE_REQUIRED && !call->argc)
		return usage_error("%s: missing interface (l2pc %s DEV)", verb->name, verb->name);
	if (verb->device && call->argc) {
		call->ifname = *call->argv++;
		call->argc--;
		if (check_name(call))
			return STATUS_USAGE;
	}
	if (call->argc && !verb->arguments && !verb->settings)
		return usage_error("unexpected argument \"%s\" (see: l2pc help %s)", call->argv[0],
				   verb->name);
	return STATUS_DONE;
}
