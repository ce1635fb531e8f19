// SPDX-License-Identifier: GPL-2.0
/*
 * Frames and bytes that a super-packet was on the wire.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/errno.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/minmax.h>

#include "headers.h"
#include "wire.h"
#include "wire_bytes.h"

#define IPV6_JUMBO_HEADER	8U	/* RFC 2675, in a hop-by-hop header */
#define IPV6_JUMBO_OPTION	0xc2
#define IPV6_JUMBO_LENGTH	4
#define SCTP_CHUNK_MIN		4U

/* A super-packet up to this length has no jumbo option: GRO_LEGACY_MAX_SIZE. */
#define JUMBO_ABOVE		65536U

/*
 * Get the length of the jumbo payload option that IPv6 BIG TCP has in super-packets and
 * not in their segments, in kernels from 5.19 to 6.x. Follows ipv6_has_hopopt_jumbo().
 * Behind tags the kernel leaves the option in, and no sender sets one there.
 */
static u32 jumbo_len(const struct l2pc_wire_packet *packet,
		     const struct l2pc_headers *headers)
{
	u32 at = headers->transport - IPV6_JUMBO_HEADER;
	u8 copy[L2PC_WIRE_COPY];
	const u8 *bytes;

	if (!(packet->type & L2PC_WIRE_JUMBO) || headers->ipproto != IPPROTO_TCP ||
	    headers->transport < packet->network + L2PC_IPV6_HEADER + IPV6_JUMBO_HEADER ||
	    packet->len - (at - L2PC_IPV6_HEADER) <= JUMBO_ABOVE)
		return 0;
	if (l2pc_wire_is_untrusted(packet) && packet->protocol != ETH_P_IPV6)
		return 0;
	/* Both headers are readable: the transport header behind them was read. */
	bytes = l2pc_wire_bytes(packet, at - L2PC_IPV6_HEADER, L2PC_IPV6_FIRST, copy);
	if (!bytes || bytes[0] >> 4 != 6 || bytes[6] != IPPROTO_HOPOPTS)
		return 0;
	bytes = l2pc_wire_bytes(packet, at, IPV6_JUMBO_HEADER, copy);
	if (!bytes || bytes[0] != IPPROTO_TCP || bytes[1] ||
	    bytes[2] != IPV6_JUMBO_OPTION || bytes[3] != IPV6_JUMBO_LENGTH)
		return 0;
	return IPV6_JUMBO_HEADER;
}

/*
 * Compute the number of segments that @payload bytes are cut into. A recorded number is
 * bounded by what the payload allows.
 */
static u32 count_segments(const struct l2pc_wire_packet *packet, u32 payload)
{
	bool sctp = packet->type & L2PC_WIRE_SCTP;
	/* SCTP is cut at its frag_list: gso_size is GSO_BY_FRAGS there. */
	u32 size = sctp ? SCTP_CHUNK_MIN : max_t(u32, packet->size, 1);
	u32 max_segments = (payload - 1) / size + 1;

	if (packet->segments)
		return min(packet->segments, max_segments);
	return sctp ? 1 : max_segments;
}

static void wire_set(const struct l2pc_wire_packet *packet, u32 payload,
		     u32 packets, u32 headers, struct l2pc_wire *wire)
{
	u64 bytes = payload + (u64)packets * (headers + packet->tag);

	wire->malformed = bytes > U32_MAX;
	wire->packets = packets;
	wire->bytes = bytes;
}

/**
 * l2pc_wire_count() - count a super-packet's frames and bytes on the wire
 * @packet: description of the super-packet
 * @wire: filled in
 *
 * A super-packet that the kernel would refuse to segment counts as one frame of its
 * length, and is malformed. A trusted one whose headers are not found keeps the
 * number of its segments; only their Ethernet headers are known then.
 *
 * Context: any; reads at most @packet->readable bytes at @packet->head.
 * Return: false when more than @packet->readable bytes are needed, and the super-packet
 * has them; @wire is not set then. Never false when @packet->readable is @packet->len or
 * at least L2PC_WIRE_HEADERS_MAX.
 */
bool l2pc_wire_count(const struct l2pc_wire_packet *packet,
		     struct l2pc_wire *wire)
{
	struct l2pc_headers headers = {};
	int err = l2pc_headers_find(packet, &headers);
	u32 payload, packets, jumbo;

	if (!err) {
		payload = packet->len - headers.len;
		packets = count_segments(packet, payload);
		jumbo = jumbo_len(packet, &headers);
		if (headers.ipproto == IPPROTO_UDP && headers.ipv6 &&
		    l2pc_wire_is_ufo(packet) && packets > 1)
			headers.len += L2PC_WIRE_FRAGMENT;
		wire_set(packet, payload, packets, headers.len - jumbo, wire);
	} else if (err == -ENODATA) {
		return false;
	} else if (!l2pc_wire_is_untrusted(packet) && packet->network < packet->len &&
		   packet->network <= L2PC_WIRE_HEADERS_MAX) {
		payload = packet->len - packet->network;
		packets = count_segments(packet, payload);
		wire_set(packet, payload, packets, packet->network, wire);
	} else {
		wire->malformed = true;
	}
	if (wire->malformed) {
		wire->packets = 1;
		wire->bytes = packet->len + packet->tag;
	}
	return true;
}
