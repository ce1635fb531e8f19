// SPDX-License-Identifier: GPL-2.0
/*
 * A kernel for tests: stands in the place of libmnl's sockets, and answers as
 * the module would if the world were as it is told (world.h).
 * Copyright (C) the l2packet_counter authors
 *
 * It has nothing in common with the tool but the kernel's headers: what the tool
 * makes of an answer is checked against how the answer was meant.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/neighbour.h>
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

struct nlmsghdr *fake_begin(char *buffer, const struct mnl_socket *s, unsigned int cmd)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));

	nlh->nlmsg_type = FAMILY;
	nlh->nlmsg_seq = s->seq;
	genl->cmd = (uint8_t)cmd;
	genl->version = L2PC_FAMILY_VERSION;
	return nlh;
}

static void put_numbers(struct nlmsghdr *nlh, const struct numbers *numbers, bool totals)
{
	const struct attribute *table = totals ? totals_attributes : port_attributes;

	for (uint16_t i = 0; i < ATTRS_MAX; i++) {
		if (!(numbers->has & 1u << i))
			continue;
		if (table[i].size == 8)
			mnl_attr_put_u64(nlh, i, numbers->value[i]);
		else if (table[i].size == 4)
			mnl_attr_put_u32(nlh, i, (uint32_t)numbers->value[i]);
		else
			mnl_attr_put_u8(nlh, i, (uint8_t)numbers->value[i]);
	}
}

void fake_put_totals(struct nlmsghdr *nlh, uint16_t attr, const struct numbers *totals)
{
	struct nlattr *nest;

	if (!totals->has)
		return;
	nest = mnl_attr_nest_start(nlh, attr);
	put_numbers(nlh, totals, true);
	mnl_attr_nest_end(nlh, nest);
}

void fake_put_station(struct nlmsghdr *nlh, const struct fake_station *s)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, L2PC_A_STATIONS_STATION);

	mnl_attr_put(nlh, L2PC_A_STATION_MAC, sizeof(s->mac), s->mac);
	if (s->has & 1u << L2PC_A_STATION_VLAN)
		mnl_attr_put_u16(nlh, L2PC_A_STATION_VLAN, s->vlan);
	if (s->has & 1u << L2PC_A_STATION_FIRST_SEEN)
		mnl_attr_put_u64(nlh, L2PC_A_STATION_FIRST_SEEN, s->first);
	if (s->has & 1u << L2PC_A_STATION_PACKETS)
		mnl_attr_put_u64(nlh, L2PC_A_STATION_PACKETS, s->packets);
	if (s->has & 1u << L2PC_A_STATION_BYTES)
		mnl_attr_put_u64(nlh, L2PC_A_STATION_BYTES, s->bytes);
	if (s->has & 1u << L2PC_A_STATION_LAST_SEEN)
		mnl_attr_put_u64(nlh, L2PC_A_STATION_LAST_SEEN, s->last);
	mnl_attr_nest_end(nlh, nest);
}

void fake_put_port(struct nlmsghdr *nlh, const struct fake_port *port)
{
	mnl_attr_put_strz(nlh, L2PC_A_PORT_IFNAME, port->name);
	put_numbers(nlh, &port->numbers, false);
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

static const struct fake_failure *failure(unsigned int cmd)
{
	for (size_t i = 0; i < world.failure_count; i++)
		if (world.failures[i].cmd == cmd)
			return &world.failures[i];
	return NULL;
}

/* What is asked for, into the file named by L2PC_SENT. */
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
	s->ifname[0] = 0;
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

int fake_error(const struct mnl_socket *s, char *buffer, int error, const char *why)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct nlmsgerr *err = mnl_nlmsg_put_extra_header(nlh, sizeof(*err));

	nlh->nlmsg_type = NLMSG_ERROR;
	nlh->nlmsg_flags = NLM_F_CAPPED;
	nlh->nlmsg_seq = s->seq;
	err->error = -error;
	err->msg.nlmsg_len = MNL_NLMSG_HDRLEN;
	if (why) {
		nlh->nlmsg_flags |= NLM_F_ACK_TLVS;
		mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, why);
	}
	return (int)nlh->nlmsg_len;
}

int fake_done(struct mnl_socket *s, char *buffer)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);

	nlh->nlmsg_type = NLMSG_DONE;
	nlh->nlmsg_seq = s->seq;
	nlh->nlmsg_flags = NLM_F_MULTI | (s->interrupted ? NLM_F_DUMP_INTR : 0);
	*(int *)mnl_nlmsg_put_extra_header(nlh, sizeof(int)) = 0;
	s->cmd = 0;
	return (int)nlh->nlmsg_len;
}

static int answer_family(const struct mnl_socket *s, char *buffer)
{
	struct nlattr *groups, *group;
	struct nlmsghdr *nlh;
	int size;

	if (!strcmp(s->asked, "ethtool") ? world.no_ethtool : world_absent())
		return fake_error(s, buffer, ENOENT, NULL);
	nlh = fake_begin(buffer, s, CTRL_CMD_NEWFAMILY);
	nlh->nlmsg_type = GENL_ID_CTRL;
	mnl_attr_put_u16(nlh, CTRL_ATTR_FAMILY_ID, strcmp(s->asked, "ethtool") ? FAMILY : ETHTOOL);
	groups = mnl_attr_nest_start(nlh, CTRL_ATTR_MCAST_GROUPS);
	group = mnl_attr_nest_start(nlh, 1);
	mnl_attr_put_u32(nlh, CTRL_ATTR_MCAST_GRP_ID, EVENTS);
	mnl_attr_put_strz(nlh, CTRL_ATTR_MCAST_GRP_NAME, L2PC_MCGRP_EVENTS);
	mnl_attr_nest_end(nlh, group);
	mnl_attr_nest_end(nlh, groups);
	size = (int)nlh->nlmsg_len;
	return size + fake_error(s, buffer + size, 0, NULL);
}

static int answer_port(struct mnl_socket *s, char *buffer, const struct fake_port *port)
{
	struct nlmsghdr *nlh = fake_begin(buffer, s, L2PC_CMD_PORT_GET);

	fake_put_port(nlh, port);
	fake_put_totals(nlh, L2PC_A_PORT_WINDOW, &port->totals[L2PC_VIEW_WINDOW]);
	fake_put_totals(nlh, L2PC_A_PORT_PREVIOUS, &port->totals[L2PC_VIEW_PREVIOUS]);
	fake_put_totals(nlh, L2PC_A_PORT_LIFETIME, &port->totals[L2PC_VIEW_LIFETIME]);
	return (int)nlh->nlmsg_len;
}

static int answer_ports(struct mnl_socket *s, char *buffer)
{
	int size;

	if (!(s->flags & NLM_F_DUMP)) {
		size = answer_port(s, buffer, world_port(s->ifname));
		s->cmd = 0;
		return size + fake_error(s, buffer + size, 0, NULL);
	}
	if (s->port < world.port_count)
		return answer_port(s, buffer, &world.ports[s->port++]);
	size = fake_done(s, buffer);
	fake_events_go_on();
	return size;
}

/* A message of a port's stations; 0 when the port is done. */
static int answer_piece(struct mnl_socket *s, char *buffer, const struct fake_port *port)
{
	const struct fake_stations *stations = &port->stations[s->view];
	struct nlmsghdr *nlh;

	if (s->told && s->station == stations->count)
		return 0;
	nlh = fake_begin(buffer, s, L2PC_CMD_STATION_GET);
	nlh->nlmsg_flags |= NLM_F_MULTI;
	mnl_attr_put_strz(nlh, L2PC_A_STATIONS_IFNAME, port->name);
	mnl_attr_put_u32(nlh, L2PC_A_STATIONS_IFINDEX,
			 (uint32_t)port->numbers.value[L2PC_A_PORT_IFINDEX]);
	mnl_attr_put_u32(nlh, L2PC_A_STATIONS_VIEW, s->view);
	if (!s->told)
		fake_put_totals(nlh, L2PC_A_STATIONS_TOTALS, &port->totals[s->view]);
	s->told = true;
	for (size_t i = 0; i < world.pieces && s->station < stations->count; i++) {
		if (nlh->nlmsg_len > PIECE)
			break;
		fake_put_station(nlh, &stations->station[s->station++]);
	}
	return (int)nlh->nlmsg_len;
}

static int answer_stations(struct mnl_socket *s, char *buffer)
{
	int size;

	for (; s->port < world.port_count; s->port++) {
		const struct fake_port *port = &world.ports[s->port];

		if (s->ifname[0] && strcmp(s->ifname, port->name))
			continue;
		size = answer_piece(s, buffer, port);
		if (size)
			return size;
		s->station = 0;
		s->told = false;
	}
	size = fake_done(s, buffer);
	if (!s->interrupted)
		world_later();
	return size;
}

static int answer_reset(struct mnl_socket *s, char *buffer)
{
	struct nlmsghdr *nlh = fake_begin(buffer, s, L2PC_CMD_WINDOW_RESET);
	int size;

	for (size_t i = 0; i < world.port_count; i++) {
		const struct fake_port *port = &world.ports[i];
		struct nlattr *nest;

		if (s->ifname[0] && strcmp(s->ifname, port->name))
			continue;
		nest = mnl_attr_nest_start(nlh, L2PC_A_RESET_CLOSED);
		mnl_attr_put_strz(nlh, L2PC_A_CLOSED_IFNAME, port->name);
		mnl_attr_put_u32(nlh, L2PC_A_CLOSED_IFINDEX,
				 (uint32_t)port->numbers.value[L2PC_A_PORT_IFINDEX]);
		fake_put_totals(nlh, L2PC_A_CLOSED_TOTALS, &port->totals[L2PC_VIEW_WINDOW]);
		mnl_attr_nest_end(nlh, nest);
	}
	size = (int)nlh->nlmsg_len;
	s->cmd = 0;
	return size + fake_error(s, buffer + size, 0, NULL);
}

/* All that are known, then the end. */
static int answer_neighbours(struct mnl_socket *s, char *buffer)
{
	const struct fake_neighbour *n;
	struct nlmsghdr *nlh;
	struct ndmsg *nd;
	uint8_t ip[16];
	int v6;

	if (s->station == world.neighbour_count)
		return fake_done(s, buffer);
	n = &world.neighbours[s->station++];
	v6 = strchr(n->ip, ':') != NULL;
	if (inet_pton(v6 ? AF_INET6 : AF_INET, n->ip, ip) != 1)
		world_die("no IP address", n->ip);
	nlh = mnl_nlmsg_put_header(buffer);
	nlh->nlmsg_type = RTM_NEWNEIGH;
	nlh->nlmsg_flags = NLM_F_MULTI;
	nlh->nlmsg_seq = s->seq;
	nd = mnl_nlmsg_put_extra_header(nlh, sizeof(*nd));
	nd->ndm_family = v6 ? AF_INET6 : AF_INET;
	nd->ndm_state = NUD_REACHABLE;
	mnl_attr_put(nlh, NDA_DST, v6 ? 16 : 4, ip);
	mnl_attr_put(nlh, NDA_LLADDR, sizeof(n->mac), n->mac);
	return (int)nlh->nlmsg_len;
}

static ssize_t answer_next(struct mnl_socket *s, char *buffer)
{
	const struct fake_failure *fail = failure(s->cmd);

	if (s->neighbours)
		return answer_neighbours(s, buffer);
	if (s->system)
		return fake_system(s, buffer);
	if (!s->cmd)
		return answer_family(s, buffer);
	if (fail)
		return fake_error(s, buffer, fail->error, fail->text);
	/* The module was unloaded since the family was asked for. */
	if (world_absent())
		return fake_error(s, buffer, ENOENT, NULL);
	if (s->cmd == L2PC_CMD_PORT_ADD)
		return world_port(s->ifname) ? fake_error(s, buffer, EEXIST, "it is counted already") :
					       fake_error(s, buffer, 0, NULL);
	if (s->ifname[0] && !world_port(s->ifname))
		return fake_error(s, buffer, ENOENT, "no such port");
	switch (s->cmd) {
	case L2PC_CMD_PORT_GET:
		return answer_ports(s, buffer);
	case L2PC_CMD_STATION_GET:
		return answer_stations(s, buffer);
	case L2PC_CMD_WINDOW_RESET:
		return answer_reset(s, buffer);
	default:
		return fake_error(s, buffer, 0, NULL);
	}
}

/* What is answered, into the file named by L2PC_TAPE, as fuzz.c reads it. */
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
	size = answer_next(s, buffer);
	taped(s, buffer, size);
	s->told_family = true;
	return size;
}
