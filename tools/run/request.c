// SPDX-License-Identifier: GPL-2.0
/*
 * Requests: attributes, checked against a policy as the kernel does.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <string.h>

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

const struct policy policy_pattern_add[] = {
	{ L2PC_A_PORT_PATTERN, MNL_TYPE_NUL_STRING, 0, L2PC_PATTERN_MAX },
	NUMBER(L2PC_A_PORT_HOOK_WANTED, 0, L2PC_HOOK_WANTED_RX_HANDLER),
	SWITCH(L2PC_A_PORT_VLAN),
	NUMBER(L2PC_A_PORT_RESET_INTERVAL, 0, L2PC_RESET_INTERVAL_MAX),
	NUMBER(L2PC_A_PORT_MAX_STATIONS, 1, L2PC_MAX_STATIONS_MAX),
	NUMBER(L2PC_A_PORT_STATION_TIMEOUT, 0, L2PC_STATION_TIMEOUT_MAX),
	SWITCH(L2PC_A_PORT_TX),
	NUMBER(L2PC_A_PORT_KEEP, 0, L2PC_KEEP_MAX),
	{ 0 }
};

const struct policy policy_none[] = { { 0 } };

const struct policy policy_pattern[] = {
	{ L2PC_A_PORT_PATTERN, MNL_TYPE_NUL_STRING, 0, L2PC_PATTERN_MAX },
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

/* NLA_NUL_STRING: there may be bytes behind the end, but not too many in all. */
static bool name_fits(const struct nlattr *attr, size_t longest)
{
	size_t size = mnl_attr_get_payload_len(attr);
	const char *name = mnl_attr_get_payload(attr);

	if (!memchr(name, 0, size < longest + 1 ? size : longest + 1))
		return false;
	return size - !name[size - 1] <= longest;
}

/* As the kernel with strict validation. */
static int check(const struct nlattr *attr, const struct policy *policy, const char **why)
{
	uint32_t value;

	*why = "invalid attribute";
	if (attr->nla_type & NLA_F_NESTED)
		return -EINVAL;
	if (policy->data == MNL_TYPE_NUL_STRING) {
		if (!name_fits(attr, policy->max))
			return -EINVAL;
		*why = NULL;
		return 0;
	}
	if (mnl_attr_validate(attr, policy->data) < 0)
		return -EINVAL;
	value = policy->data == MNL_TYPE_U8 ? mnl_attr_get_u8(attr) : mnl_attr_get_u32(attr);
	*why = "value out of range";
	if (value < policy->min || value > policy->max)
		return -ERANGE;
	*why = NULL;
	return 0;
}

static int request_attr(struct request *request, const struct nlattr *attr,
			 const struct policy *policy)
{
	uint16_t type = mnl_attr_get_type(attr);
	int error;

	while (policy->type && policy->type != type)
		policy++;
	if (!policy->type) {
		request->why = "unknown attribute";
		return -EINVAL;
	}
	error = check(attr, policy, &request->why);
	if (!error)
		request->attrs[type] = attr;
	return error;
}

int request_parse(struct request *request, const struct policy *policy)
{
	const char *at = mnl_nlmsg_get_payload_offset(request->nlh, GENL_HDRLEN);
	ssize_t left = (ssize_t)mnl_nlmsg_get_payload_len(request->nlh) - GENL_HDRLEN;
	int error = 0;

	while (!error && left >= (ssize_t)sizeof(struct nlattr)) {
		const struct nlattr *attr = (const struct nlattr *)at;

		if (attr->nla_len < sizeof(*attr) || attr->nla_len > left)
			break;
		error = request_attr(request, attr, policy);
		at += MNL_ALIGN(attr->nla_len);
		left -= MNL_ALIGN(attr->nla_len);
	}
	if (error || left <= 0)
		return error;
	request->why = "malformed attributes";
	return -EINVAL;
}

const char *request_name(struct request *request, uint16_t attr)
{
	if (request->attrs[attr])
		return mnl_attr_get_str(request->attrs[attr]);
	request->why = attr == L2PC_A_PORT_PATTERN ? "pattern: missing (example: tap*)" :
						     "ifname: missing (name an interface)";
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
	TAKE(KEEP, keep, mnl_attr_get_u32);
#undef TAKE
	*set = given;
	if (settings->hook_wanted != L2PC_HOOK_WANTED_RX_HANDLER)
		return 0;
	request->why = "hook: l2pc run counts at tcx (hook rx_handler needs the module)";
	return -EINVAL;
}
