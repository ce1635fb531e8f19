// SPDX-License-Identifier: GPL-2.0
/*
 * The verb monitor: events as they happen.
 * Copyright (C) the l2packet_counter authors
 *
 * Two sockets: events come on one, and on the other the ports are asked for when
 * events were lost. Answers and events can then not get in each other's way.
 */
#define _GNU_SOURCE	/* ppoll */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/genetlink.h>

#include "cmd/verb.h"
#include "names/names.h"
#include "source/parse.h"
#include "source/source.h"
#include "util/errors.h"

/* Room for the events of a flood, until they are written: 16 MiB are some
 * 100,000 new stations. Without CAP_NET_ADMIN the system's limit stands.
 */
#define RECEIVE_BUFFER	(16 * 1024 * 1024)

static volatile sig_atomic_t stopped;

struct monitor {
	struct nl events;
	struct source asking;
	struct output output;
	bool anonymize;
	bool unloaded;
};

static void on_signal(int signal)
{
	(void)signal;
	stopped = 1;
}

static const char *const event_names[L2PC_CMD_MAX + 1] = {
	[L2PC_CMD_PORT_ADD_NTF] = "port-add",
	[L2PC_CMD_PORT_DEL_NTF] = "port-del",
	[L2PC_CMD_PORT_SET_NTF] = "port-set",
	[L2PC_CMD_PORT_ATTACH_NTF] = "port-attach",
	[L2PC_CMD_PORT_DETACH_NTF] = "port-detach",
	[L2PC_CMD_WINDOW_CLOSE_NTF] = "window-close",
	[L2PC_CMD_UNTRACKED_NTF] = "untracked",
	[L2PC_CMD_STATION_NEW_NTF] = "station-new",
	[L2PC_CMD_STATION_EXPIRE_NTF] = "station-expire",
};

static void write_event(struct monitor *m, const struct event *event)
{
	port_check_older(&event->port);
	m->output.format->event(&m->output, event);
	output_flush();
}

static void on_event(struct monitor *m, const struct nlmsghdr *nlh)
{
	struct event event = { .cmd = parse_cmd(nlh) };

	if (event.cmd > L2PC_CMD_MAX || !event_names[event.cmd])
		return;
	event.name = event_names[event.cmd];
	if (event.cmd == L2PC_CMD_STATION_NEW_NTF || event.cmd == L2PC_CMD_STATION_EXPIRE_NTF) {
		parse_view(nlh, &event.view);
		parse_stations(nlh, view_append, &event.view);
		if (m->output.names)
			names_refresh();
		for (size_t i = 0; i < event.view.count && m->anonymize; i++)
			anonymous_mac(event.view.stations[i].mac);
	} else {
		parse_port(nlh, &event.port);
	}
	write_event(m, &event);
	view_free(&event.view);
}

/* The kernel tells when a family goes: the module was unloaded. */
static void on_control(struct monitor *m, const struct nlmsghdr *nlh)
{
	const struct nlattr *attr;

	if (parse_cmd(nlh) != CTRL_CMD_DELFAMILY)
		return;
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID &&
		    mnl_attr_validate(attr, MNL_TYPE_U16) >= 0 &&
		    mnl_attr_get_u16(attr) == m->events.family)
			m->unloaded = true;
}

static void read_messages(struct monitor *m, char *buffer, int left)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)buffer;

	for (; nl_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
		if (mnl_nlmsg_get_payload_len(nlh) < sizeof(struct genlmsghdr))
			continue;
		if (nlh->nlmsg_type == GENL_ID_CTRL)
			on_control(m, nlh);
		else if (nlh->nlmsg_type == m->events.family)
			on_event(m, nlh);
	}
}

/* What an event would have said is not known any more, but what is now. */
static int write_ports(struct monitor *m)
{
	struct event event = { .name = "port" };
	struct ports ports = { 0 };
	int error;

	error = source_ports(&m->asking, NULL, &ports);
	for (size_t i = 0; i < ports.count && !error; i++) {
		event.port = ports.port[i];
		write_event(m, &event);
	}
	ports_free(&ports);
	return error;
}

static int subscribe(struct monitor *m)
{
	/* nlctrl's group "notify" has this fixed id. */
	int notify = GENL_ID_CTRL, size = RECEIVE_BUFFER, fd = mnl_socket_get_fd(m->events.socket);

	if (!m->events.events)
		return -EOPNOTSUPP;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	mnl_socket_setsockopt(m->events.socket, NETLINK_ADD_MEMBERSHIP, &notify, sizeof(notify));
	if (mnl_socket_setsockopt(m->events.socket, NETLINK_ADD_MEMBERSHIP, &m->events.events,
				  sizeof(m->events.events)) < 0)
		return -errno;
	return 0;
}

/*
 * After a loss what is still in the socket is older than the ports are now, so
 * they are asked for when it is empty.
 */
static int read_events(struct monitor *m, const sigset_t *unblocked)
{
	static char buffer[NL_BUFFER];
	const struct event lost = { .name = "lost" };
	const struct timespec at_once = { 0 };
	struct pollfd fds[] = {
		{ .fd = mnl_socket_get_fd(m->events.socket), .events = POLLIN },
		{ .fd = STDOUT_FILENO },	/* only whether its reader left */
	};
	bool asking = false;
	int size, ready;

	while (!stopped && !m->unloaded && !ferror(stdout)) {
		ready = ppoll(fds, ARRAY_SIZE(fds), asking ? &at_once : NULL, unblocked);
		if (ready < 0) {
			if (errno == EINTR)
				continue;
			return -errno;
		}
		if (!ready) {
			int error = write_ports(m);

			if (error)
				return error;
			asking = false;
			continue;
		}
		if (fds[1].revents)
			return 0;
		size = nl_receive(&m->events, buffer);
		if (size == -ENOBUFS) {
			if (!asking)
				write_event(m, &lost);
			asking = true;
		} else if (size < 0 && size != -EINTR) {
			return size;
		} else if (size > 0) {
			read_messages(m, buffer, size);
		}
	}
	return 0;
}

int verb_monitor(const struct call *call)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct monitor m = { 0 };
	sigset_t blocked, unblocked;
	int status = STATUS_DONE, error;

	/* Blocked but for the time of waiting, so that none comes unnoticed between
	 * looking at the flag and waiting.
	 */
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, &unblocked);
	sigdelset(&unblocked, SIGINT);
	sigdelset(&unblocked, SIGTERM);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);

	output_init(&m.output, &call->options);
	m.anonymize = options_have(&call->options, OPT_ANONYMIZE);
	error = nl_open(&m.events);
	if (error)
		return nl_explain(&m.events, error, "monitor", NULL);
	m.asking.verb = "monitor";
	error = source_connect(&m.asking);
	if (!error)
		error = subscribe(&m);
	if (!error) {
		fputs("listening\n", stderr);
		error = read_events(&m, &unblocked);
	}
	if (m.unloaded || (error && m.events.family && error == -ENOENT)) {
		error_print("the module was unloaded");
		status = STATUS_NO_MODULE;
	} else if (error) {
		status = nl_explain(&m.asking.nl, error, "monitor", NULL);
	}
	source_close(&m.asking);
	nl_close(&m.events);
	return status;
}
