/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Super-packets for the tests of l2pc_wire_count(), built header by header.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef SUPERPACKET_H
#define SUPERPACKET_H

#include <string.h>

#include "../fuzz/wire.c"

#define IP	0x0800
#define IPV6	0x86dd
#define VLAN	0x8100
#define QINQ	0x88a8
#define MPLS	0x8847
#define NSH	0x894f
#define PPPOE	0x8864
#define TEB	0x6558

#define TCP	6
#define UDP	17
#define GRE	47
#define SCTP	132

/* A super-packet under construction: its headers and its description. */
static struct build {
	u8 bytes[2 * L2PC_WIRE_HEADERS_MAX];
	u32 at;
	struct l2pc_wire_packet packet;
} b;

static inline u8 *put(u32 len)
{
	u8 *at = b.bytes + b.at;

	CHECK(b.at + len <= sizeof(b.bytes));
	memset(at, 0, len);
	b.at += len;
	return at;
}

static inline void put16(u8 *at, u16 value)
{
	at[0] = value >> 8;
	at[1] = value;
}

/* Start a super-packet with an Ethernet header, from which a tag may be stripped. */
static inline void frame_of(u32 type, u16 size, u16 protocol)
{
	memset(&b, 0, sizeof(b));
	/* Payload that looks like a TCP header everywhere. */
	memset(b.bytes, 0x55, sizeof(b.bytes));
	put16(put(14) + 12, protocol);
	b.packet.type = type;
	b.packet.size = size;
	b.packet.network = 14;
	b.packet.protocol = protocol;
	b.packet.transport = -100;
	b.packet.inner_transport = -100;
	b.packet.inner = -100;
}

static inline void put_tag(u16 next) { put16(put(4) + 2, next); }
static inline void put_ethernet(u16 next) { put16(put(14) + 12, next); }

static inline void put_label(bool bottom)
{
	put(4)[2] = bottom;
}

static inline void put_ipv4(u32 len, u8 next)
{
	u8 *ip = put(len);

	ip[0] = 0x40 | len / 4;
	ip[9] = next;
}

static inline u8 *put_ipv6(u8 next)
{
	u8 *ip = put(40);

	ip[0] = 0x60;
	ip[6] = next;
	return ip;
}

static inline void put_extension(u32 len, u8 next)
{
	u8 *extension = put(len);

	extension[0] = next;
	extension[1] = len / 8 - 1;
}

static inline void put_jumbo(void)
{
	u8 *jumbo = put(8);

	jumbo[0] = TCP;
	jumbo[2] = 0xc2;
	jumbo[3] = 4;
}

static inline void put_tcp(u32 len)
{
	put(len)[12] = len / 4 << 4;
}

/* Record the offset of the next header, as the kernel does. */
static inline void transport_here(void) { b.packet.transport = b.at; }
static inline void inner_transport_here(void) { b.packet.inner_transport = b.at; }

static inline void inner_here(u16 protocol, u8 ipproto)
{
	b.packet.inner = b.at;
	b.packet.inner_protocol = protocol;
	b.packet.inner_ipproto = ipproto;
}

/* Count the super-packet, with so many bytes behind the headers. */
static inline struct l2pc_wire counted(u32 payload)
{
	b.packet.head = b.bytes;
	b.packet.len = b.at + payload;
	b.packet.readable = b.packet.len < sizeof(b.bytes) ? b.packet.len :
							     sizeof(b.bytes);
	return wire_check(&b.packet);
}

static inline void check_counts(u32 payload, u32 packets, u32 bytes)
{
	struct l2pc_wire wire = counted(payload);

	CHECK_EQ(wire.packets, packets);
	CHECK_EQ(wire.bytes, bytes);
	CHECK(!wire.malformed);
}

static inline void check_malformed(u32 payload)
{
	CHECK(counted(payload).malformed);
}

#define GUEST_TCPV4	(L2PC_WIRE_UNTRUSTED | L2PC_WIRE_TCPV4)
#define GUEST_TCPV6	(L2PC_WIRE_UNTRUSTED | L2PC_WIRE_TCPV6)
#define GUEST_UDP	(L2PC_WIRE_UNTRUSTED | L2PC_WIRE_UDP)
#define GUEST_UFO	(L2PC_WIRE_UNTRUSTED | L2PC_WIRE_UFO)
#define TUNNEL		(L2PC_WIRE_ENCAPSULATED | L2PC_WIRE_UDP_TUNNEL)

static inline void tcp4(u32 type, u16 size)
{
	frame_of(type, size, IP);
	put_ipv4(20, TCP);
	transport_here();
	put_tcp(20);
}

#endif /* SUPERPACKET_H */
