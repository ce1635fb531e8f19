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

#include "cmd/verb.h"
#include "source/source.h"
#include "util/errors.h"
#include "util/files.h"
#include "util/value.h"

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
	const char *values;
} table[] = {
	{ "hook", KIND_HOOK, L2PC_A_PORT_HOOK_WANTED, 0, 0, "tap or rx_handler" },
	{ "vlan", KIND_SWITCH, L2PC_A_PORT_VLAN, 0, 1, "on or off" },
	{ "reset-interval", KIND_NUMBER, L2PC_A_PORT_RESET_INTERVAL, 0, L2PC_RESET_INTERVAL_MAX,
	  "seconds, 0 for never" },
	{ "max-stations", KIND_NUMBER, L2PC_A_PORT_MAX_STATIONS, 1, L2PC_MAX_STATIONS_MAX,
	  "a number" },
	{ "station-timeout", KIND_NUMBER, L2PC_A_PORT_STATION_TIMEOUT, 0,
	  L2PC_STATION_TIMEOUT_MAX, "seconds, 0 for never" },
};

#define NAMES "hook, vlan, reset-interval, max-stations, station-timeout"

/* Those that were given, by place in the table. */
struct settings {
	uint32_t given;
	uint32_t value[ARRAY_SIZE(table)];
};

static int parse_value(const struct setting *setting, const char *text, uint32_t *value)
{
	uint64_t number;
	int status;

	switch (setting->kind) {
	case KIND_HOOK:
		status = value_enum(setting->name, text, &hook_wanted_names, &number);
		if (!status && number >= ENUM_OLDER) {
			error_print(
				"note: hook \"%s\" is taken as tap, which replaces auto and ingress",
				text);
			number = L2PC_HOOK_WANTED_TAP;
		}
		break;
	case KIND_SWITCH:
		*value = !strcmp(text, "on");
		if (*value || !strcmp(text, "off"))
			return STATUS_DONE;
		return usage_error("%s \"%s\" is neither on nor off", setting->name, text);
	default:
		status = value_number(setting->name, text, setting->min, setting->max, &number);
	}
	if (!status)
		*value = (uint32_t)number;
	return status;
}

static int parse_settings(const struct call *call, struct settings *settings)
{
	for (int i = 0; i < call->argc; i += 2) {
		size_t n = 0;
		int status;

		while (n < ARRAY_SIZE(table) && !enum_name_equal(table[n].name, call->argv[i]))
			n++;
		if (n == ARRAY_SIZE(table))
			return usage_error("\"%s\" is no setting; there are " NAMES, call->argv[i]);
		if (i + 1 == call->argc)
			return usage_error("%s needs a value: %s", table[n].name, table[n].values);
		if (settings->given & BIT(n))
			return usage_error("%s is given twice", table[n].name);
		status = parse_value(&table[n], call->argv[i + 1], &settings->value[n]);
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

/* Every interface that can be counted, as "eth0, eth1". */
static void list_interfaces(char *list, size_t room)
{
	DIR *directory = file_directory("/sys/class/net");
	const struct dirent *d;
	size_t size = 0;

	list[0] = 0;
	while (directory && (d = readdir(directory)) && size < room) {
		char path[FILE_PATH], type[16];

		/* ARPHRD_ETHER */
		snprintf(path, sizeof(path), "/sys/class/net/%.64s/type", d->d_name);
		if (d->d_name[0] == '.' || !file_line(path, type, sizeof(type)) || strcmp(type, "1"))
			continue;
		size += (size_t)snprintf(list + size, room - size, "%s%s", size ? ", " : "",
					 d->d_name);
	}
	if (directory)
		closedir(directory);
}

static int explain_error(struct source *source, int error, const char *ifname, uint8_t cmd)
{
	char list[1024];

	if (cmd == L2PC_CMD_PORT_ADD && error == -ENODEV) {
		list_interfaces(list, sizeof(list));
		return usage_error("there is no interface %s; %s%s", ifname,
				   list[0] ? "there are " : "there is none that can be counted", list);
	}
	return source_explain(source, error, ifname);
}

static int send_settings(const struct call *call, uint8_t cmd, const char *ifname,
			 const struct settings *settings)
{
	struct source source;
	int status = source_open(&source, &call->options, call->verb->name), error;
	struct nlmsghdr *nlh;

	if (status)
		return status;
	nlh = nl_request(&source.nl, cmd, ifname, L2PC_A_PORT_IFNAME);
	put_settings(nlh, settings);
	error = nl_do(&source.nl, nlh, NULL, NULL);
	if (error)
		status = explain_error(&source, error, ifname, cmd);
	else
		output_empty(&call->options);
	source_close(&source);
	return status;
}

static int change_port(const struct call *call, uint8_t cmd, bool some)
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
	return send_settings(call, cmd, ifname, &settings);
}

int verb_add(const struct call *call)
{
	return change_port(call, L2PC_CMD_PORT_ADD, false);
}

int verb_set(const struct call *call)
{
	return change_port(call, L2PC_CMD_PORT_SET, true);
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
	return status ? status : send_settings(call, L2PC_CMD_PORT_DEL, ifname, &none);
}
