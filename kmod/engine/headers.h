/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Headers that each segment of a super-packet has.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_HEADERS_H
#define L2PC_HEADERS_H

#include <linux/types.h>

#include "wire_packet.h"

#define L2PC_IPV4_HEADER_MIN	20U
#define L2PC_IPV6_HEADER	40U	/* RFC 8200, 3: without extension headers */
#define L2PC_IPV6_FIRST		8U	/* of these bytes: up to the next header's number */
#define L2PC_UDP_HEADER		8U

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

int l2pc_headers_find(const struct l2pc_wire_packet *packet,
		      struct l2pc_headers *headers);

#endif
