// SPDX-License-Identifier: GPL-2.0
/*
 * What a port is and how it is set, in words.
 * Copyright (C) the l2packet_counter authors
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "port_text.h"

__attribute__((format(printf, 2, 3)))
static void add(char text[PORT_TEXT], const char *format, ...)
{
	size_t size = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + size, PORT_TEXT - size, format, args);
	va_end(args);
}

const char *port_settings(const struct port *port, char text[PORT_TEXT])
{
	static const struct {
		unsigned int attr;
		const char *word;
	} numbers[] = {
		{ L2PC_A_PORT_RESET_INTERVAL, "reset-interval" },
		{ L2PC_A_PORT_MAX_STATIONS, "max-stations" },
		{ L2PC_A_PORT_STATION_TIMEOUT, "station-timeout" },
	};

	text[0] = 0;
	if (port->has & BIT(L2PC_A_PORT_HOOK_WANTED))
		add(text, "hook %s", words_get(&hook_wanted_words,
					       port->value[L2PC_A_PORT_HOOK_WANTED]));
	if (port->has & BIT(L2PC_A_PORT_VLAN))
		add(text, "%svlan %s", text[0] ? " " : "",
		    port->value[L2PC_A_PORT_VLAN] ? "on" : "off");
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		if (port->has & BIT(numbers[i].attr))
			add(text, "%s%s %" PRIu64, text[0] ? " " : "", numbers[i].word,
			    port->value[numbers[i].attr]);
	return text;
}

const char *port_hook(const struct port *port, char text[PORT_TEXT])
{
	static const char *const why[] = {
		[L2PC_HOOK_REASON_FREE] = "free, and sees every frame",
		[L2PC_HOOK_REASON_WANTED] = "asked for",
		[L2PC_HOOK_REASON_TAKEN] = "the RX handler is somebody else's",
		[L2PC_HOOK_REASON_VLAN] = "VLAN devices take frames before the RX handler",
		[L2PC_HOOK_REASON_JOINING] = "somebody is about to take the RX handler",
		[L2PC_HOOK_REASON_DOWN] = "down, a bond or team may take it",
	};
	uint64_t reason = port->value[L2PC_A_PORT_HOOK_REASON];

	text[0] = 0;
	if (!(port->has & BIT(L2PC_A_PORT_HOOK)))
		return text;
	if (port->value[L2PC_A_PORT_HOOK] == L2PC_HOOK_KIND_NONE) {
		add(text, "not counted, there is no device");
		return text;
	}
	add(text, "counted by %s", words_get(&hook_words, port->value[L2PC_A_PORT_HOOK]));
	if (reason < ARRAY_SIZE(why) && why[reason])
		add(text, " (%s)", why[reason]);
	else if (port->has & BIT(L2PC_A_PORT_HOOK_REASON))
		add(text, " (%s)", words_get(&hook_reason_words, reason));
	return text;
}
