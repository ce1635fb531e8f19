// SPDX-License-Identifier: GPL-2.0
/*
 * The verbs, and what they share: finding one, the words of a call.
 * Copyright (C) the l2packet_counter authors
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cmd/verb.h"
#include "output/select.h"
#include "top/top.h"
#include "util/errors.h"

#define OPTIONS_FORM	(OPTION(STATISTICS) | OPTION(HUMAN) | OPTION(BRIEF) | OPTION(ONELINE))

#define SETTINGS "[hook tap|rx_handler] [vlan on|off]\n" \
		 "       [reset-interval SECONDS] [max-stations N] [station-timeout SECONDS]"

const struct verb verbs[] = {
	{
		.name = "show",
		.arguments = "[DEV]",
		.help = "the stations of a port, or of all, busiest first; also without a verb",
		.options = OPTIONS_VIEW | OPTION(ALL_TIME) | OPTIONS_SELECT | OPTIONS_FORM |
			   OPTION(FILE) | OPTION(REPLAY),
		.sorts = &sort_names,
		.run = verb_show,
	},
	{
		.name = "top",
		.arguments = "[DEV]",
		.help = "the same as it changes, with rates; ? in it lists the keys",
		.notes =
			"Shows lifetime where no other view is asked for.\n"
			"--sort also has rate, which is the default here, and byte-rate.\n"
			"With --batch as many lines and columns as LINES and COLUMNS say, else 24 and 80.\n",
		.options = OPTIONS_VIEW | (OPTIONS_SELECT & ~(OPTION(LIMIT) | OPTION(NO_VLAN))) |
			   OPTION(BATCH) | OPTION(COUNT) | OPTION(DELAY) | OPTION(ASCII) |
			   OPTION(REPLAY),
		.sorts = &top_sort_names,
		.run = verb_top,
	},
	{
		.name = "port",
		.arguments = "[DEV]",
		.help = "the ports: how they are counted, settings, sums",
		.options = OPTIONS_FORM | OPTION(REPLAY),
		.run = verb_port,
	},
	{
		.name = "reset",
		.arguments = "[DEV]",
		.help = "close the window of a port, or of all; says what was in it",
		.notes = "Its stations stay readable with: l2pc show --previous\n"
			 "Needs CAP_NET_ADMIN.\n",
		.options = OPTIONS_FORM,
		.run = verb_reset,
	},
	{
		.name = "monitor",
		.arguments = "",
		.help = "events as they happen, until it is interrupted",
		.notes = "Says \"listening\" on stderr once no event can be missed.\n"
			 "With -j one JSON object a line.\n",
		.options = OPTION(TIMESTAMP) | OPTION(ONELINE) | OPTION(HUMAN) | OPTION(ANONYMIZE),
		.run = verb_monitor,
	},
	{
		.name = "add",
		.arguments = "DEV " SETTINGS,
		.help = "begin to count an interface",
		.notes =
			"What is not given is as the module's parameters say.\n"
			"reset-interval 0 and station-timeout 0 mean never. Needs CAP_NET_ADMIN.\n",
		.run = verb_add,
	},
	{
		.name = "set",
		.arguments = "DEV " SETTINGS,
		.help = "change settings of a port; what is not given stays",
		.notes = "All or nothing. Needs CAP_NET_ADMIN.\n",
		.run = verb_set,
	},
	{
		.name = "del",
		.arguments = "DEV",
		.help = "stop counting an interface, and forget its counts",
		.notes = "Needs CAP_NET_ADMIN.\n",
		.run = verb_del,
	},
	{
		.name = "doctor",
		.arguments = "",
		.help = "is all well, and what mends what is not?",
		.notes = "Status 0 when it is, 1 when something is to be mended.\n",
		.run = verb_doctor,
	},
	{
		.name = "name",
		.arguments = "MAC [NAME]",
		.help = "call a station by a name, or by none",
		.notes = "The name goes into ~/.config/l2pc/names, the user's own file.\n",
		.run = verb_name,
	},
	{
		.name = "save",
		.arguments = "",
		.help = "add what was counted to the totals that survive a reboot",
		.notes = "They are in /var/lib/l2pc/totals; show --all-time shows them.\n",
		.options = OPTION(FILE) | OPTION(INTERVAL) | OPTION(REPLAY),
		.run = verb_save,
	},
	{
		.name = "export",
		.arguments = "",
		.help = "answer Prometheus, show a page that is alive, over HTTP; send IPFIX",
		.notes = "Answers /metrics, / and /api/v1/stations until it is interrupted.\n"
			 "Counters are those of lifetime. :9963 means all addresses.\n"
			 "Says where it listens on stderr.\n"
			 "With --ipfix it answers only where --web.listen-address says so.\n",
		.options = OPTION(LISTEN) | OPTION(STATIONS) | OPTION(TEXTFILE) | OPTION(IPFIX) |
			   OPTION(IPFIX_TEMPLATE) | OPTION(IPFIX_INTERVAL) | OPTION(REPLAY),
		.run = verb_export,
	},
	{
		.name = "help",
		.arguments = "[VERB]",
		.help = "this list, or one verb's words and options",
		.options = OPTION(ONELINE),
		.run = verb_help,
	},
	{ 0 }
};

int verb_find(const char *word, const struct verb **verb)
{
	const struct verb *found = NULL, *other = NULL;
	size_t size = strlen(word);

	*verb = NULL;
	/* Lists are called by the plural now and then. */
	if (!strcmp(word, "ports"))
		size--;
	if (!size)
		return STATUS_DONE;
	for (const struct verb *v = verbs; v->name; v++) {
		if (strncmp(word, v->name, size))
			continue;
		if (!v->name[size]) {
			*verb = v;
			return STATUS_DONE;
		}
		if (found)
			other = v;
		else
			found = v;
	}
	if (other)
		return usage_error("\"%s\" may be %s or %s", word, found->name, other->name);
	*verb = found;
	return STATUS_DONE;
}

const char *verb_names(void)
{
	static char names[256];
	size_t size = 0;

	for (const struct verb *v = verbs; v->name && size < sizeof(names); v++)
		size += (size_t)snprintf(names + size, sizeof(names) - size, "%s%s",
					 v == verbs ? "" : ", ", v->name);
	return names;
}

/* As the kernel sees it: what dev_valid_name() refuses cannot be a device. */
static int check_ifname(const char *name)
{
	if (!name[0])
		return usage_error("interface name \"\" is empty");
	if (strlen(name) > L2PC_NAME_MAX)
		return usage_error("interface name \"%s\" is too long, it has at most %d characters",
				   name, L2PC_NAME_MAX);
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return usage_error("interface name \"%s\" is none", name);
	for (const char *p = name; *p; p++)
		if (*p == '/' || *p == ':' || isspace((unsigned char)*p))
			return usage_error("interface name \"%s\" is none: it has no \"/\", \":\" or space in it",
					   name);
	return STATUS_DONE;
}

static void next_argument(struct call *call)
{
	call->argv++;
	call->argc--;
}

int call_device(struct call *call, bool needed, const char **ifname)
{
	*ifname = NULL;
	/* `dev` may stand before a name, as with ip. */
	if (call->argc > 1 && !strcmp(call->argv[0], "dev"))
		next_argument(call);
	if (!call->argc) {
		if (!needed)
			return STATUS_DONE;
		return usage_error("%s needs an interface: l2pc %s DEV", call->verb->name,
				   call->verb->name);
	}
	*ifname = call->argv[0];
	next_argument(call);
	return check_ifname(*ifname);
}

int call_end(const struct call *call)
{
	if (!call->argc)
		return STATUS_DONE;
	return usage_error("what is \"%s\"? l2pc help %s says what %s takes", call->argv[0],
			   call->verb->name, call->verb->name);
}

int call_only_device(const struct call *call, const char **ifname)
{
	struct call rest = *call;
	int status = call_device(&rest, false, ifname);

	return status ? status : call_end(&rest);
}
