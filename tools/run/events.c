// SPDX-License-Identifier: GPL-2.0
/*
 * Events of ports, to the clients that subscribed, as kmod/iface/event.c sends them.
 * Copyright (C) the l2packet_counter authors
 */
#include "station_list.h"
#include "run/events.h"
#include "run/message.h"
#include "run/list.h"
#include "run/server.h"

static char buffer[MESSAGE_MAX] __attribute__((__aligned__(8)));

void events_port(const struct port_run *port, uint8_t cmd)
{
	struct nlmsghdr *nlh;

	if (!server_listening())
		return;
	nlh = message_start(buffer, cmd, 0, 0);
	message_port(nlh, port);
	server_broadcast(nlh, nlh->nlmsg_len);
}

void events_pattern(const struct pattern_run *pattern, uint8_t cmd)
{
	struct nlmsghdr *nlh;

	if (!server_listening())
		return;
	nlh = message_start(buffer, cmd, 0, 0);
	message_pattern(nlh, pattern);
	server_broadcast(nlh, nlh->nlmsg_len);
}

void events_stations(const struct port_run *port, uint8_t cmd,
		     const struct l2pc_station_list *stations)
{
	struct nlmsghdr *nlh;
	uint32_t i = 0;

	while (i < stations->count && server_listening()) {
		nlh = message_start(buffer, cmd, 0, 0);
		mnl_attr_put_strz(nlh, L2PC_A_STATIONS_IFNAME, port->name);
		mnl_attr_put_u32(nlh, L2PC_A_STATIONS_IFINDEX, (uint32_t)port->link.ifindex);
		while (i < stations->count && message_station(nlh, &stations->stations[i]))
			i++;
		server_broadcast(nlh, nlh->nlmsg_len);
	}
}

void events_closed(const struct port_run *port, const struct l2pc_totals *closed)
{
	struct nlmsghdr *nlh;

	if (!server_listening())
		return;
	nlh = message_start(buffer, L2PC_CMD_WINDOW_CLOSE_NTF, 0, 0);
	mnl_attr_put_strz(nlh, L2PC_A_PORT_IFNAME, port->name);
	mnl_attr_put_u32(nlh, L2PC_A_PORT_IFINDEX, (uint32_t)port->link.ifindex);
	message_totals(nlh, L2PC_A_PORT_PREVIOUS, closed);
	server_broadcast(nlh, nlh->nlmsg_len);
}
