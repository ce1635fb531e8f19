// SPDX-License-Identifier: GPL-2.0
/*
 * The verbs add, set and del: ports and their settings.
 * Copyright (C) the l2packet_counter authors
 *
 * Everything that was typed is checked before anything is sent: one request
 * carries all of it, and the kernel takes all of it or nothing.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "netlink.h"
#include "verb.h"

enum kind {
	KIND_HOOK,
	KIND_SWITCH,
	KIND_NUMBER,
};

static const struct setting {
	const char *name;
	enum kind kind;
	uint16_t attr;
	uint32_t min;
	uint32_t max;
} table[] = {
	{ "hook", KIND_HOOK, L2PC_A_PORT_HOOK_WANTED, 0, 0 },
	{ "vlan", KIND_SWITCH, L2PC_A_PORT_VLAN, 0, 1 },
	{ "reset-interval", KIND_NUMBER, L2PC_A_PORT_RESET_INTERVAL, 0, L2PC_RESET_INTERVAL_MAX },
	{ "max-stations", KIND_NUMBER, L2PC_A_PORT_MAX_STATIONS, 1, L2PC_MAX_STATIONS_MAX },
	{ "station-timeout", KIND_NUMBER, L2PC_A_PORT_STATION_TIMEOUT, 0,
	  L2PC_STATION_TIMEOUT_MAX },
};

#define NAMES "hook, vlan, reset-interval, max-stations, station-timeout"

/* Those that were given, by place in the table. */
struct settings {
	uint32_t given;
	uint32_t value[ARRAY_SIZE(table)];
};

static int parse_number(const struct setting *setting, const char *text, uint32_t *value)
{
	unsigned long long number;
	char *end;

	errno = 0;
	number = strtoull(text, &end, 10);
	/* strtoull() takes signs and spaces; here a number is digits. */
	if (text[0] < '0' || text[0] > '9' || *end || errno || number < setting->min ||
	    number > setting->max)
		return usage_error("%s \"%s\" is not a number from %u to %u", setting->name, text,
				   setting->min, setting->max);
	*value = (uint32_t)number;
	return STATUS_DONE;
}

static int parse_value(const struct setting *setting, const char *text, uint32_t *value)
{
	int found;

	switch (setting->kind) {
	case KIND_HOOK:
		found = words_find(&hook_wanted_words, text);
		if (found < 0)
			return usage_error("hook \"%s\" is none of auto, rx_handler, ingress", text);
		*value = (uint32_t)found;
		return STATUS_DONE;
	case KIND_SWITCH:
		*value = !strcmp(text, "on");
		if (*value || !strcmp(text, "off"))
			return STATUS_DONE;
		return usage_error("%s \"%s\" is neither on nor off", setting->name, text);
	default:
		return parse_number(setting, text, value);
	}
}

static int parse_settings(const struct call *call, struct settings *settings)
{
	for (int i = 0; i < call->count; i += 2) {
		size_t n = 0;
		int status;

		while (n < ARRAY_SIZE(table) && !word_same(table[n].name, call->word[i]))
			n++;
		if (n == ARRAY_SIZE(table))
			return usage_error("\"%s\" is no setting; there are " NAMES, call->word[i]);
		if (i + 1 == call->count)
			return usage_error("%s needs a value", table[n].name);
		if (settings->given & BIT(n))
			return usage_error("%s is given twice", table[n].name);
		status = parse_value(&table[n], call->word[i + 1], &settings->value[n]);
		if (status)
			return status;
		settings->given |= BIT(n);
	}
	return STATUS_DONE;
}

static void put_settings(struct nlmsghdr *nlh, const struct settings *settings)
{
	for (size_t n = 0; n < ARRAY_SIZE(table); n++) {
		if (!(settings->given & BIT(n)))
			continue;
		if (table[n].kind == KIND_SWITCH)
			mnl_attr_put_u8(nlh, table[n].attr, (uint8_t)settings->value[n]);
		else
			mnl_attr_put_u32(nlh, table[n].attr, settings->value[n]);
	}
}

static int change(const struct call *call, uint8_t cmd, const char *ifname,
		  const struct settings *settings)
{
	int status = STATUS_DONE, error;
	struct output output;
	struct nl nl;

	error = nl_open(&nl);
	if (!error) {
		struct nlmsghdr *nlh = nl_request(&nl, cmd, ifname, L2PC_A_PORT_IFNAME);

		put_settings(nlh, settings);
		error = nl_do(&nl, nlh, NULL, NULL);
	}
	if (error) {
		status = nl_explain(&nl, error, call->verb->name, ifname);
	} else if (call->options & OPTION_JSON) {
		/* There is nothing to tell, but a script may expect its array. */
		call_output(call, &output);
		output.format->begin(&output);
		output.format->end(&output);
	}
	nl_close(&nl);
	return status;
}

static int with_settings(const struct call *call, uint8_t cmd, bool some)
{
	struct settings settings = { 0 };
	struct call rest = *call;
	const char *ifname;
	int status;

	status = call_device(&rest, true, &ifname);
	if (!status)
		status = parse_settings(&rest, &settings);
	if (status)
		return status;
	if (some && !settings.given)
		return usage_error("%s needs a setting and its value: " NAMES, call->verb->name);
	return change(call, cmd, ifname, &settings);
}

int verb_add(const struct call *call)
{
	return with_settings(call, L2PC_CMD_PORT_ADD, false);
}

int verb_set(const struct call *call)
{
	return with_settings(call, L2PC_CMD_PORT_SET, true);
}

int verb_del(const struct call *call)
{
	const struct settings none = { 0 };
	struct call rest = *call;
	const char *ifname;
	int status;

	status = call_device(&rest, true, &ifname);
	if (!status)
		status = call_end(&rest);
	return status ? status : change(call, L2PC_CMD_PORT_DEL, ifname, &none);
}
