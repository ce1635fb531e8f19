// SPDX-License-Identifier: GPL-2.0
/*
 * What a port is and how it is set, in words.
 * Copyright (C) the l2packet_counter authors
 */
#include <inttypes.h>
#include <stdio.h>

#include <net/if_arp.h>

#include "output/port_text.h"
#include "source/settings.h"
#include "util/errors.h"
#include "util/files.h"
#include "util/text.h"

const char *port_settings(const struct port *port, char text[PORT_TEXT])
{
	text[0] = 0;
	for (size_t i = 0; i < SETTINGS; i++) {
		const struct setting *setting = &settings[i];
		uint64_t value = port->value[setting->attr];

		if (!(port->has & BIT(setting->attr)))
			continue;
		text_add(text, PORT_TEXT, " ", setting->name);
		if (setting->names)
			text_append(text, PORT_TEXT, " %s", enum_name(setting->names, value));
		else
			text_append(text, PORT_TEXT, " %" PRIu64, value);
	}
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
		text_add(text, PORT_TEXT, "",
			 "counted by rx_handler (only frames that nothing before it takes)");
	else if (hook != L2PC_HOOK_KIND_NONE)
		snprintf(text, PORT_TEXT, "counted by %s", enum_name(&hook_names, hook));
	else if (port->value[L2PC_A_PORT_STATE] == L2PC_PORT_STATE_NO_DEVICE)
		text_add(text, PORT_TEXT, "", "not counted, there is no device");
	else if (port->has & BIT(L2PC_A_PORT_DEVICE_TYPE) && type != ARPHRD_ETHER)
		snprintf(text, PORT_TEXT,
			 "not counted: not an Ethernet device now (ARPHRD type %" PRIu64 ")", type);
	else
		text_add(text, PORT_TEXT, "",
			 "not counted: the device cannot be counted now (see dmesg)");
	return text;
}
