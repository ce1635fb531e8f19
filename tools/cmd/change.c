// SPDX-License-Identifier: GPL-2.0
/*
 * The verbs add, set, del and run: ports, patterns and their settings.
 * Copyright (C) the l2packet_counter authors
 *
 * Arguments are checked before anything is sent. One request carries all of them, and the
 * kernel applies all or none.
 */
#include <errno.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/verb.h"
#include "run/run.h"
#include "source/engine.h"
#include "source/protocol.h"
#include "source/source.h"
#include "util/files.h"

/* The settings that were given: bit and value by place in the table. */
struct changes {
	uint32_t given;
	uint32_t value[SETTINGS];
};

static const char *setting_list(const struct verb *verb)
{
	static char list[128];

	list[0] = 0;
	for (size_t i = 0; i < SETTINGS; i++)
		if (verb_has_setting(verb, &settings[i]))
			text_add(list, sizeof(list), ", ", settings[i].name);
	return list;
}

static int read_setting(const struct setting *setting, const char *text, uint32_t *value)
{
	uint64_t number = 0;
	int status = setting->names ?
			     value_enum(setting->name, text, setting->names, &number) :
			     value_number(setting->name, text, setting->min, setting->max, &number);

	if (!status && setting->names && number >= ENUM_OLDER) {
		error_print("note: hook \"%s\" means tap now, which replaces auto and ingress",
			    text);
		number = L2PC_HOOK_WANTED_TAP;
	}
	*value = (uint32_t)number;
	return status;
}

static int read_settings(const struct call *call, struct changes *changes)
{
	for (int i = 0; i < call->argc; i += 2) {
		size_t n = 0;
		int status;

		while (n < SETTINGS && !enum_name_equal(settings[n].name, call->argv[i]))
			n++;
		if (n == SETTINGS)
			return usage_error("unknown setting \"%s\" (one of: %s)", call->argv[i],
					   setting_list(call->verb));
		if (setting_of_pattern(&settings[n]) && !call->is_pattern)
			return usage_error("%s: only for patterns (as in: l2pc add 'tap*' %s 600)",
					   settings[n].name, settings[n].name);
		if (i + 1 == call->argc)
			return usage_error("%s: missing value (see: l2pc help %s)",
					   settings[n].name, call->verb->name);
		if (changes->given & BIT(n))
			return usage_error("%s: given twice", settings[n].name);
		status = read_setting(&settings[n], call->argv[i + 1], &changes->value[n]);
		if (status)
			return status;
		changes->given |= BIT(n);
	}
	return STATUS_DONE;
}

static void put_settings(struct nlmsghdr *nlh, const struct changes *changes)
{
	for (size_t n = 0; n < SETTINGS; n++) {
		uint8_t narrow = (uint8_t)changes->value[n];

		if (changes->given & BIT(n))
			mnl_attr_put(nlh, settings[n].attr, settings[n].size,
				     settings[n].size == sizeof(narrow) ? (const void *)&narrow :
									  &changes->value[n]);
	}
}

/* Report an interface that does not exist, and list those that do. */
static int explain_interface(const char *ifname)
{
	struct interfaces interfaces = { 0 };
	char list[1024] = "";

	interfaces_read(&interfaces, true);
	for (size_t i = 0; i < interfaces.count; i++)
		text_add(list, sizeof(list), ", ", interfaces.name[i]);
	free(interfaces.name);
	return usage_error("unknown interface %s (%s%s)", ifname,
			   list[0] ? "there are: " : "none can be counted", list);
}

/* Note what an added pattern does not count: the command has succeeded all the same. */
static void note_pattern(struct source *source, const char *pattern)
{
	struct ports patterns = { 0 };
	const struct port *added = NULL;

	if (!source_patterns(source, &patterns))
		for (size_t i = 0; i < patterns.count; i++)
			if (!strcmp(patterns.port[i].pattern, pattern))
				added = &patterns.port[i];
	if (added && added->value[L2PC_A_PORT_MISSED])
		error_print("note: %s: interfaces that match and are not counted: %" PRIu64
			    ", there are as many ports as there may be (l2pc port)",
			    pattern, added->value[L2PC_A_PORT_MISSED]);
	else if (added && !added->value[L2PC_A_PORT_PORTS])
		error_print("note: %s: has no ports now, interfaces that match become ports when they appear",
			    pattern);
	ports_free(&patterns);
}

static int refuse_set(const char *pattern)
{
	const char *word = text_shell(pattern);

	return usage_error(
		"set: a pattern cannot be changed (l2pc del %s, then l2pc add %s with all its settings, which deletes its counts; or set its ports one by one: l2pc port %s)",
		word, word, word);
}

/*
 * Check that l2pc run does not count what is to be added to the module: each frame would be
 * counted twice. The kernel knows nothing of l2pc run, which checks the other direction.
 */
static int check_run(const struct call *call)
{
	struct ports ports = { 0 };
	const char *counted = NULL, *word = text_shell(call->ifname);

	engine_ports(ENGINE_BPF, &ports);
	/* It may have a port that it does not count, because the module does. */
	for (size_t i = 0; i < ports.count && !counted; i++)
		if (ports.port[i].value[L2PC_A_PORT_STATE] != L2PC_PORT_STATE_UNSUPPORTED &&
		    (call->is_pattern ? !fnmatch(call->ifname, ports.port[i].ifname, 0) :
					!strcmp(call->ifname, ports.port[i].ifname)))
			counted = ports.port[i].ifname;
	if (counted && call->is_pattern)
		error_print("%s: matches %s, which l2pc run counts (l2pc --engine bpf show %s)",
			    call->ifname, counted, text_shell(counted));
	else if (counted)
		error_print("%s: l2pc run counts it (l2pc --engine bpf show %s)", call->ifname, word);
	ports_free(&ports);
	return counted ? STATUS_FAILED : STATUS_DONE;
}

int verb_change(const struct call *call)
{
	uint8_t cmd = call->is_pattern ? call->verb->pattern_cmd : call->verb->cmd;
	struct changes changes = { 0 };
	struct nlmsghdr *nlh;
	struct source source;
	int status = read_settings(call, &changes), error;

	if (!status && cmd == L2PC_CMD_PORT_SET && call->is_pattern)
		status = refuse_set(call->ifname);
	if (!status && cmd == L2PC_CMD_PORT_SET && !changes.given)
		status = usage_error("set: missing setting (one of: %s)", setting_list(call->verb));
	if (!status)
		status = source_open(&source, &call->options, call->verb->name);
	if (status)
		return status;
	if ((cmd == L2PC_CMD_PORT_ADD || cmd == L2PC_CMD_PATTERN_ADD) && source.nl.socket) {
		status = check_run(call);
		if (status) {
			source_close(&source);
			return status;
		}
	}
	nlh = nl_request(&source.nl, cmd, call->ifname,
			 call->is_pattern ? L2PC_A_PORT_PATTERN : L2PC_A_PORT_IFNAME);
	put_settings(nlh, &changes);
	error = nl_do(&source.nl, nlh, NULL, NULL);
	if (cmd == L2PC_CMD_PORT_ADD && error == -ENODEV) {
		source_close(&source);
		return explain_interface(call->ifname);
	}
	if (call->is_pattern && error == -EOPNOTSUPP && !source.nl.message[0]) {
		source_close(&source);
		error_print("%s: the loaded module is older than patterns (version 2.2 has them)",
			    call->ifname);
		return STATUS_FAILED;
	}
	if (cmd == L2PC_CMD_PATTERN_ADD && !error)
		note_pattern(&source, call->ifname);
	if (!error)
		output_empty(&call->options);
	return source_finish(&source, error, call->ifname);
}

int verb_run(const struct call *call)
{
	/* The request that l2pc add would send. */
	struct nl nl = { .family = PROTOCOL_FAMILY };
	struct changes changes = { 0 };
	struct nlmsghdr *nlh;
	/* As the module's parameter: without a port, until l2pc add adds one. */
	bool none = !strcmp(call->ifname, "none");
	int status = none && call->argc ? usage_error("run none: takes no settings (l2pc add DEV takes them)") :
					  read_settings(call, &changes);

	if (!status && engine_chosen() == ENGINE_MODULE)
		status = usage_error("run: counts without the module (sudo l2pc add %s counts with it)",
				     text_shell(call->ifname));
	if (!status && none)
		return run_until_signal(NULL);
	if (!status && !call->is_pattern && !if_nametoindex(call->ifname))
		status = explain_interface(call->ifname);
	if (status)
		return status;
	nlh = nl_request(&nl, call->is_pattern ? call->verb->pattern_cmd : call->verb->cmd, call->ifname,
			 call->is_pattern ? L2PC_A_PORT_PATTERN : L2PC_A_PORT_IFNAME);
	put_settings(nlh, &changes);
	return run_until_signal(nlh);
}
