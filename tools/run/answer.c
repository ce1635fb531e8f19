// SPDX-License-Identifier: GPL-2.0
/*
 * Requests of the family l2pc and their answers, as kmod/iface/netlink*.c gives them.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <string.h>

#include <linux/genetlink.h>
#include <linux/string.h>

#include "run/client.h"
#include "run/dump.h"
#include "run/pattern.h"
#include "run/port.h"
#include "run/request.h"
#include "run/server.h"
#include "run/work.h"
#include "source/protocol.h"

/* Maximum number of ports that a single message resets. */
#define RESET_PORTS_MAX	64

static char buffer[MESSAGE_MAX] __attribute__((__aligned__(8)));

void client_error(struct client *client, const struct nlmsghdr *request, int error,
		  const char *why)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct nlmsgerr *err = mnl_nlmsg_put_extra_header(nlh, sizeof(*err));

	nlh->nlmsg_type = NLMSG_ERROR;
	nlh->nlmsg_flags = NLM_F_CAPPED | (why ? NLM_F_ACK_TLVS : 0);
	nlh->nlmsg_seq = request->nlmsg_seq;
	err->error = error;
	err->msg = *request;
	if (why)
		mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, why);
	client_send(client, buffer, nlh->nlmsg_len);
}

static int on_getfamily(struct client *client, struct request *request)
{
	struct nlmsghdr *nlh = message_start(buffer, CTRL_CMD_NEWFAMILY, request->nlh->nlmsg_seq, 0);
	struct nlattr *groups, *group;

	nlh->nlmsg_type = GENL_ID_CTRL;
	mnl_attr_put_u16(nlh, CTRL_ATTR_FAMILY_ID, PROTOCOL_FAMILY);
	groups = mnl_attr_nest_start(nlh, CTRL_ATTR_MCAST_GROUPS);
	group = mnl_attr_nest_start(nlh, 1);
	mnl_attr_put_u32(nlh, CTRL_ATTR_MCAST_GRP_ID, PROTOCOL_EVENTS);
	mnl_attr_put_strz(nlh, CTRL_ATTR_MCAST_GRP_NAME, L2PC_MCGRP_EVENTS);
	mnl_attr_nest_end(nlh, group);
	mnl_attr_nest_end(nlh, groups);
	client_send(client, buffer, nlh->nlmsg_len);
	return 0;
}

static int on_subscribe(struct client *client, struct request *request)
{
	const struct nlattr *group = request->attrs[CTRL_ATTR_MCAST_GRP_ID];

	if (!group || mnl_attr_get_u32(group) != PROTOCOL_EVENTS)
		return -EINVAL;
	if (!server_listening())
		ports_listen();
	client_subscribe(client);
	return 0;
}

/* Find the port that a request names. */
static int find_port(struct request *request, uint16_t attr, struct port_run **port)
{
	const char *name = request_name(request, attr);

	if (!name)
		return -EINVAL;
	*port = port_find(name);
	if (*port)
		return 0;
	request->why = "no such port";
	return -ENOENT;
}

static int on_port_get(struct client *client, struct request *request)
{
	struct port_run *port;
	int size, error = find_port(request, L2PC_A_PORT_IFNAME, &port);

	if (error)
		return error;
	size = dump_port(port, buffer, request->nlh->nlmsg_seq, 0);
	if (size > 0)
		client_send(client, buffer, (size_t)size);
	return size < 0 ? size : 0;
}

int answer_add(struct request *request)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(request->nlh);
	bool is_pattern = genl->cmd == L2PC_CMD_PATTERN_ADD;
	const char *name = request_name(request, is_pattern ? L2PC_A_PORT_PATTERN : L2PC_A_PORT_IFNAME);
	struct run_settings settings = RUN_DEFAULTS;
	uint32_t given;
	int error;

	if (!name)
		return -EINVAL;
	error = request_settings(request, &settings, &given);
	if (error)
		return error;
	return is_pattern ? pattern_add(name, &settings, &request->why) :
			    port_add(name, &settings, &request->why);
}

static int on_add(struct client *client, struct request *request)
{
	(void)client;
	return answer_add(request);
}

static int on_port_del(struct client *client, struct request *request)
{
	struct port_run *port;
	int error = find_port(request, L2PC_A_PORT_IFNAME, &port);

	(void)client;
	if (!error)
		port_del(port);
	return error;
}

static int on_port_set(struct client *client, struct request *request)
{
	struct run_settings settings = { 0 };
	struct port_run *port;
	uint32_t given;
	int error = find_port(request, L2PC_A_PORT_IFNAME, &port);

	(void)client;
	if (!error)
		error = request_settings(request, &settings, &given);
	if (error)
		return error;
	if (!given) {
		request->why = "no setting to change";
		return -EINVAL;
	}
	return port_set(port, &settings, given);
}

static int on_pattern_del(struct client *client, struct request *request)
{
	const char *glob = request_name(request, L2PC_A_PORT_PATTERN);

	(void)client;
	return glob ? pattern_del(glob) : -EINVAL;
}

static int patterns_next(struct client *client, void *message)
{
	const struct pattern_run *pattern = pattern_after(client->dump.serial);
	struct nlmsghdr *nlh;

	if (!pattern)
		return 0;
	client->dump.serial = pattern->serial;
	nlh = message_start(message, L2PC_CMD_PATTERN_GET, client->dump.seq, NLM_F_MULTI);
	message_pattern(nlh, pattern);
	return (int)nlh->nlmsg_len;
}

static int on_patterns(struct client *client, struct request *request)
{
	dump_start(client, request, patterns_next);
	return 0;
}

static bool put_closed(struct nlmsghdr *nlh, struct port_run *port)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, L2PC_A_RESET_CLOSED);
	struct l2pc_totals closed;

	port_reset(port, &closed);
	mnl_attr_put_strz(nlh, L2PC_A_CLOSED_IFNAME, port->name);
	mnl_attr_put_u32(nlh, L2PC_A_CLOSED_IFINDEX, (uint32_t)port->link.ifindex);
	if (!message_totals(nlh, L2PC_A_CLOSED_TOTALS, &closed))
		return false;
	mnl_attr_nest_end(nlh, nest);
	return true;
}

static int on_reset(struct client *client, struct request *request)
{
	struct port_run *port = NULL;
	struct nlmsghdr *nlh;
	unsigned int ports = 0;
	int error;

	if (request->attrs[L2PC_A_RESET_IFNAME]) {
		error = find_port(request, L2PC_A_RESET_IFNAME, &port);
		if (error)
			return error;
	}
	for (const struct port_run *each = run_ports; each && !port; each = each->next)
		ports++;
	if (ports > RESET_PORTS_MAX) {
		request->why = "more than 64 ports: name one";
		return -EMSGSIZE;
	}
	nlh = message_start(buffer, L2PC_CMD_WINDOW_RESET, request->nlh->nlmsg_seq, 0);
	if (port)
		put_closed(nlh, port);
	else
		for (port = run_ports; port; port = port->next)
			put_closed(nlh, port);
	client_send(client, buffer, nlh->nlmsg_len);
	return 0;
}

/* As many ports as there are, one a message. */
static int resets_next(struct client *client, void *message)
{
	struct port_run *port = port_after(client->dump.serial);
	struct nlmsghdr *nlh;

	if (!port)
		return 0;
	client->dump.serial = port->serial;
	nlh = message_start(message, L2PC_CMD_WINDOW_RESET, client->dump.seq, NLM_F_MULTI);
	put_closed(nlh, port);
	return (int)nlh->nlmsg_len;
}

static int on_reset_dump(struct client *client, struct request *request)
{
	if (request->attrs[L2PC_A_RESET_IFNAME]) {
		request->why = "ifname: a dump resets all ports (request one without NLM_F_DUMP)";
		return -EINVAL;
	}
	dump_start(client, request, resets_next);
	return 0;
}

/* --- operations --------------------------------------------------------------------- */

/* What a request may be: @answer for one answer, @dump for a dump, or both. */
struct operation {
	uint8_t cmd;
	bool root;		/* only for root */
	int (*answer)(struct client *client, struct request *request);
	int (*dump)(struct client *client, struct request *request);
	const struct policy *policy;
};

static const struct operation operations[] = {
	{ L2PC_CMD_PORT_GET, false, on_port_get, dump_ports_start, policy_name },
	{ L2PC_CMD_PORT_ADD, true, on_add, NULL, policy_settings },
	{ L2PC_CMD_PORT_DEL, true, on_port_del, NULL, policy_name },
	{ L2PC_CMD_PORT_SET, true, on_port_set, NULL, policy_settings },
	{ L2PC_CMD_PATTERN_GET, false, NULL, on_patterns, policy_none },
	{ L2PC_CMD_PATTERN_ADD, true, on_add, NULL, policy_pattern_add },
	{ L2PC_CMD_PATTERN_DEL, true, on_pattern_del, NULL, policy_pattern },
	{ L2PC_CMD_STATION_GET, false, NULL, dump_stations_start, policy_stations },
	{ L2PC_CMD_WINDOW_RESET, true, on_reset, on_reset_dump, policy_reset },
};

static const struct operation control[] = {
	{ CTRL_CMD_GETFAMILY, false, on_getfamily, NULL, policy_control },
	{ CTRL_CMD_NEWMCAST_GRP, false, on_subscribe, NULL, policy_subscribe },
};

static const struct operation *operation_find(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const struct operation *table = operations;
	size_t size = ARRAY_SIZE(operations);

	if (nlh->nlmsg_type == GENL_ID_CTRL) {
		table = control;
		size = ARRAY_SIZE(control);
	} else if (nlh->nlmsg_type != PROTOCOL_FAMILY) {
		return NULL;
	}
	for (; size; table++, size--)
		if (table->cmd == genl->cmd)
			return table;
	return NULL;
}

/* Carry a request out. A dump goes on in answer_dump(). */
static int request_run(struct client *client, struct request *request)
{
	const struct operation *operation;
	bool dump = (request->nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	int error;

	if (mnl_nlmsg_get_payload_len(request->nlh) < GENL_HDRLEN)
		return -EINVAL;
	operation = operation_find(request->nlh);
	if (!operation || !(dump ? operation->dump : operation->answer))
		return -EOPNOTSUPP;
	if (operation->root && !client->root)
		return -EPERM;
	error = request_parse(request, operation->policy);
	if (error)
		return error;
	return (dump ? operation->dump : operation->answer)(client, request);
}

void answer(struct client *client, const void *message, size_t size)
{
	struct request request = { .nlh = message };
	int error;

	/* Without a header there is nothing to answer to. */
	if (size < sizeof(*request.nlh))
		return;
	if (request.nlh->nlmsg_len < sizeof(*request.nlh) || request.nlh->nlmsg_len > size)
		error = -EINVAL;
	else
		error = request_run(client, &request);
	if (error || !client->dump.next)
		client_error(client, request.nlh, error, request.why);
}

bool answer_dump(struct client *client)
{
	struct dump *dump = &client->dump;
	int size = dump->next(client, buffer);
	struct nlmsghdr *nlh = (struct nlmsghdr *)buffer;

	if (size > 0) {
		if (dump->generation != run_generation)
			nlh->nlmsg_flags |= NLM_F_DUMP_INTR;
		client_send(client, buffer, (size_t)size);
		return true;
	}
	nlh = mnl_nlmsg_put_header(buffer);
	nlh->nlmsg_type = NLMSG_DONE;
	nlh->nlmsg_flags = NLM_F_MULTI | (dump->generation != run_generation ? NLM_F_DUMP_INTR : 0);
	nlh->nlmsg_seq = dump->seq;
	memcpy(mnl_nlmsg_put_extra_header(nlh, sizeof(size)), &size, sizeof(size));
	answer_dump_end(client);
	client_send(client, buffer, nlh->nlmsg_len);
	return false;
}

void answer_dump_end(struct client *client)
{
	if (client->dump.has_snapshot)
		l2pc_snapshot_free(&client->dump.snapshot);
	client->dump = (struct dump){ 0 };
}
