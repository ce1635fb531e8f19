// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink attributes of totals, stations and ports.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/etherdevice.h>
#include <linux/unaligned.h>
#include <net/netlink.h>

#include "engine/sums.h"
#include "port/pattern.h"
#include "port/port.h"
#include "netlink_put.h"

static bool put_u64(struct sk_buff *skb, int attribute, u64 value, int pad)
{
	return nla_put_u64_64bit(skb, attribute, value, pad);
}

/* Check for sent frames, counted or skipped. */
static bool totals_have_sent(const struct l2pc_totals *totals)
{
	const u64 *skipped = totals->tx_counters.skipped;

	return totals->tx_packets | skipped[L2PC_SKIPPED_MULTICAST] |
		skipped[L2PC_SKIPPED_BROADCAST] | skipped[L2PC_SKIPPED_INVALID];
}

/**
 * l2pc_put_totals() - append totals
 * @skb: the message
 * @attribute: the nest's number
 * @totals: the totals
 * @tx: append those of sent frames, also without any; else if there are any
 *
 * Return: 0, or -EMSGSIZE with nothing appended.
 */
int l2pc_put_totals(struct sk_buff *skb, int attribute,
		    const struct l2pc_totals *totals, bool tx)
{
	const struct l2pc_counters *counters = &totals->counters;
	const struct l2pc_counters *sent = &totals->tx_counters;
	struct nlattr *nest = nla_nest_start(skb, attribute);

	if (!nest)
		return -EMSGSIZE;
#define PUT(name, value) \
	put_u64(skb, L2PC_A_TOTALS_##name, value, L2PC_A_TOTALS_PAD)
	if (PUT(WINDOW_ID, totals->id) ||
	    PUT(OPENED, totals->opened) ||
	    (totals->closed && PUT(CLOSED, totals->closed)) ||
	    PUT(PACKETS, totals->packets) ||
	    PUT(BYTES, totals->bytes) ||
	    nla_put_u32(skb, L2PC_A_TOTALS_STATIONS, totals->stations) ||
	    PUT(UNTRACKED_PACKETS, counters->untracked_packets) ||
	    PUT(UNTRACKED_BYTES, counters->untracked_bytes) ||
	    PUT(FORGOTTEN_PACKETS, counters->forgotten_packets) ||
	    PUT(FORGOTTEN_BYTES, counters->forgotten_bytes) ||
	    PUT(SKIPPED_MULTICAST, counters->skipped[L2PC_SKIPPED_MULTICAST]) ||
	    PUT(SKIPPED_BROADCAST, counters->skipped[L2PC_SKIPPED_BROADCAST]) ||
	    PUT(SKIPPED_INVALID, counters->skipped[L2PC_SKIPPED_INVALID]) ||
	    PUT(MALFORMED_PACKETS, counters->malformed) ||
	    ((tx || totals_have_sent(totals)) &&
	     (PUT(TX_PACKETS, totals->tx_packets) ||
	      PUT(TX_BYTES, totals->tx_bytes) ||
	      PUT(TX_UNTRACKED_PACKETS, sent->untracked_packets) ||
	      PUT(TX_UNTRACKED_BYTES, sent->untracked_bytes) ||
	      PUT(TX_FORGOTTEN_PACKETS, sent->forgotten_packets) ||
	      PUT(TX_FORGOTTEN_BYTES, sent->forgotten_bytes) ||
	      PUT(TX_SKIPPED_MULTICAST, sent->skipped[L2PC_SKIPPED_MULTICAST]) ||
	      PUT(TX_SKIPPED_BROADCAST, sent->skipped[L2PC_SKIPPED_BROADCAST]) ||
	      PUT(TX_SKIPPED_INVALID, sent->skipped[L2PC_SKIPPED_INVALID]) ||
	      PUT(TX_MALFORMED_PACKETS, sent->malformed)))) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
#undef PUT
	nla_nest_end(skb, nest);
	return 0;
}

/* An attribute of 64 bits, where the kernel puts no padding in front of it. */
struct attr_u64 {
	struct nlattr header;
	u64 value;
} __packed;

static void attr_u64_fill(struct attr_u64 *attr, u16 type, u64 value)
{
	attr->header = (struct nlattr){ sizeof(*attr), type };
	attr->value = value;
}

/*
 * The attributes of most stations of a dump: with frames, and without a VLAN. The last
 * two are there when frames were sent to it.
 */
struct attrs_station {
	struct nlattr nest;
	struct nlattr mac;
	u8 octets[NLA_ALIGN(ETH_ALEN)];
	struct attr_u64 first_seen;
	struct attr_u64 packets;
	struct attr_u64 bytes;
	struct attr_u64 last_seen;
	struct attr_u64 tx_packets;
	struct attr_u64 tx_bytes;
} __packed;

/*
 * Append a station in one piece. Same result as put_station_attributes(), with a tenth of
 * the instructions: a dump has hundreds of thousands of stations. Returns false when the
 * message is full, with nothing appended.
 */
static bool put_station_whole(struct sk_buff *skb, int attribute,
			      const struct l2pc_station *station)
{
	size_t size = station->tx_packets ? sizeof(struct attrs_station) :
					    offsetof(struct attrs_station, tx_packets);
	struct attrs_station *to;

	if (skb_tailroom(skb) < size)
		return false;
	to = __skb_put(skb, size);
	/* Assign every field by itself: a whole struct would be zeroed first. */
	to->nest = (struct nlattr){ size, attribute | NLA_F_NESTED };
	to->mac = (struct nlattr){ NLA_HDRLEN + ETH_ALEN, L2PC_A_STATION_MAC };
	put_unaligned_le64(station->key >> L2PC_KEY_MAC_SHIFT, to->octets);
	attr_u64_fill(&to->first_seen, L2PC_A_STATION_FIRST_SEEN, station->first_seen);
	attr_u64_fill(&to->packets, L2PC_A_STATION_PACKETS, station->packets);
	attr_u64_fill(&to->bytes, L2PC_A_STATION_BYTES, station->bytes);
	attr_u64_fill(&to->last_seen, L2PC_A_STATION_LAST_SEEN, station->last_seen);
	if (!station->tx_packets)
		return true;
	attr_u64_fill(&to->tx_packets, L2PC_A_STATION_TX_PACKETS, station->tx_packets);
	attr_u64_fill(&to->tx_bytes, L2PC_A_STATION_TX_BYTES, station->tx_bytes);
	return true;
}

/* Append a station. Not inline, so that the fast path saves no registers. */
static noinline int put_station_attributes(struct sk_buff *skb, int attribute,
					   const struct l2pc_station *station)
{
	u16 vlan = station->key & L2PC_KEY_VLAN_MASK;
	struct nlattr *nest = nla_nest_start(skb, attribute);
	u8 mac[sizeof(u64)];

	if (!nest)
		return -EMSGSIZE;
	/* First octet lowest, the order of frame_key() in hook.c. */
	put_unaligned_le64(station->key >> L2PC_KEY_MAC_SHIFT, mac);
#define PUT(name, value) \
	put_u64(skb, L2PC_A_STATION_##name, value, L2PC_A_STATION_PAD)
	if (nla_put(skb, L2PC_A_STATION_MAC, ETH_ALEN, mac) ||
	    (vlan && nla_put_u16(skb, L2PC_A_STATION_VLAN, vlan)) ||
	    PUT(FIRST_SEEN, station->first_seen) ||
	    (l2pc_station_counted(station) &&
	     (PUT(PACKETS, station->packets) ||
	      PUT(BYTES, station->bytes) ||
	      PUT(LAST_SEEN, station->last_seen))) ||
	    (station->tx_packets &&
	     (PUT(TX_PACKETS, station->tx_packets) ||
	      PUT(TX_BYTES, station->tx_bytes)))) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
#undef PUT
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * l2pc_put_station() - append a station
 * @skb: the message
 * @attribute: the nest's number
 * @station: the station; without counts only key and first_seen are appended
 *
 * Return: 0, or -EMSGSIZE with nothing appended.
 */
int l2pc_put_station(struct sk_buff *skb, int attribute,
		     const struct l2pc_station *station)
{
	if (IS_ENABLED(CONFIG_HAVE_EFFICIENT_UNALIGNED_ACCESS) &&
	    l2pc_station_counted(station) && !(station->key & L2PC_KEY_VLAN_MASK))
		return put_station_whole(skb, attribute, station) ? 0 : -EMSGSIZE;
	return put_station_attributes(skb, attribute, station);
}

/* Append the settings that ports and patterns have. */
static int put_settings(struct sk_buff *skb, const struct l2pc_settings *settings)
{
	if (nla_put_u32(skb, L2PC_A_PORT_HOOK_WANTED, settings->hook_wanted) ||
	    nla_put_u8(skb, L2PC_A_PORT_VLAN, settings->vlan) ||
	    nla_put_u32(skb, L2PC_A_PORT_RESET_INTERVAL, settings->reset_interval) ||
	    nla_put_u32(skb, L2PC_A_PORT_MAX_STATIONS, settings->max_stations) ||
	    nla_put_u32(skb, L2PC_A_PORT_STATION_TIMEOUT, settings->station_timeout) ||
	    nla_put_u8(skb, L2PC_A_PORT_TX, settings->tx))
		return -EMSGSIZE;
	return 0;
}

/**
 * l2pc_put_port() - append a port's state and settings
 * @skb: the message
 * @info: the port
 *
 * Return: 0, or -EMSGSIZE.
 */
int l2pc_put_port(struct sk_buff *skb, const struct l2pc_port_info *info)
{
	if (nla_put_string(skb, L2PC_A_PORT_IFNAME, info->name) ||
	    nla_put_u32(skb, L2PC_A_PORT_IFINDEX, info->ifindex) ||
	    nla_put_u32(skb, L2PC_A_PORT_HOOK, info->hook) ||
	    nla_put_u32(skb, L2PC_A_PORT_STATE, info->state) ||
	    put_settings(skb, &info->settings) ||
	    (info->ifindex && nla_put_u32(skb, L2PC_A_PORT_DEVICE_TYPE, info->type)) ||
	    (*info->pattern &&
	     (nla_put_string(skb, L2PC_A_PORT_PATTERN, info->pattern) ||
	      nla_put_u32(skb, L2PC_A_PORT_KEEP, info->settings.keep))))
		return -EMSGSIZE;
	return 0;
}

/**
 * l2pc_put_pattern() - append a pattern and its settings
 * @skb: the message
 * @pattern: the pattern
 *
 * Return: 0, or -EMSGSIZE.
 */
int l2pc_put_pattern(struct sk_buff *skb, const struct l2pc_pattern_info *pattern)
{
	if (put_settings(skb, &pattern->settings) ||
	    nla_put_string(skb, L2PC_A_PORT_PATTERN, pattern->glob) ||
	    nla_put_u32(skb, L2PC_A_PORT_KEEP, pattern->settings.keep) ||
	    nla_put_u32(skb, L2PC_A_PORT_PORTS, pattern->ports) ||
	    put_u64(skb, L2PC_A_PORT_MISSED, pattern->missed, L2PC_A_PORT_PAD))
		return -EMSGSIZE;
	return 0;
}
