// SPDX-License-Identifier: GPL-2.0
/*
 * Settings of a port.
 * Copyright (C) the l2packet_counter authors
 */
#include "source/settings.h"

static const char *const switch_strings[] = { "off", "on" };
static const struct enum_names switch_names = ENUM_NAMES(switch_strings);

const struct setting settings[SETTINGS] = {
	{ "hook", NULL, &hook_wanted_names, L2PC_A_PORT_HOOK_WANTED, sizeof(uint32_t), 0, 0 },
	{ "vlan", NULL, &switch_names, L2PC_A_PORT_VLAN, sizeof(uint8_t), 0, 0 },
	{ "reset-interval", "SECONDS", NULL, L2PC_A_PORT_RESET_INTERVAL, sizeof(uint32_t), 0,
	  L2PC_RESET_INTERVAL_MAX },
	{ "max-stations", "N", NULL, L2PC_A_PORT_MAX_STATIONS, sizeof(uint32_t), 1,
	  L2PC_MAX_STATIONS_MAX },
	{ "station-timeout", "SECONDS", NULL, L2PC_A_PORT_STATION_TIMEOUT, sizeof(uint32_t), 0,
	  L2PC_STATION_TIMEOUT_MAX },
};
