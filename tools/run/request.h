/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests: attributes, checked against a policy as the kernel does.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_RUN_REQUEST_H
#define L2PC_TOOL_RUN_REQUEST_H

#include <libmnl/libmnl.h>

#include <linux/l2packet_counter.h>

struct run_settings;

/* An attribute that a request may have. The last one of a policy has no type. */
struct policy {
	uint16_t type;
	enum mnl_attr_data_type data;
	uint32_t min, max;	/* of a number; @max: longest string */
};

extern const struct policy policy_none[], policy_name[], policy_settings[], policy_pattern_add[],
	policy_pattern[], policy_stations[], policy_reset[],
	policy_control[], policy_subscribe[];

/* The attributes of a request. */
struct request {
	const struct nlmsghdr *nlh;
	const struct nlattr *attrs[L2PC_A_PORT_MAX + 1];
	const char *why;	/* of an error: a message, or NULL */
};

/* request_parse() - check and find the attributes. Return: 0 or a negative errno */
int request_parse(struct request *request, const struct policy *policy);

/* request_name() - get the name of an interface, or a pattern; NULL: there is none */
const char *request_name(struct request *request, uint16_t attr);

/*
 * request_settings() - set those that are given
 * @set: filled in: which, RUN_SETTING()
 *
 * Return: 0, or a negative errno for one that cannot be had here
 */
int request_settings(struct request *request, struct run_settings *settings, uint32_t *set);

#endif /* L2PC_TOOL_RUN_REQUEST_H */
