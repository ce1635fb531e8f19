// SPDX-License-Identifier: GPL-2.0
/*
 * Requests: attributes, checked against a policy as the kernel does.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>

#include <linux/genetlink.h>

#include "run/list.h"
#include "run/request.h"

#define NAME(attr)		{ attr, MNL_TYPE_NUL_STRING, 0, L2PC_NAME_MAX }
#define NUMBER(attr, min, max)	{ attr, MNL_TYPE_U32, min, max }
#define SWITCH(attr)		{ attr, MNL_TYPE_U8, 0, 1 }

const struct policy policy_name[] = { NAME(L2PC_A_PORT_IFNAME), { 0 } };

const struct policy policy_settings[] = {
	NAME(L2PC_A_PORT_IFNAME),
	NUMBER(L2PC_A_PORT_HOOK_WANTED, 0, L2PC_HOOK_WANTED_RX_HANDLER),
	SWITCH(L2PC_A_PORT_VLAN),
	NUMBER(L2PC_A_PORT_RESET_INTERVAL, 0, L2PC_RESET_INTERVAL_MAX),
	NUMBER(L2PC_A_PORT_MAX_STATIONS, 1, L2PC_MAX_STATIONS_MAX),
	NUMBER(L2PC_A_PORT_STATION_TIMEOUT, 0, L2PC_STATION_TIMEOUT_MAX),
	SWITCH(L2PC_A_PORT_TX),
	{ 0 }
};

const struct policy policy_stations[] = {
	NAME(L2PC_A_STATIONS_IFNAME),
	NUMBER(L2PC_A_STATIONS_VIEW, 0, L2PC_VIEW_LIFETIME),
	{ 0 }
};

const struct policy policy_reset[] = { NAME(L2PC_A_RESET_IFNAME), { 0 } };

const struct policy policy_control[] = {
	{ CTRL_ATTR_FAMILY_NAME, MNL_TYPE_NUL_STRING, 0, GENL_NAMSIZ - 1 },
	{ 0 }
};

const struct policy policy_subscribe[] = {
	NUMBER(CTRL_ATTR_MCAST_GRP_ID, 0, UINT32_MAX),
	{ 0 }
};

static int check(const struct nlattr *attr, const struct policy *policy, const char **why)
{
	uint32_t value;

	if (mnl_attr_validate(attr, policy->data) < 0) {
		*why = "invalid attribute";
		return -EINVAL;
	}
	if (policy->data == MNL_TYPE_NUL_STRING) {
		if (mnl_attr_get_payload_len(attr) <= policy->max + 1)
			return 0;
		*why = "name too long";
		return -ERANGE;
	}
	value = policy->data == MNL_TYPE_U8 ? mnl_attr_get_u8(attr) : mnl_attr_get_u32(attr);
	if (value >= policy->min && value <= policy->max)
		return 0;
	*why = "value out of range";
	return -ERANGE;
}

int request_parse(struct request *request, const struct policy *policy)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, request->nlh, GENL_HDRLEN) {
		uint16_t type = mnl_attr_get_type(attr);
		const struct policy *allowed = policy;
		int error;

		while (allowed->type && allowed->type != type)
			allowed++;
		if (!allowed->type) {
			request->why = "unknown attribute";
			return -EINVAL;
		}
		error = check(attr, allowed, &request->why);
		if (error)
			return error;
		request->attrs[type] = attr;
	}
	return 0;
}

const char *request_name(struct request *request, uint16_t attr)
{
	if (request->attrs[attr])
		return mnl_attr_get_str(request->attrs[attr]);
	request->why = "ifname: missing (name an interface)";
	return NULL;
}

int request_settings(struct request *request, struct run_settings *settings, uint32_t *set)
{
	uint32_t given = 0;

#define TAKE(name, field, get)						\
	do {								\
		const struct nlattr *attr = request->attrs[L2PC_A_PORT_##name]; \
									\
		if (attr) {						\
			settings->field = get(attr);			\
			given |= RUN_SETTING(name);			\
		}							\
	} while (0)
	TAKE(HOOK_WANTED, hook_wanted, mnl_attr_get_u32);
	TAKE(VLAN, vlan, mnl_attr_get_u8);
	TAKE(RESET_INTERVAL, reset_interval, mnl_attr_get_u32);
	TAKE(MAX_STATIONS, max_stations, mnl_attr_get_u32);
	TAKE(STATION_TIMEOUT, station_timeout, mnl_attr_get_u32);
	TAKE(TX, tx, mnl_attr_get_u8);
#undef TAKE
	*set = given;
	if (settings->hook_wanted != L2PC_HOOK_WANTED_RX_HANDLER)
		return 0;
	request->why = "hook: l2pc run counts at tcx (hook rx_handler needs the module)";
	return -EINVAL;
}
