// SPDX-License-Identifier: GPL-2.0
/*
 * What a port is and how it is set, in words.
 * Copyright (C) the l2packet_counter authors
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <net/if_arp.h>

#include "output/port_text.h"
#include "util/errors.h"
#include "util/files.h"

__attribute__((format(printf, 2, 3))) static void append_text(char text[PORT_TEXT],
							      const char *format, ...)
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
		append_text(text, "hook %s",
			    enum_name(&hook_wanted_names, port->value[L2PC_A_PORT_HOOK_WANTED]));
	if (port->has & BIT(L2PC_A_PORT_VLAN))
		append_text(text, "%svlan %s", text[0] ? " " : "",
			    port->value[L2PC_A_PORT_VLAN] ? "on" : "off");
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		if (port->has & BIT(numbers[i].attr))
			append_text(text, "%s%s %" PRIu64, text[0] ? " " : "", numbers[i].word,
				    port->value[numbers[i].attr]);
	return text;
}

void port_check_older(const struct port *port)
{
	static bool warned;
	char version[64];

	if (!port->older || warned)
		return;
	warned = true;
	if (!file_line("/sys/module/l2packet_counter/version", version, sizeof(version)))
		snprintf(version, sizeof(version), "?");
	error_print(
		"note: the loaded module (version %s) is older than this tool (%s); it counts by its own hooks until it is loaded again",
		version, L2PC_VERSION);
}

const char *port_hook(const struct port *port, char text[PORT_TEXT])
{
	uint64_t hook = port->value[L2PC_A_PORT_HOOK], type = port->value[L2PC_A_PORT_DEVICE_TYPE];

	text[0] = 0;
	if (!(port->has & BIT(L2PC_A_PORT_HOOK)))
		return text;
	if (hook == L2PC_HOOK_KIND_RX_HANDLER)
		append_text(text,
			    "counted by rx_handler (only frames that nothing before it takes)");
	else if (hook != L2PC_HOOK_KIND_NONE)
		append_text(text, "counted by %s", enum_name(&hook_names, hook));
	else if (port->value[L2PC_A_PORT_STATE] == L2PC_PORT_STATE_NO_DEVICE)
		append_text(text, "not counted, there is no device");
	else if (port->has & BIT(L2PC_A_PORT_DEVICE_TYPE) && type != ARPHRD_ETHER)
		append_text(text,
			    "not counted: not an Ethernet device now (ARPHRD type %" PRIu64 ")",
			    type);
	else
		append_text(text, "not counted: the device cannot be counted now (see dmesg)");
	return text;
}
