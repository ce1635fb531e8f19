// SPDX-License-Identifier: GPL-2.0
/*
 * A kernel for tests: replaces libmnl's sockets, and replies as the module would in
 * the world of a file (world.h).
 * Copyright (C) the l2packet_counter authors
 *
 * The kernel for tests shares only the kernel's headers with the tool, so that the
 * tool's parsing is checked independently.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/rtnetlink.h>

#include "fake.h"

struct mnl_socket *mnl_socket_open2(int bus, int flags)
{
	struct mnl_socket *s = calloc(1, sizeof(*s));

	(void)flags;
	world_start();
	if (!s || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, s->fd))
		world_die("cannot make", "a socket");
	s->bus = bus;
	return s;
}

struct mnl_socket *mnl_socket_open(int bus)
{
	return mnl_socket_open2(bus, 0);
}

int mnl_socket_bind(struct mnl_socket *s, unsigned int groups, pid_t pid)
{
	(void)s, (void)groups, (void)pid;
	return 0;
}

unsigned int mnl_socket_get_portid(const struct mnl_socket *s)
{
	(void)s;
	return 1;
}

int mnl_socket_get_fd(const struct mnl_socket *s)
{
	return s->fd[0];
}

int mnl_socket_close(struct mnl_socket *s)
{
	close(s->fd[0]);
	close(s->fd[1]);
	free(s);
	return 0;
}

int mnl_socket_setsockopt(const struct mnl_socket *nl, int type, void *value, socklen_t size)
{
	struct mnl_socket *s = (struct mnl_socket *)nl;

	if (type == NETLINK_ADD_MEMBERSHIP && size == 4 && *(int *)value == EVENTS) {
		fake_listen(s);
	}
	return 0;
}

/* --- requests --------------------------------------------------------------- */

/* Write the request to the file named by L2PC_SENT. */
static void sent(const struct mnl_socket *s, const struct nlmsghdr *nlh)
{
	const char *name = getenv("L2PC_SENT");
	FILE *file = name ? fopen(name, "ae") : NULL;
	const struct nlattr *attr;

	if (!file)
		return;
	fprintf(file, "command %u", s->cmd);
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		unsigned int type = mnl_attr_get_type(attr), size = mnl_attr_get_payload_len(attr);

		if (size == 4 && type != L2PC_A_PORT_IFNAME)
			fprintf(file, " %u=%u", type, mnl_attr_get_u32(attr));
		else if (size == 1 && type != L2PC_A_PORT_IFNAME)
			fprintf(file, " %u=%u", type, mnl_attr_get_u8(attr));
		else
			fprintf(file, " %u=%s", type, mnl_attr_get_str(attr));
	}
	fputc('\n', file);
	fclose(file);
}

ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *request, size_t size)
{
	struct mnl_socket *s = (struct mnl_socket *)nl;
	const struct nlmsghdr *nlh = request;
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;

	s->seq = nlh->nlmsg_seq;
	s->flags = nlh->nlmsg_flags;
	s->port = s->station = 0;
	s->told = s->interrupted = s->neighbours = false;
	s->system = SYSTEM_NONE;
	s->ifname[0] = s->pattern[0] = 0;
	s->cmd = 0;
	if (s->bus == NETLINK_ROUTE) {
		s->neighbours = nlh->nlmsg_type == RTM_GETNEIGH;
		s->system = s->neighbours ? SYSTEM_NONE : SYSTEM_LINKS;
		return (ssize_t)size;
	}
	if (s->bus == NETLINK_NETFILTER) {
		s->system = SYSTEM_FLOWTABLES;
		return (ssize_t)size;
	}
	if (nlh->nlmsg_type == GENL_ID_CTRL) {
		mnl_attr_for_each(attr, nlh, sizeof(*genl))
			if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_NAME)
				snprintf(s->asked, sizeof(s->asked), "%s", mnl_attr_get_str(attr));
		return (ssize_t)size;
	}
	if (nlh->nlmsg_type == ETHTOOL) {
		s->system = SYSTEM_FEATURES;
		return (ssize_t)size;
	}
	if (nlh->nlmsg_type != FAMILY)
		world_die("request to", "another family");
	s->cmd = genl->cmd;
	mnl_attr_for_each(attr, nlh, sizeof(*genl)) {
		/* The name is number 2 of each set of attributes but that of resets. */
		if (mnl_attr_get_type(attr) == L2PC_A_PORT_IFNAME)
			snprintf(s->ifname, sizeof(s->ifname), "%s", mnl_attr_get_str(attr));
		if ((s->cmd == L2PC_CMD_PATTERN_ADD || s->cmd == L2PC_CMD_PATTERN_DEL) &&
		    mnl_attr_get_type(attr) == L2PC_A_PORT_PATTERN)
			snprintf(s->pattern, sizeof(s->pattern), "%s", mnl_attr_get_str(attr));
		if (s->cmd == L2PC_CMD_STATION_GET &&
		    mnl_attr_get_type(attr) == L2PC_A_STATIONS_VIEW)
			s->view = mnl_attr_get_u32(attr);
	}
	sent(s, nlh);
	if (s->flags & NLM_F_DUMP && world.interrupt) {
		world.interrupt--;
		s->interrupted = true;
	}
	if (s->flags & NLM_F_DUMP && s->cmd == L2PC_CMD_STATION_GET)
		sleep(world.slow);
	return (ssize_t)size;
}

/* Write the reply to the file named by L2PC_TAPE, in the format of fuzz_socket.c. */
static void taped(const struct mnl_socket *s, const char *buffer, ssize_t size)
{
	const char *name = getenv("L2PC_TAPE");
	bool taken = s->bus == NETLINK_GENERIC ? s->told_family : s->system;
	FILE *file = name && taken ? fopen(name, "ae") : NULL;

	if (file && size > 0) {
		fputc((int)(size & 0xff), file);
		fputc((int)(size >> 8), file);
		fwrite(buffer, 1, (size_t)size, file);
	}
	if (file)
		fclose(file);
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *nl, void *buffer, size_t room)
{
	struct mnl_socket *s = (struct mnl_socket *)nl;
	ssize_t size;

	if (room < 2 * PIECE)
		world_die("too small", "the buffer");
	if (s->listening)
		return fake_event(s, buffer);
	size = fake_answer(s, buffer);
	taped(s, buffer, size);
	s->told_family = true;
	return size;
}
