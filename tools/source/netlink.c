// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink connections, over libmnl.
 * Copyright (C) the l2packet_counter authors
 *
 * receive_answer() stands in for mnl_cb_run(), which does not read extended acks and
 * reports an interrupted dump like a signal.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/l2packet_counter.h>

#include "source/engine.h"
#include "source/netlink.h"
#include "util/errors.h"

/* Give up a dump that is interrupted so often: ports are added and deleted in a loop. */
#define DUMP_ATTEMPTS	20

int nl_receive(struct nl *nl, char buffer[NL_BUFFER])
{
	ssize_t size;

	if (nl->socket) {
		size = mnl_socket_recvfrom(nl->socket, buffer, NL_BUFFER);
		return size < 0 ? -errno : (int)size;
	}
	size = recv(nl->run, buffer, NL_BUFFER, 0);
	/* l2pc run has ended. */
	if (!size || (size < 0 && errno == ECONNRESET))
		return -ENOENT;
	/* It says so itself when it had no room for a message. */
	if (size >= (ssize_t)sizeof(struct nlmsghdr) &&
	    ((const struct nlmsghdr *)buffer)->nlmsg_type == NLMSG_OVERRUN)
		return -ENOBUFS;
	return size < 0 ? -errno : (int)size;
}

/*
 * Save the message of an extended ack. It follows @skip bytes of payload and, in an error
 * without NLM_F_CAPPED, a copy of the request.
 */
static void save_ext_ack(struct nl *nl, const struct nlmsghdr *nlh, size_t skip)
{
	const struct nlattr *attr;

	nl->message[0] = 0;
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (nlh->nlmsg_type == NLMSG_ERROR && !(nlh->nlmsg_flags & NLM_F_CAPPED)) {
		const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);

		if (err->msg.nlmsg_len < MNL_NLMSG_HDRLEN || err->msg.nlmsg_len > nlh->nlmsg_len)
			return;
		skip += err->msg.nlmsg_len - MNL_NLMSG_HDRLEN;
	}
	if (mnl_nlmsg_get_payload_len(nlh) < MNL_ALIGN(skip))
		return;
	attr = nl_find(nlh, skip, NLMSGERR_ATTR_MSG);
	if (attr)
		snprintf(nl->message, sizeof(nl->message), "%.*s",
			 (int)mnl_attr_get_payload_len(attr), mnl_attr_get_str(attr));
}

/*
 * Read the answer to the last request. Messages of older requests are skipped: a dump that
 * was given up leaves its rest in the socket.
 */
static int receive_answer(struct nl *nl, nl_on_message on_message, void *data)
{
	/* The exporter reads in two threads. */
	static _Thread_local char buffer[NL_BUFFER];
	bool interrupted = false;

	for (;;) {
		const struct nlmsghdr *nlh = (const struct nlmsghdr *)buffer;
		int left = nl_receive(nl, buffer);

		if (left == -EINTR)
			continue;
		if (left < 0)
			return left;
		for (; nl_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
			size_t size = mnl_nlmsg_get_payload_len(nlh);

			if (nlh->nlmsg_seq != nl->seq)
				continue;
			if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
				interrupted = true;
			if (nlh->nlmsg_type == NLMSG_ERROR) {
				const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);

				if (size < sizeof(*err))
					return -EBADMSG;
				save_ext_ack(nl, nlh, sizeof(*err));
				return err->error;
			}
			if (nlh->nlmsg_type == NLMSG_DONE) {
				int error = 0;

				if (size >= sizeof(error)) {
					memcpy(&error, mnl_nlmsg_get_payload(nlh), sizeof(error));
					save_ext_ack(nl, nlh, sizeof(error));
				}
				if (error < 0)
					return error;
				return interrupted ? -EINTR : 0;
			}
			if (nlh->nlmsg_type >= NLMSG_MIN_TYPE && size >= GENL_HDRLEN && on_message)
				on_message(nlh, data);
		}
	}
}

static int send_request(struct nl *nl, struct nlmsghdr *nlh, uint16_t flags)
{
	nl->message[0] = 0;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++nl->seq;
	if (nl->socket ? mnl_socket_sendto(nl->socket, nlh, nlh->nlmsg_len) < 0 :
			 send(nl->run, nlh, nlh->nlmsg_len, MSG_NOSIGNAL) < 0)
		return !nl->socket && errno == EPIPE ? -ENOENT : -errno;
	return 0;
}

int nl_do(struct nl *nl, struct nlmsghdr *nlh, nl_on_message on_message, void *data)
{
	int error = send_request(nl, nlh, NLM_F_ACK);

	return error ? error : receive_answer(nl, on_message, data);
}

int nl_dump(struct nl *nl, struct nlmsghdr *nlh, nl_on_message on_message, nl_reset reset,
	    void *data)
{
	int error = -EINTR;

	for (int i = 0; i < DUMP_ATTEMPTS && error == -EINTR; i++) {
		if (i)
			reset(data);
		error = send_request(nl, nlh, NLM_F_DUMP);
		if (!error)
			error = receive_answer(nl, on_message, data);
	}
	return error;
}

int nl_dump_once(struct nl *nl, struct nlmsghdr *nlh, nl_on_message on_message, void *data)
{
	int error = send_request(nl, nlh, NLM_F_DUMP);

	if (!error)
		error = receive_answer(nl, on_message, data);
	return error == -EINTR ? 0 : error;
}

static struct nlmsghdr *put_request(struct nl *nl, uint16_t type, uint8_t cmd, uint8_t version)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(nl->out);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));

	nlh->nlmsg_type = type;
	genl->cmd = cmd;
	genl->version = version;
	return nlh;
}

struct nlmsghdr *nl_request(struct nl *nl, uint8_t cmd, const char *ifname, uint16_t attr)
{
	struct nlmsghdr *nlh = put_request(nl, nl->family, cmd, L2PC_FAMILY_VERSION);
	char name[L2PC_PATTERN_MAX + 2];

	if (ifname) {
		/* A name that is too long stays so, for the kernel to refuse. */
		snprintf(name, sizeof(name), "%s", ifname);
		mnl_attr_put_strz(nlh, attr, name);
	}
	return nlh;
}

const struct nlattr *nl_find(const struct nlmsghdr *nlh, size_t size, uint16_t type)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, size)
		if (mnl_attr_get_type(attr) == type)
			return attr;
	return NULL;
}

const struct nlattr *nl_find_nested(const struct nlattr *nest, uint16_t type)
{
	const struct nlattr *attr;

	if (!nest)
		return NULL;
	mnl_attr_for_each_nested(attr, nest)
		if (mnl_attr_get_type(attr) == type)
			return attr;
	return NULL;
}

static bool is_valid(const struct nlattr *attr, enum mnl_attr_data_type type)
{
	return attr && mnl_attr_validate(attr, type) >= 0;
}

static void on_family(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *groups = nl_find(nlh, GENL_HDRLEN, CTRL_ATTR_MCAST_GROUPS), *group;
	const struct nlattr *id = nl_find(nlh, GENL_HDRLEN, CTRL_ATTR_FAMILY_ID), *name;
	struct nl *nl = data;

	if (is_valid(id, MNL_TYPE_U16))
		nl->family = mnl_attr_get_u16(id);
	if (!groups)
		return;
	mnl_attr_for_each_nested(group, groups) {
		name = nl_find_nested(group, CTRL_ATTR_MCAST_GRP_NAME);
		id = nl_find_nested(group, CTRL_ATTR_MCAST_GRP_ID);
		if (is_valid(name, MNL_TYPE_NUL_STRING) && is_valid(id, MNL_TYPE_U32) &&
		    !strcmp(mnl_attr_get_str(name), L2PC_MCGRP_EVENTS))
			nl->events = mnl_attr_get_u32(id);
	}
}

static int open_socket(struct nl *nl, int bus)
{
	int on = 1, error;

	memset(nl, 0, sizeof(*nl));
	nl->socket = mnl_socket_open2(bus, SOCK_CLOEXEC);
	if (!nl->socket)
		return -errno;
	if (mnl_socket_bind(nl->socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		error = -errno;
		nl_close(nl);
		return error;
	}
	/* Ask for messages, and for errors that do not repeat the request. */
	mnl_socket_setsockopt(nl->socket, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(nl->socket, NETLINK_CAP_ACK, &on, sizeof(on));
	return 0;
}

/* Find a family, at the connection's other end. */
static int find_family(struct nl *nl, const char *name)
{
	struct nlmsghdr *nlh = put_request(nl, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
	int error;

	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, name);
	error = nl_do(nl, nlh, on_family, nl);
	if (!error && !nl->family)
		error = -ENOENT;
	if (error)
		nl_close(nl);
	return error;
}

/* Connect to l2pc run. */
static int open_run(struct nl *nl)
{
	int fd = engine_connect(), error;

	memset(nl, 0, sizeof(*nl));
	if (fd < 0)
		return fd;
	nl->run = fd;
	error = find_family(nl, L2PC_FAMILY_NAME);
	/* It closes connections of which it has too many. */
	return error == -ENOENT ? -EUSERS : error;
}

int nl_open(struct nl *nl, const char *name)
{
	enum engine engine = strcmp(name, L2PC_FAMILY_NAME) ? ENGINE_MODULE : engine_chosen();
	int error;

	if (engine == ENGINE_BPF)
		return open_run(nl);
	error = open_socket(nl, NETLINK_GENERIC);
	if (!error)
		error = find_family(nl, name);
	return error == -ENOENT && engine == ENGINE_AUTO ? open_run(nl) : error;
}

int nl_dump_other(int bus, uint16_t type, const void *header, size_t size,
		  nl_on_message on_message, nl_reset reset, void *data)
{
	struct nlmsghdr *nlh;
	struct nl nl;
	int error = open_socket(&nl, bus);

	if (error)
		return error;
	nlh = mnl_nlmsg_put_header(nl.out);
	nlh->nlmsg_type = type;
	memcpy(mnl_nlmsg_put_extra_header(nlh, size), header, size);
	error = nl_dump(&nl, nlh, on_message, reset, data);
	nl_close(&nl);
	return error;
}

int nl_dump_generic(const char *name, uint8_t cmd, uint8_t version, nl_on_message on_message,
		    nl_reset reset, void *data)
{
	struct nl nl;
	int error = nl_open(&nl, name);

	if (error)
		return error;
	error = nl_dump(&nl, put_request(&nl, nl.family, cmd, version), on_message, reset, data);
	nl_close(&nl);
	return error;
}

void nl_close(struct nl *nl)
{
	if (nl->socket)
		mnl_socket_close(nl->socket);
	nl->socket = NULL;
	if (nl->run)
		close(nl->run);
	nl->run = 0;
}

int nl_fd(const struct nl *nl)
{
	return nl->socket ? mnl_socket_get_fd(nl->socket) : nl->run;
}

int nl_subscribe(struct nl *nl)
{
	/* nlctrl's group "notify" has this fixed id. */
	int notify = GENL_ID_CTRL;
	struct nlmsghdr *nlh;

	if (!nl->events)
		return -EOPNOTSUPP;
	if (!nl->socket) {
		nlh = put_request(nl, GENL_ID_CTRL, CTRL_CMD_NEWMCAST_GRP, 1);
		mnl_attr_put_u32(nlh, CTRL_ATTR_MCAST_GRP_ID, nl->events);
		return nl_do(nl, nlh, NULL, NULL);
	}
	mnl_socket_setsockopt(nl->socket, NETLINK_ADD_MEMBERSHIP, &notify, sizeof(notify));
	return mnl_socket_setsockopt(nl->socket, NETLINK_ADD_MEMBERSHIP, &nl->events,
				     sizeof(nl->events)) < 0 ? -errno : 0;
}

int nl_explain(const struct nl *nl, int error, const char *verb, const char *ifname)
{
	const char *what = nl->message[0] ? nl->message : strerror(-error);

	if (!nl->family && error == -ENOENT && engine_chosen() == ENGINE_BPF) {
		error_print("l2pc run does not run in this network namespace (sudo l2pc run eth0)");
		return STATUS_NO_MODULE;
	}
	if (!nl->family && error == -EUSERS) {
		error_print("l2pc run has as many connections as it takes: 256, of them 128 of other users than root (try again)");
		return STATUS_FAILED;
	}
	if (!nl->family && error == -EACCES) {
		error_print("the socket of l2pc run in this network namespace is not root's, and is not used");
		return STATUS_NO_MODULE;
	}
	if (!nl->family && error == -ENOENT) {
		error_print(
			access("/sys/module/l2packet_counter", F_OK) == 0 ?
				"the loaded module is older than this tool (it has no netlink interface)" :
				"the module is not loaded (sudo modprobe l2packet_counter interface=eth0; not installed: sudo insmod ./l2packet_counter.ko interface=eth0; without it: sudo l2pc run eth0)");
		return STATUS_NO_MODULE;
	}
	if (error == -EPERM && !nl->message[0])
		error_print("%s: needs CAP_NET_ADMIN (use sudo)", verb);
	else if (error == -EINTR)
		error_print("ports changed during each attempt to read them (try again)");
	else
		error_print("%s%s%s", ifname ? ifname : "", ifname ? ": " : "", what);
	return STATUS_FAILED;
}
