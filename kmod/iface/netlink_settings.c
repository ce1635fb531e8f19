// SPDX-License-Identifier: GPL-2.0
/*
 * Settings in a netlink request.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/capability.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "port/port.h"
#include "netlink_settings.h"

/**
 * l2pc_netlink_settings() - get the settings in a request
 * @request: the request
 * @info: the request
 * @settings: those that are given are set
 * @given: set to the set of those, L2PC_SETTING()
 *
 * Return: 0 or -EPERM.
 */
int l2pc_netlink_settings(struct sk_buff *request, struct genl_info *info,
			  struct l2pc_settings *settings, u32 *given)
{
	struct nlattr **attrs = info->attrs;
	struct nlattr *attr;

	*given = 0;
#define TAKE(name, field, get) do {					\
	attr = attrs[L2PC_A_PORT_##name];				\
	if (attr) {							\
		settings->field = get(attr);				\
		*given |= L2PC_SETTING(name);				\
	}								\
} while (0)
	TAKE(HOOK_WANTED, hook_wanted, nla_get_u32);
	TAKE(VLAN, vlan, nla_get_u8);
	TAKE(RESET_INTERVAL, reset_interval, nla_get_u32);
	TAKE(STATION_TIMEOUT, station_timeout, nla_get_u32);
	TAKE(MAX_STATIONS, max_stations, nla_get_u32);
	TAKE(TX, tx, nla_get_u8);
#undef TAKE
	/* A namespace-local admin must not exhaust host memory. */
	if (attrs[L2PC_A_PORT_MAX_STATIONS] &&
	    settings->max_stations > READ_ONCE(l2pc_defaults.max_stations) &&
	    !netlink_capable(request, CAP_NET_ADMIN)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attrs[L2PC_A_PORT_MAX_STATIONS],
				    "more than the module's parameter max_stations needs CAP_NET_ADMIN in the initial user namespace");
		return -EPERM;
	}
	return 0;
}
