// SPDX-License-Identifier: GPL-2.0
/*
 * Events by netlink and tracepoints.
 * Copyright (C) the l2packet_counter authors
 *
 * An event is lost when there is no memory for it, or when a listener's socket is
 * full: that listener gets ENOBUFS, and requests the present state.
 *
 * Context of everything here: process, may sleep, off the packet path.
 */
#include <linux/netdevice.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>

#include "engine/station_list.h"
#include "port/port.h"
#include "event.h"
#include "genl.h"
#include "netlink_put.h"
#include "trace.h"

/**
 * struct event - events of a port, sent one message after the other
 * @net: the namespace of the listeners, a reference; NULL: there is none
 * @info: the port's state
 * @skb: the message under construction
 * @header: its header
 */
struct event {
	struct net *net;
	struct l2pc_port_info info;
	struct sk_buff *skb;
	void *header;
};

/* Report to the listeners that they missed an event: their next recv() fails. */
static void events_lost(struct net *net)
{
	genl_set_err(&l2pc_genl_family, net, 0, L2PC_GENL_EVENTS, -ENOBUFS);
}

/* Take the port's state, and a reference to its namespace if it has one. */
static void event_get(struct event *event, struct l2pc_port *port)
{
	l2pc_port_info(port, &event->info);
	event->net = l2pc_port_net_get(port);
}

static void event_put(struct event *event)
{
	if (event->net)
		put_net(event->net);
}

static bool event_listening(const struct event *event)
{
	return event->net && l2pc_genl_listening(event->net);
}

/* Start a message. False: there is no memory, and the listeners were informed. */
static bool event_begin(struct event *event, u8 command)
{
	event->skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!event->skb) {
		events_lost(event->net);
		return false;
	}
	event->header = genlmsg_put(event->skb, 0, 0, &l2pc_genl_family, 0, command);
	if (WARN_ON_ONCE(!event->header)) {
		nlmsg_free(event->skb);
		return false;
	}
	return true;
}

static void event_send(struct event *event)
{
	genlmsg_end(event->skb, event->header);
	/* -ESRCH: the last listener left. */
	genlmsg_multicast_netns(&l2pc_genl_family, event->net, event->skb, 0,
				L2PC_GENL_EVENTS, GFP_KERNEL);
}

static bool port_listening(struct l2pc_port *port)
{
	struct net *net;
	bool listening;

	if (trace_l2pc_station_new_enabled() || trace_l2pc_station_expire_enabled() ||
	    trace_l2pc_untracked_enabled())
		return true;
	net = l2pc_port_net_get(port);
	if (!net)
		return false;
	listening = l2pc_genl_listening(net);
	put_net(net);
	return listening;
}

static void port_trace(const struct l2pc_port_info *info, u8 command)
{
	if (command == L2PC_CMD_UNTRACKED_NTF)
		trace_l2pc_untracked(info);
	else
		trace_l2pc_port(info, command);
}

static void port_event(struct event *event, u8 command)
{
	port_trace(&event->info, command);
	if (!event_listening(event) || !event_begin(event, command))
		return;
	if (l2pc_put_port(event->skb, &event->info))
		nlmsg_free(event->skb);
	else
		event_send(event);
}

static void port_changed(struct l2pc_port *port, u8 command)
{
	struct event event;

	event_get(&event, port);
	port_event(&event, command);
	event_put(&event);
}

static void stations_trace(const struct l2pc_port_info *info, u8 command,
			   const struct l2pc_station_list *stations)
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

/* Send a message with as many stations as fit, from @from on. Returns the next one. */
static u32 stations_send(struct event *event, u8 command,
			 const struct l2pc_station_list *stations, u32 from)
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

static void stations_event(struct event *event, u8 command,
			   const struct l2pc_station_list *stations)
{
	u32 next = 0;

	if (!stations->count && !stations->lost)
		return;
	stations_trace(&event->info, command, stations);
	if (!event->net)
		return;
	if (event_listening(event))
		while (next < stations->count)
			next = stations_send(event, command, stations, next);
	if (stations->lost)
		events_lost(event->net);
}

static void closed_event(struct event *event, const struct l2pc_totals *closed)
{
	trace_l2pc_window_close(&event->info, closed);
	if (!event_listening(event) || !event_begin(event, L2PC_CMD_WINDOW_CLOSE_NTF))
		return;
	if (nla_put_string(event->skb, L2PC_A_PORT_IFNAME, event->info.name) ||
	    nla_put_u32(event->skb, L2PC_A_PORT_IFINDEX, event->info.ifindex) ||
	    l2pc_put_totals(event->skb, L2PC_A_PORT_PREVIOUS, closed,
			    event->info.settings.tx))
		nlmsg_free(event->skb);
	else
		event_send(event);
}

static void changes_event(struct l2pc_port *port, const struct l2pc_changes *changes)
{
	struct event event;

	event_get(&event, port);
	stations_event(&event, L2PC_CMD_STATION_NEW_NTF, &changes->new);
	if (changes->untracked)
		port_event(&event, L2PC_CMD_UNTRACKED_NTF);
	if (changes->closed.id)
		closed_event(&event, &changes->closed);
	stations_event(&event, L2PC_CMD_STATION_EXPIRE_NTF, &changes->expired);
	event_put(&event);
}

static void pattern_changed(struct net *of, const struct l2pc_pattern_info *pattern,
			    const struct net_device *dev, u8 command)
{
	/* A namespace in deletion has no listeners. */
	struct event event = { .net = maybe_get_net(of) };

	if (event_listening(&event) && event_begin(&event, command)) {
		if ((dev && (nla_put_string(event.skb, L2PC_A_PORT_IFNAME, dev->name) ||
			     nla_put_u32(event.skb, L2PC_A_PORT_IFINDEX, dev->ifindex))) ||
		    l2pc_put_pattern(event.skb, pattern))
			nlmsg_free(event.skb);
		else
			event_send(&event);
	}
	event_put(&event);
}

static void tables_grown(struct l2pc_port *port, unsigned int tables)
{
	struct l2pc_port_info info;

	if (!trace_l2pc_grow_enabled())
		return;
	l2pc_port_info(port, &info);
	trace_l2pc_grow(&info, tables);
}

/* For l2pc_notify_init(). Works before the family is registered: without listeners. */
const struct l2pc_notify_ops l2pc_event_ops = {
	.listening = port_listening,
	.port = port_changed,
	.changes = changes_event,
	.grown = tables_grown,
	.pattern = pattern_changed,
};
