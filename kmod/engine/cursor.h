/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Position in a super-packet's headers, and what is found there.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_CURSOR_H
#define L2PC_CURSOR_H

#include <linux/types.h>

#include "wire_bytes.h"

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

/* Bits of l2pc_cursor.flags. */
#define L2PC_CURSOR_IPV6	0x01U	/* the last IP header is IPv6 */
#define L2PC_CURSOR_EXTENSIONS	0x02U	/* the next one may be an extension header of IPv6 */
#define L2PC_CURSOR_TUNNEL	0x04U	/* a UDP header is that of a tunnel */

/**
 * struct l2pc_cursor - position in a super-packet's headers
 * @packet: the super-packet
 * @cut: a header ends behind the readable bytes, though not behind the super-packet
 * @flags: L2PC_CURSOR_* bits
 * @at: offset of the next header
 * @copy: bytes of the header, where they cannot be read in place
 * @protocol: EtherType of the next header
 * @ipproto: its IP protocol number; negative: @protocol names it
 *
 * The verifier of BPF programs tracks what is at a multiple of eight bytes, and walks
 * through each value on its own. What changes from header to header is elsewhere, and
 * bits do not become known values.
 */
struct l2pc_cursor {
	const struct l2pc_wire_packet *packet;
	bool cut;
	u8 flags;
	u32 at;
	u8 copy[L2PC_WIRE_COPY];
	u16 protocol;
	s16 ipproto;
};

/* l2pc_cursor_skip() - check for bytes of headers at the cursor, and advance it behind them */
static inline bool l2pc_cursor_skip(struct l2pc_cursor *cursor, u32 len)
{
	const struct l2pc_wire_packet *packet = cursor->packet;
	u32 end = cursor->at + len;

	/* Both values are far too small to wrap. */
	if (cursor->at > L2PC_WIRE_HEADERS_MAX || end > L2PC_WIRE_HEADERS_MAX ||
	    end > packet->len)
		return false;
	if (L2PC_WIRE_IN_PLACE && end > packet->readable) {
		cursor->cut = true;
		return false;
	}
	cursor->at = end;
	return true;
}

/* l2pc_cursor_pull() - read the next bytes and advance the cursor behind them */
static __always_inline const u8 *l2pc_cursor_pull(struct l2pc_cursor *cursor, u32 len)
{
	u32 at = cursor->at;

	if (!l2pc_cursor_skip(cursor, len))
		return NULL;
	return l2pc_wire_bytes(cursor->packet, at, len, cursor->copy);
}

/**
 * l2pc_cursor_peek() - read the next bytes
 * @cursor: position
 * @len: number of bytes: a constant, at most L2PC_WIRE_COPY where that is not 0
 *
 * Return: the bytes, which stay valid until the next call; NULL: the headers do not have
 * them, or they are not readable.
 */
static __always_inline const u8 *l2pc_cursor_peek(struct l2pc_cursor *cursor, u32 len)
{
	u32 at = cursor->at;
	const u8 *bytes = l2pc_cursor_pull(cursor, len);

	cursor->at = at;
	return bytes;
}

bool l2pc_headers_parse(struct l2pc_cursor *cursor, struct l2pc_headers *headers);

#endif
