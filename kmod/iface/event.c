// SPDX-License-Identifier: GPL-2.0
/*
 * Events: what is told to those who listen, by netlink and by tracepoints.
 * Copyright (C) the l2packet_counter authors
 *
 * All in process context, and off the packet path. What is told is lost when
 * there is no memory for it, or when a listener's socket is full: the listener
 * sees ENOBUFS then, and asks for the present state.
 */
#include <net/genetlink.h>
#include <net/net_namespace.h>

#include "engine/notice.h"
#include "port/port.h"
#include "event.h"
#include "netlink.h"
#include "trace.h"

/**
 * struct event - a message being made
 * @net: where it goes; a reference
 * @info: the port's
 * @skb: the message
 * @header: its header
 */
struct event {
	struct net *net;
	struct l2pc_port_info info;
	struct sk_buff *skb;
	void *header;
};

/* Those who listen miss something: their next recv() says so. */
static void events_lost(struct net *net)
{
	genl_set_err(&l2pc_netlink_family, net, 0, L2PC_NETLINK_EVENTS, -ENOBUFS);
}

/* Begin a message; false: nobody listens, or there is no memory. */
static bool event_begin(struct event *event, u8 command)
{
	event->skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!event->skb) {
		events_lost(event->net);
		return false;
	}
	/* Cannot fail: it is empty. */
	event->header = genlmsg_put(event->skb, 0, 0, &l2pc_netlink_family, 0,
				    command);
	return event->header;
}

static void event_send(struct event *event)
{
	genlmsg_end(event->skb, event->header);
	/* -ESRCH: nobody listens any more. */
	genlmsg_multicast_netns(&l2pc_netlink_family, event->net, event->skb, 0,
				L2PC_NETLINK_EVENTS, GFP_KERNEL);
}

/**
 * l2pc_event_listening() - does anybody want to hear of a port's stations?
 * @port: the port
 *
 * Context: process, may sleep.
 * Return: true when somebody in the port's namespace does.
 */
bool l2pc_event_listening(struct l2pc_port *port)
{
	struct net *net;
	bool listening;

	if (trace_l2pc_station_new_enabled() || trace_l2pc_station_expire_enabled() ||
	    trace_l2pc_untracked_enabled())
		return true;
	net = l2pc_port_net_get(port);
	if (!net)
		return false;
	listening = l2pc_netlink_listening(net);
	put_net(net);
	return listening;
}

static void port_trace(const struct l2pc_port_info *info, u8 command)
{
	switch (command) {
	case L2PC_CMD_UNTRACKED_NTF:
		trace_l2pc_untracked(info);
		break;
	default:
		trace_l2pc_port(info, command);
	}
}

/**
 * l2pc_event_port() - something happened to a port
 * @port: the port
 * @command: what, L2PC_CMD_*_NTF
 *
 * Context: process, may sleep; RTNL and ports_lock may be held.
 */
void l2pc_event_port(struct l2pc_port *port, u8 command)
{
	struct event event;

	l2pc_port_info(port, &event.info);
	port_trace(&event.info, command);
	event.net = l2pc_port_net_get(port);
	if (!event.net)
		return;
	if (l2pc_netlink_listening(event.net) && event_begin(&event, command)) {
		if (l2pc_put_port(event.skb, &event.info))
			nlmsg_free(event.skb);
		else
			event_send(&event);
	}
	put_net(event.net);
}

/**
 * l2pc_event_closed() - a window was closed
 * @port: the port
 * @closed: its sums
 *
 * Context: process, may sleep.
 */
void l2pc_event_closed(struct l2pc_port *port, const struct l2pc_totals *closed)
{
	struct event event;

	l2pc_port_info(port, &event.info);
	trace_l2pc_window_close(&event.info, closed);
	event.net = l2pc_port_net_get(port);
	if (!event.net)
		return;
	if (l2pc_netlink_listening(event.net) &&
	    event_begin(&event, L2PC_CMD_WINDOW_CLOSE_NTF)) {
		if (nla_put_string(event.skb, L2PC_A_PORT_IFNAME, event.info.name) ||
		    nla_put_u32(event.skb, L2PC_A_PORT_IFINDEX, event.info.ifindex) ||
		    l2pc_put_totals(event.skb, L2PC_A_PORT_PREVIOUS, closed))
			nlmsg_free(event.skb);
		else
			event_send(&event);
	}
	put_net(event.net);
}

static void stations_trace(const struct l2pc_port_info *info, u8 command,
			   const struct l2pc_news *stations)
{
	u32 i;

	if (command == L2PC_CMD_STATION_NEW_NTF) {
		if (trace_l2pc_station_new_enabled())
			for (i = 0; i < stations->count; i++)
				trace_l2pc_station_new(info, &stations->stations[i]);
	} else if (trace_l2pc_station_expire_enabled()) {
		for (i = 0; i < stations->count; i++)
			trace_l2pc_station_expire(info, &stations->stations[i]);
	}
}

/* A message with as many as fit, from @from on. Returns the next one. */
static u32 stations_send(struct event *event, u8 command,
			 const struct l2pc_news *stations, u32 from)
{
	u32 i = from;

	if (!event_begin(event, command))
		return stations->count;
	if (!nla_put_string(event->skb, L2PC_A_STATIONS_IFNAME, event->info.name) &&
	    !nla_put_u32(event->skb, L2PC_A_STATIONS_IFINDEX, event->info.ifindex))
		while (i < stations->count &&
		       !l2pc_put_station(event->skb, L2PC_A_STATIONS_STATION,
					 &stations->stations[i]))
			i++;
	if (i == from) {
		nlmsg_free(event->skb);
		return stations->count;
	}
	event_send(event);
	return i;
}

/**
 * l2pc_event_stations() - stations came, or were forgotten
 * @port: the port
 * @command: which of both, L2PC_CMD_STATION_*_NTF
 * @stations: they
 *
 * Context: process, may sleep.
 */
void l2pc_event_stations(struct l2pc_port *port, u8 command,
			 const struct l2pc_news *stations)
{
	struct event event;
	u32 next = 0;

	if (!stations->count && !stations->lost)
		return;
	l2pc_port_info(port, &event.info);
	stations_trace(&event.info, command, stations);
	event.net = l2pc_port_net_get(port);
	if (!event.net)
		return;
	if (l2pc_netlink_listening(event.net))
		while (next < stations->count)
			next = stations_send(&event, command, stations, next);
	if (stations->lost)
		events_lost(event.net);
	put_net(event.net);
}
