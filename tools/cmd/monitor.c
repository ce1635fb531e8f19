// SPDX-License-Identifier: GPL-2.0
/*
 * The verb monitor: events as they happen.
 * Copyright (C) the l2packet_counter authors
 *
 * Events arrive on one socket. When events were lost, ports are read on another one, so
 * that answers and events do not mix.
 */
#define _GNU_SOURCE	/* ppoll */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/genetlink.h>

#include "cmd/verb.h"
#include "names/names.h"
#include "source/parse.h"
#include "source/source.h"

/* 16 MiB hold some 100,000 new stations. Without CAP_NET_ADMIN the system's limit stands. */
#define RECEIVE_BUFFER	(16 * 1024 * 1024)

static volatile sig_atomic_t stopped;

struct monitor {
	struct nl events;
	struct source source;	/* to read ports after a loss */
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
	[L2PC_CMD_PATTERN_ADD_NTF] = "pattern-add",
	[L2PC_CMD_PATTERN_DEL_NTF] = "pattern-del",
	[L2PC_CMD_PORTS_FULL_NTF] = "ports-full",
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

/* nlctrl reports the end of a family: the module was unloaded. */
static void on_control(struct monitor *m, const struct nlmsghdr *nlh)
{
	const struct nlattr *id = nl_find(nlh, GENL_HDRLEN, CTRL_ATTR_FAMILY_ID);

	if (parse_cmd(nlh) == CTRL_CMD_DELFAMILY && id && mnl_attr_validate(id, MNL_TYPE_U16) >= 0)
		m->unloaded |= mnl_attr_get_u16(id) == m->events.family;
}

static void on_messages(struct monitor *m, char *buffer, int left)
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

static void write_list(struct monitor *m, const char *name, const struct ports *ports)
{
	struct event event = { .name = name };

	for (size_t i = 0; i < ports->count; i++) {
		event.port = ports->port[i];
		write_event(m, &event);
	}
}

/* Print the ports and patterns as they are: what the lost events reported is unknown. */
static int write_ports(struct monitor *m)
{
	struct ports ports = { 0 }, patterns = { 0 };
	int error = source_ports(&m->source, NULL, &ports);

	if (!error)
		error = source_patterns(&m->source, &patterns);
	if (!error) {
		write_list(m, "port", &ports);
		write_list(m, "pattern", &patterns);
	}
	ports_free(&ports);
	ports_free(&patterns);
	return error;
}

static int subscribe(struct monitor *m)
{
	int size = RECEIVE_BUFFER, fd = nl_fd(&m->events);

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	return nl_subscribe(&m->events);
}

/*
 * Print events until a signal, an error, or the end of the module. After a loss, messages
 * in the socket are older than the ports, which are read once it is empty.
 */
static int read_events(struct monitor *m, const sigset_t *unblocked)
{
	static char buffer[NL_BUFFER];
	const struct event lost = { .name = "lost" };
	const struct timespec at_once = { 0 };
	struct pollfd fds[] = {
		{ .fd = nl_fd(&m->events), .events = POLLIN },
		{ .fd = STDOUT_FILENO },	/* only to see that its reader has left */
	};
	bool has_lost = false;
	int size, ready, error;

	while (!stopped && !m->unloaded && !ferror(stdout)) {
		ready = ppoll(fds, ARRAY_SIZE(fds), has_lost ? &at_once : NULL, unblocked);
		if (ready < 0 && errno == EINTR)
			continue;
		if (ready < 0)
			return -errno;
		if (!ready) {
			error = write_ports(m);
			if (error)
				return error;
			has_lost = false;
			continue;
		}
		if (fds[1].revents)
			return 0;
		size = nl_receive(&m->events, buffer);
		if (size == -ENOBUFS) {
			if (!has_lost)
				write_event(m, &lost);
			has_lost = true;
		} else if (size < 0 && size != -EINTR) {
			return size;
		} else if (size > 0) {
			on_messages(m, buffer, size);
		}
	}
	return 0;
}

int verb_monitor(const struct call *call)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct monitor m = { .source.verb = "monitor" };
	sigset_t blocked, unblocked;
	int status = STATUS_DONE, error;

	/* ppoll() unblocks them, so that none arrives between the test of @stopped and it. */
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
	error = nl_open(&m.events, L2PC_FAMILY_NAME);
	if (error)
		return nl_explain(&m.events, error, "monitor", NULL);
	error = source_connect(&m.source);
	if (!error)
		error = subscribe(&m);
	if (!error) {
		fputs("listening\n", stderr);
		error = read_events(&m, &unblocked);
	}
	if (m.unloaded || error == -ENOENT) {
		error_print(m.events.run ? "l2pc run has ended" : "the module was unloaded");
		status = STATUS_NO_MODULE;
	} else if (error) {
		status = nl_explain(&m.source.nl, error, "monitor", NULL);
	}
	source_close(&m.source);
	nl_close(&m.events);
	return status;
}
