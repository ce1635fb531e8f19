// SPDX-License-Identifier: GPL-2.0
/*
 * A kernel for tests: its replies to requests of the module's family and for neighbours.
 * Copyright (C) the l2packet_counter authors
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/genetlink.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include "fake.h"

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
	if (s->has & 1u << L2PC_A_STATION_TX_PACKETS)
		mnl_attr_put_u64(nlh, L2PC_A_STATION_TX_PACKETS, s->tx_packets);
	if (s->has & 1u << L2PC_A_STATION_TX_BYTES)
		mnl_attr_put_u64(nlh, L2PC_A_STATION_TX_BYTES, s->tx_bytes);
	mnl_attr_nest_end(nlh, nest);
}

void fake_put_port(struct nlmsghdr *nlh, const struct fake_port *port)
{
	if (port->name[0])
		mnl_attr_put_strz(nlh, L2PC_A_PORT_IFNAME, port->name);
	put_numbers(nlh, &port->numbers, false);
	if (port->pattern[0])
		mnl_attr_put_strz(nlh, L2PC_A_PORT_PATTERN, port->pattern);
}

static const struct fake_failure *failure(unsigned int cmd)
{
	for (size_t i = 0; i < world.failure_count; i++)
		if (world.failures[i].cmd == cmd)
			return &world.failures[i];
	return NULL;
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

/* Put a message of a port's stations; return 0 after the last one. */
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

static void put_closed(struct nlmsghdr *nlh, const struct fake_port *port)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, L2PC_A_RESET_CLOSED);

	mnl_attr_put_strz(nlh, L2PC_A_CLOSED_IFNAME, port->name);
	mnl_attr_put_u32(nlh, L2PC_A_CLOSED_IFINDEX,
			 (uint32_t)port->numbers.value[L2PC_A_PORT_IFINDEX]);
	fake_put_totals(nlh, L2PC_A_CLOSED_TOTALS, &port->totals[L2PC_VIEW_WINDOW]);
	mnl_attr_nest_end(nlh, nest);
}

/* A dump has a message for each port; without one, there may be 64. */
static int answer_reset(struct mnl_socket *s, char *buffer)
{
	struct nlmsghdr *nlh = fake_begin(buffer, s, L2PC_CMD_WINDOW_RESET);
	int size;

	if (s->flags & NLM_F_DUMP) {
		if (s->port == world.port_count)
			return fake_done(s, buffer);
		put_closed(nlh, &world.ports[s->port++]);
		return (int)nlh->nlmsg_len;
	}
	if (!s->ifname[0] && world.port_count > 64)
		return fake_error(s, buffer, EMSGSIZE,
				  "more than 64 ports: name one, or request a dump (NLM_F_DUMP)");
	for (size_t i = 0; i < world.port_count; i++)
		if (!s->ifname[0] || !strcmp(s->ifname, world.ports[i].name))
			put_closed(nlh, &world.ports[i]);
	size = (int)nlh->nlmsg_len;
	s->cmd = 0;
	return size + fake_error(s, buffer + size, 0, NULL);
}

static int answer_patterns(struct mnl_socket *s, char *buffer)
{
	struct nlmsghdr *nlh;

	if (s->port == world.pattern_count)
		return fake_done(s, buffer);
	nlh = fake_begin(buffer, s, L2PC_CMD_PATTERN_GET);
	nlh->nlmsg_flags |= NLM_F_MULTI;
	fake_put_port(nlh, &world.patterns[s->port++]);
	return (int)nlh->nlmsg_len;
}

static int answer_pattern_add(struct mnl_socket *s, char *buffer)
{
	if (world_pattern(s->pattern))
		return fake_error(s, buffer, EEXIST, "there is this pattern already");
	if (strchr(s->pattern, '[') && !strchr(s->pattern, ']'))
		return fake_error(s, buffer, EINVAL,
				  "a pattern has a [ without ] (example: eth[0-3])");
	if (world.pattern_count == PATTERNS_MAX)
		return fake_error(s, buffer, ENOSPC,
				  "there are 64 patterns already (the maximum)");
	world_pattern_add(s->pattern);
	return fake_error(s, buffer, 0, NULL);
}

/* Reply with all neighbours, then with the end of the dump. */
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

ssize_t fake_answer(struct mnl_socket *s, char *buffer)
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
	/* The module was unloaded after the request for the family. */
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
	case L2PC_CMD_PATTERN_GET:
		return answer_patterns(s, buffer);
	case L2PC_CMD_PATTERN_ADD:
		return answer_pattern_add(s, buffer);
	case L2PC_CMD_PATTERN_DEL:
		return world_pattern(s->pattern) ? fake_error(s, buffer, 0, NULL) :
						   fake_error(s, buffer, ENOENT, "no such pattern");
	default:
		return fake_error(s, buffer, 0, NULL);
	}
}
