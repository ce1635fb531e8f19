/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Headers that each segment of a super-packet has.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_HEADERS_H
#define L2PC_HEADERS_H

#include <linux/types.h>

#include "wire.h"

/**
 * struct l2pc_headers - the headers that each segment has
 * @transport: offset of the transport header, in bytes from the Ethernet header
 * @len: bytes of all headers, from the Ethernet header on. UFO makes fragments: the
 *	UDP header is payload of the first then
 * @ipproto: IP protocol number of the transport header: TCP, UDP or SCTP
 * @ipv6: the last IP header was found to be IPv6. Set for an untrusted super-packet
 *	and for UFO; an offset that the kernel recorded does not tell
 */
struct l2pc_headers {
	u32 transport;
	u32 len;
	u8 ipproto;
	bool ipv6;
};

/* l2pc_wire_is_untrusted() - check whether a guest or a user wrote the super-packet's fields */
static inline bool l2pc_wire_is_untrusted(const struct l2pc_wire_packet *packet)
{
	return packet->type & L2PC_WIRE_UNTRUSTED;
}

/* l2pc_wire_is_ufo() - check whether the segments are fragments of one datagram */
static inline bool l2pc_wire_is_ufo(const struct l2pc_wire_packet *packet)
{
	return (packet->type & (L2PC_WIRE_UDP | L2PC_WIRE_UFO)) == L2PC_WIRE_UFO;
}

int l2pc_headers_find(const struct l2pc_wire_packet *packet,
		      struct l2pc_headers *headers);

#endif
