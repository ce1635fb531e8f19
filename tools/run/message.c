// SPDX-License-Identifier: GPL-2.0
/*
 * Messages of the family l2pc, as kmod/iface/netlink_put.c makes them.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/genetlink.h>

#include "run/attach.h"
#include "run/list.h"
#include "run/message.h"
#include "source/protocol.h"

struct nlmsghdr *message_start(void *at, uint8_t cmd, uint32_t seq, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(at);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));

	nlh->nlmsg_type = PROTOCOL_FAMILY;
	nlh->nlmsg_flags = flags;
	nlh->nlmsg_seq = seq;
	genl->cmd = cmd;
	genl->version = L2PC_FAMILY_VERSION;
	return nlh;
}

/* Close a nest, or take it off when not all was put. */
static bool nest_end(struct nlmsghdr *nlh, struct nlattr *nest, bool all)
{
	if (!nest)
		return false;
	if (all)
		mnl_attr_nest_end(nlh, nest);
	else
		mnl_attr_nest_cancel(nlh, nest);
	return all;
}

static bool put_u64(struct nlmsghdr *nlh, uint16_t attr, uint64_t value)
{
	return mnl_attr_put_u64_check(nlh, MESSAGE_MAX, attr, value);
}

static bool put_u32(struct nlmsghdr *nlh, uint16_t attr, uint32_t value)
{
	return mnl_attr_put_u32_check(nlh, MESSAGE_MAX, attr, value);
}

/* Check for sent frames, counted or skipped. */
static bool totals_have_sent(const struct l2pc_totals *totals)
{
	const u64 *skipped = totals->tx_counters.skipped;

	return totals->tx_packets | skipped[L2PC_SKIPPED_MULTICAST] |
	       skipped[L2PC_SKIPPED_BROADCAST] | skipped[L2PC_SKIPPED_INVALID];
}

bool message_totals(struct nlmsghdr *nlh, uint16_t attr, const struct l2pc_totals *totals)
{
	const struct l2pc_counters *rx = &totals->counters, *tx = &totals->tx_counters;
	struct nlattr *nest = mnl_attr_nest_start_check(nlh, MESSAGE_MAX, attr);
	bool all;

	if (!nest)
		return false;
#define PUT(name, value) put_u64(nlh, L2PC_A_TOTALS_##name, value)
	all = PUT(WINDOW_ID, totals->id) && PUT(OPENED, totals->opened) &&
	      (!totals->closed || PUT(CLOSED, totals->closed)) && PUT(PACKETS, totals->packets) &&
	      PUT(BYTES, totals->bytes) && put_u32(nlh, L2PC_A_TOTALS_STATIONS, totals->stations) &&
	      PUT(UNTRACKED_PACKETS, rx->untracked_packets) &&
	      PUT(UNTRACKED_BYTES, rx->untracked_bytes) &&
	      PUT(FORGOTTEN_PACKETS, rx->forgotten_packets) &&
	      PUT(FORGOTTEN_BYTES, rx->forgotten_bytes) &&
	      PUT(SKIPPED_MULTICAST, rx->skipped[L2PC_SKIPPED_MULTICAST]) &&
	      PUT(SKIPPED_BROADCAST, rx->skipped[L2PC_SKIPPED_BROADCAST]) &&
	      PUT(SKIPPED_INVALID, rx->skipped[L2PC_SKIPPED_INVALID]) &&
	      PUT(MALFORMED_PACKETS, rx->malformed);
	if (all && totals_have_sent(totals))
		all = PUT(TX_PACKETS, totals->tx_packets) && PUT(TX_BYTES, totals->tx_bytes) &&
		      PUT(TX_UNTRACKED_PACKETS, tx->untracked_packets) &&
		      PUT(TX_UNTRACKED_BYTES, tx->untracked_bytes) &&
		      PUT(TX_FORGOTTEN_PACKETS, tx->forgotten_packets) &&
		      PUT(TX_FORGOTTEN_BYTES, tx->forgotten_bytes) &&
		      PUT(TX_SKIPPED_MULTICAST, tx->skipped[L2PC_SKIPPED_MULTICAST]) &&
		      PUT(TX_SKIPPED_BROADCAST, tx->skipped[L2PC_SKIPPED_BROADCAST]) &&
		      PUT(TX_SKIPPED_INVALID, tx->skipped[L2PC_SKIPPED_INVALID]) &&
		      PUT(TX_MALFORMED_PACKETS, tx->malformed);
#undef PUT
	return nest_end(nlh, nest, all);
}

bool message_station(struct nlmsghdr *nlh, const struct l2pc_station *station)
{
	struct nlattr *nest =
		mnl_attr_nest_start_check(nlh, MESSAGE_MAX, L2PC_A_STATIONS_STATION);
	uint64_t mac = station->key >> L2PC_KEY_MAC_SHIFT;
	uint16_t vlan = station->key & L2PC_KEY_VLAN_MASK;
	uint8_t octets[6];
	bool all;

	if (!nest)
		return false;
	for (unsigned int i = 0; i < sizeof(octets); i++)
		octets[i] = (uint8_t)(mac >> 8 * i);
#define PUT(name, value) put_u64(nlh, L2PC_A_STATION_##name, value)
	all = mnl_attr_put_check(nlh, MESSAGE_MAX, L2PC_A_STATION_MAC, sizeof(octets), octets) &&
	      (!vlan || mnl_attr_put_u16_check(nlh, MESSAGE_MAX, L2PC_A_STATION_VLAN, vlan)) &&
	      PUT(FIRST_SEEN, station->first_seen);
	if (all && l2pc_station_counted(station))
		all = PUT(PACKETS, station->packets) && PUT(BYTES, station->bytes) &&
		      PUT(LAST_SEEN, station->last_seen);
	if (all && station->tx_packets)
		all = PUT(TX_PACKETS, station->tx_packets) && PUT(TX_BYTES, station->tx_bytes);
#undef PUT
	return nest_end(nlh, nest, all);
}

bool message_port(struct nlmsghdr *nlh, const struct port_run *port)
{
	const struct run_settings *settings = &port->settings;
	bool counting = port->state == L2PC_PORT_STATE_COUNTING;

	return mnl_attr_put_strz_check(nlh, MESSAGE_MAX, L2PC_A_PORT_IFNAME, port->name) &&
	       put_u32(nlh, L2PC_A_PORT_IFINDEX, (uint32_t)port->link.ifindex) &&
	       put_u32(nlh, L2PC_A_PORT_HOOK,
		       counting ? attach_kind() : L2PC_HOOK_KIND_NONE) &&
	       put_u32(nlh, L2PC_A_PORT_STATE, port->state) &&
	       put_u32(nlh, L2PC_A_PORT_HOOK_WANTED, settings->hook_wanted) &&
	       mnl_attr_put_u8_check(nlh, MESSAGE_MAX, L2PC_A_PORT_VLAN, settings->vlan) &&
	       put_u32(nlh, L2PC_A_PORT_RESET_INTERVAL, settings->reset_interval) &&
	       put_u32(nlh, L2PC_A_PORT_MAX_STATIONS, settings->max_stations) &&
	       put_u32(nlh, L2PC_A_PORT_STATION_TIMEOUT, settings->station_timeout) &&
	       mnl_attr_put_u8_check(nlh, MESSAGE_MAX, L2PC_A_PORT_TX, settings->tx) &&
	       (!port->pattern ||
		(mnl_attr_put_strz_check(nlh, MESSAGE_MAX, L2PC_A_PORT_PATTERN, port->pattern->glob) &&
		 put_u32(nlh, L2PC_A_PORT_KEEP, settings->keep))) &&
	       (!port->link.ifindex ||
		put_u32(nlh, L2PC_A_PORT_DEVICE_TYPE, port->link.type));
}

bool message_pattern(struct nlmsghdr *nlh, const struct pattern_run *pattern)
{
	const struct run_settings *settings = &pattern->settings;

	return mnl_attr_put_strz_check(nlh, MESSAGE_MAX, L2PC_A_PORT_PATTERN, pattern->glob) &&
	       put_u32(nlh, L2PC_A_PORT_HOOK_WANTED, settings->hook_wanted) &&
	       mnl_attr_put_u8_check(nlh, MESSAGE_MAX, L2PC_A_PORT_VLAN, settings->vlan) &&
	       put_u32(nlh, L2PC_A_PORT_RESET_INTERVAL, settings->reset_interval) &&
	       put_u32(nlh, L2PC_A_PORT_MAX_STATIONS, settings->max_stations) &&
	       put_u32(nlh, L2PC_A_PORT_STATION_TIMEOUT, settings->station_timeout) &&
	       mnl_attr_put_u8_check(nlh, MESSAGE_MAX, L2PC_A_PORT_TX, settings->tx) &&
	       put_u32(nlh, L2PC_A_PORT_KEEP, settings->keep) &&
	       put_u32(nlh, L2PC_A_PORT_PORTS, pattern->ports) &&
	       put_u64(nlh, L2PC_A_PORT_MISSED, pattern->missed);
}
