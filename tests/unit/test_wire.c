// SPDX-License-Identifier: GPL-2.0
/*
 * l2pc_wire_count(): frames and bytes of super-packets on the wire, and the bounds for
 * hostile ones.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
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

static u8 *put(u32 len)
{
	u8 *at = b.bytes + b.at;

	CHECK(b.at + len <= sizeof(b.bytes));
	memset(at, 0, len);
	b.at += len;
	return at;
}

static void put16(u8 *at, u16 value)
{
	at[0] = value >> 8;
	at[1] = value;
}

/* Start a super-packet with an Ethernet header, from which a tag may be stripped. */
static void frame_of(u32 type, u16 size, u16 protocol)
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

static void put_tag(u16 next) { put16(put(4) + 2, next); }
static void put_ethernet(u16 next) { put16(put(14) + 12, next); }

static void put_label(bool bottom)
{
	put(4)[2] = bottom;
}

static void put_ipv4(u32 len, u8 next)
{
	u8 *ip = put(len);

	ip[0] = 0x40 | len / 4;
	ip[9] = next;
}

static u8 *put_ipv6(u8 next)
{
	u8 *ip = put(40);

	ip[0] = 0x60;
	ip[6] = next;
	return ip;
}

static void put_extension(u32 len, u8 next)
{
	u8 *extension = put(len);

	extension[0] = next;
	extension[1] = len / 8 - 1;
}

static void put_jumbo(void)
{
	u8 *jumbo = put(8);

	jumbo[0] = TCP;
	jumbo[2] = 0xc2;
	jumbo[3] = 4;
}

static void put_tcp(u32 len)
{
	put(len)[12] = len / 4 << 4;
}

/* Record the offset of the next header, as the kernel does. */
static void transport_here(void) { b.packet.transport = b.at; }
static void inner_transport_here(void) { b.packet.inner_transport = b.at; }

static void inner_here(u16 protocol, u8 ipproto)
{
	b.packet.inner = b.at;
	b.packet.inner_protocol = protocol;
	b.packet.inner_ipproto = ipproto;
}

/* Count the super-packet, with so many bytes behind the headers. */
static struct l2pc_wire counted(u32 payload)
{
	b.packet.head = b.bytes;
	b.packet.len = b.at + payload;
	b.packet.readable = b.packet.len < sizeof(b.bytes) ? b.packet.len :
							     sizeof(b.bytes);
	return wire_check(&b.packet);
}

static void check_counts(u32 payload, u32 packets, u32 bytes)
{
	struct l2pc_wire wire = counted(payload);

	CHECK_EQ(wire.packets, packets);
	CHECK_EQ(wire.bytes, bytes);
	CHECK(!wire.malformed);
}

static void check_malformed(u32 payload)
{
	CHECK(counted(payload).malformed);
}

#define GUEST_TCPV4	(L2PC_WIRE_UNTRUSTED | L2PC_WIRE_TCPV4)
#define GUEST_TCPV6	(L2PC_WIRE_UNTRUSTED | L2PC_WIRE_TCPV6)
#define GUEST_UDP	(L2PC_WIRE_UNTRUSTED | L2PC_WIRE_UDP)
#define GUEST_UFO	(L2PC_WIRE_UNTRUSTED | L2PC_WIRE_UFO)
#define TUNNEL		(L2PC_WIRE_ENCAPSULATED | L2PC_WIRE_UDP_TUNNEL)

static void tcp4(u32 type, u16 size)
{
	frame_of(type, size, IP);
	put_ipv4(20, TCP);
	transport_here();
	put_tcp(20);
}

/* --- trusted super-packets --- */

TEST(tcp_at_the_recorded_offset)
{
	tcp4(L2PC_WIRE_TCPV4, 1000);
	check_counts(40000, 40, 40 * 1054);
	/* A short end is a segment as well, and each segment has the tag. */
	b.packet.tag = 4;
	check_counts(40001, 41, 40001 + 41 * 58);
}

TEST(tcp_options)
{
	frame_of(L2PC_WIRE_TCPV6, 1428, IPV6);
	put_ipv6(TCP);
	transport_here();
	put_tcp(32);
	check_counts(3 * 1428, 3, 3 * (14 + 40 + 32 + 1428));
}

TEST(recorded_number_of_segments)
{
	tcp4(L2PC_WIRE_TCPV4, 1000);
	b.packet.segments = 3;
	check_counts(3000, 3, 3000 + 3 * 54);
	/* At most as many as the payload allows. */
	b.packet.segments = 60000;
	check_counts(3000, 3, 3000 + 3 * 54);
	/* Fewer: GRO merged a short segment in the middle. */
	b.packet.segments = 2;
	check_counts(3000, 2, 3000 + 2 * 54);
}

TEST(a_single_segment)
{
	tcp4(L2PC_WIRE_TCPV4, 1000);
	check_counts(1, 1, 55);
	check_counts(1000, 1, 1054);
	check_counts(1001, 2, 1001 + 2 * 54);
}

TEST(the_deeper_offset)
{
	u32 order;

	/* VXLAN in VXLAN, the outer stripped: GRO cells recorded the inner UDP header. */
	for (order = 0; order < 2; order++) {
		frame_of(L2PC_WIRE_TCPV4, 1000, IP);
		put_ipv4(20, UDP);
		if (order)
			inner_transport_here();
		else
			transport_here();
		/* The VNI is where a TCP header has its length. */
		put(16)[12] = 0x50;
		put_ethernet(IP);
		put_ipv4(20, TCP);
		if (order)
			transport_here();
		else
			inner_transport_here();
		put_tcp(32);
		check_counts(5000, 5, 5000 + 5 * (14 + 20 + 16 + 14 + 20 + 32));
	}
}

TEST(a_deeper_offset_that_is_not_a_header)
{
	tcp4(L2PC_WIRE_TCPV4, 1000);
	/* Payload: not a valid length of a TCP header. */
	b.bytes[b.at + 40 + 12] = 0x45;
	b.packet.inner_transport = b.at + 40;
	check_counts(5000, 5, 5000 + 5 * 54);
	/* Behind the end, and the maximum. */
	b.packet.inner_transport = b.at + 5000;
	check_counts(5000, 5, 5000 + 5 * 54);
	b.packet.inner_transport = 0x7fffffff;
	check_counts(5000, 5, 5000 + 5 * 54);
}

TEST(no_recorded_offset)
{
	s32 offset;

	/* Negative: of a stripped tunnel. 14: the network header's. */
	for (offset = -70000; offset < 34; offset += offset < -20 ? 9991 : 1) {
		frame_of(L2PC_WIRE_TCPV6, 1000, IPV6);
		put_ipv6(60);
		put_extension(16, 43);
		put_extension(24, 0);
		put_extension(8, TCP);
		b.packet.transport = offset;
		b.packet.inner_transport = offset;
		put_tcp(24);
		check_counts(4000, 4, 4000 + 4 * (14 + 40 + 48 + 24));
	}
}

TEST(tunnels_with_an_inner_protocol)
{
	/* GRE with checksum, key and sequence; Ethernet, tag, IPv6. */
	frame_of(L2PC_WIRE_TCPV6, 1000, IP);
	put_ipv4(24, GRE);
	put16(put(16), 0xb000);
	put16(b.bytes + b.at - 14, TEB);
	put_ethernet(VLAN);
	put_tag(IPV6);
	put_ipv6(TCP);
	put_tcp(20);
	check_counts(4000, 4, 4000 + 4 * (14 + 24 + 16 + 18 + 40 + 20));

	/* IPv4 in IPv4, IPv6 in IPv6, both below labels. */
	frame_of(L2PC_WIRE_TCPV4, 1000, MPLS);
	put_label(false);
	put_label(true);
	put_ipv4(20, 4);
	put_ipv4(20, TCP);
	put_tcp(20);
	check_counts(4000, 4, 4000 + 4 * (14 + 8 + 40 + 20));
	frame_of(L2PC_WIRE_TCPV6, 1000, MPLS);
	put_label(true);
	put_ipv6(41);
	put_ipv6(TCP);
	put_tcp(20);
	check_counts(4000, 4, 4000 + 4 * (14 + 4 + 80 + 20));
}

TEST(links_below_ip)
{
	u32 i;

	frame_of(L2PC_WIRE_TCPV4, 1000, QINQ);
	put_tag(VLAN);
	put_tag(IP);
	put_ipv4(20, TCP);
	put_tcp(20);
	check_counts(4000, 4, 4000 + 4 * (14 + 8 + 40));

	frame_of(L2PC_WIRE_TCPV4, 1000, PPPOE);
	put16(put(6), 0x1100);
	put16(put(2), 0x0021);
	put_ipv4(20, TCP);
	put_tcp(20);
	check_counts(4000, 4, 4000 + 4 * (14 + 8 + 40));
	/* Not session data; a protocol without segmentation. */
	b.packet.type = GUEST_TCPV4;
	check_counts(4000, 4, 4000 + 4 * (14 + 8 + 40));
	put16(b.bytes + 14, 0x1109);
	check_malformed(4000);
	put16(b.bytes + 14, 0x1100);
	put16(b.bytes + 20, 0x0058);
	check_malformed(4000);
	frame_of(GUEST_TCPV6, 1000, PPPOE);
	put16(put(6), 0x1100);
	put16(put(2), 0x0057);
	put_ipv6(TCP);
	put_tcp(20);
	check_counts(4000, 4, 4000 + 4 * (14 + 8 + 60));

	for (i = 1; i <= 5; i++) {
		frame_of(i == 2 ? GUEST_TCPV6 : GUEST_TCPV4, 1000, NSH);
		put(24)[1] = 6;
		b.bytes[14 + 3] = i;
		if (i == 3)
			put_ethernet(IP);
		if (i == 4) {
			/* A second NSH, for IPv4. */
			put(8)[1] = 2;
			b.bytes[b.at - 5] = 1;
		}
		if (i == 5) {
			put_label(true);
			inner_here(IP, 0);
		}
		if (i == 2)
			put_ipv6(TCP);
		else
			put_ipv4(20, TCP);
		put_tcp(20);
		check_counts(4000, 4, 4000 + 4 * b.at);
		/* Too short; an unknown protocol. */
		b.bytes[15] = 1;
		check_malformed(4000);
		b.bytes[15] = 6;
		b.bytes[17] = 6;
		check_malformed(4000);
	}
}

TEST(udp_datagrams)
{
	frame_of(L2PC_WIRE_UDP, 1000, IP);
	put_ipv4(20, UDP);
	transport_here();
	put(8);
	check_counts(4600, 5, 4600 + 5 * 42);
	b.packet.type = GUEST_UDP;
	check_counts(4600, 5, 4600 + 5 * 42);
}

TEST(sctp_common_header_in_each_segment)
{
	frame_of(L2PC_WIRE_SCTP, 0xffff, IP);
	put_ipv4(20, SCTP);
	transport_here();
	put(12);
	b.packet.segments = 5;
	check_counts(5000, 5, 5000 + 5 * (14 + 20 + 12));
	/* Unknown offset. */
	b.packet.transport = 14;
	check_counts(5000, 5, 5000 + 5 * (14 + 20 + 12));
	/* A chunk has at least four bytes. */
	b.packet.segments = 60000;
	check_counts(5000, 1250, 5000 + 1250 * (14 + 20 + 12));
	b.packet.segments = 0;
	check_counts(5000, 1, 5000 + 14 + 20 + 12);

	/* In UDP (RFC 6951). */
	frame_of(L2PC_WIRE_SCTP | TUNNEL, 0xffff, IPV6);
	put_ipv6(UDP);
	transport_here();
	put(8);
	inner_here(0, SCTP);
	inner_transport_here();
	put(12);
	b.packet.segments = 5;
	check_counts(5000, 5, 5000 + 5 * (14 + 40 + 8 + 12));
	b.packet.inner_transport = 0;
	b.packet.transport = 0;
	check_counts(5000, 5, 5000 + 5 * (14 + 40 + 8 + 12));
}

TEST(the_jumbo_option_is_never_on_the_wire)
{
	u32 guest;

	for (guest = 0; guest < 2; guest++) {
		frame_of(L2PC_WIRE_TCPV6 | L2PC_WIRE_JUMBO, 1428, IPV6);
		b.packet.type |= guest ? L2PC_WIRE_UNTRUSTED : 0;
		put_ipv6(0);
		put_jumbo();
		transport_here();
		put_tcp(32);
		check_counts(142800, 100, 142800 + 100 * (14 + 40 + 32));
		/* The shortest that has one: 65537 bytes of IP. */
		check_counts(65537 - 80, 46, 65537 - 80 + 46 * (14 + 40 + 32));
		/* In a shorter packet the option is an ordinary one. */
		check_counts(65536 - 80, 46, 65536 - 80 + 46 * (14 + 40 + 8 + 32));
		/* Another option, its length, a longer header, another protocol. */
		b.bytes[56] = 0xc3;
		check_counts(142800, 100, 142800 + 100 * (14 + 40 + 8 + 32));
		b.bytes[56] = 0xc2;
		b.bytes[57] = 3;
		check_counts(142800, 100, 142800 + 100 * (14 + 40 + 8 + 32));
		b.bytes[57] = 4;
		/* A kernel without jumbo options. */
		b.packet.type &= ~L2PC_WIRE_JUMBO;
		check_counts(142800, 100, 142800 + 100 * (14 + 40 + 8 + 32));
	}
	/* Behind a tag GRO adds the option, and segmentation does not remove it. */
	frame_of(L2PC_WIRE_TCPV6 | L2PC_WIRE_JUMBO, 1428, VLAN);
	put_tag(IPV6);
	put_ipv6(0);
	put_jumbo();
	transport_here();
	put_tcp(32);
	check_counts(142800, 100, 142800 + 100 * (18 + 40 + 32));
	b.packet.type |= L2PC_WIRE_UNTRUSTED;
	check_counts(142800, 100, 142800 + 100 * (18 + 40 + 8 + 32));
}

TEST(headers_that_are_not_found)
{
	/* Trusted, with an unknown protocol. */
	frame_of(L2PC_WIRE_TCPV4, 1000, 0x88b5);
	put(100);
	b.packet.segments = 4;
	check_counts(4000, 4, 4100 + 4 * 14);
	b.packet.segments = 60000;
	check_counts(4000, 5, 4100 + 5 * 14);
}

TEST(a_driver_that_sets_no_type)
{
	frame_of(0, 1000, IP);
	put_ipv4(20, TCP);
	put_tcp(32);
	check_counts(4000, 4, 4000 + 4 * (14 + 20 + 32));
}

/* --- untrusted super-packets --- */

TEST(offsets_of_a_guest_are_ignored)
{
	/* If believed: 131,285,000, 1,667,038,112, 2,723,638,928 bytes. */
	tcp4(GUEST_TCPV4, 8);
	b.packet.transport = 30000;
	check_counts(65000 - 54, 8119, 503372);
	b.packet.transport = 60000;
	check_counts(2000000 - 54, 249994, 15499622);
	b.packet.transport = 65000;
	check_counts(4100000 - 54, 512494, 31774622);
	b.packet.segments = 0;
	b.packet.transport = 40;
	b.packet.inner_transport = 50;
	check_counts(4100000 - 54, 512494, 31774622);
}

TEST(fragments_of_a_guest)
{
	frame_of(GUEST_UFO, 1, IP);
	put_ipv4(20, UDP);
	b.packet.transport = 33000;
	put(8);
	check_counts(65535 - 42, 65501, 65501 + 65501 * 34);
	check_counts(2000000 - 42, 1999966, 1999966 + 1999966 * 34);

	/* IPv6: each fragment has a header that the super-packet lacks. */
	frame_of(GUEST_UFO, 1448, IPV6);
	put_ipv6(UDP);
	put(8);
	check_counts(40000, 28, 40008 + 28 * (54 + 8));
	/* A single segment is not fragmented. */
	check_counts(1440, 1, 1448 + 54);
	check_counts(1441, 2, 1449 + 2 * (54 + 8));
	/* The same when trusted: the recorded offset does not have the IP version. */
	b.packet.type = L2PC_WIRE_UFO;
	b.packet.transport = 54;
	check_counts(40000, 28, 40008 + 28 * (54 + 8));
}

TEST(tags_and_options_of_a_guest)
{
	u32 tags;

	for (tags = 0; tags < 8; tags++) {
		u32 i;

		frame_of(GUEST_TCPV4, 1000, tags ? VLAN : IP);
		for (i = 1; i <= tags; i++)
			put_tag(i < tags ? VLAN : IP);
		put_ipv4(60, TCP);
		put_tcp(60);
		check_counts(40000, 40, 40000 + 40 * (14 + 4 * tags + 120));
	}
	frame_of(GUEST_TCPV6, 1000, IPV6);
	put_ipv6(0);
	put_extension(8, 43);
	put_extension(64, 60);
	put_extension(120, TCP);
	put_tcp(20);
	check_counts(40000, 40, 40000 + 40 * (14 + 40 + 192 + 20));
}

/* Encapsulated by the host's kernel, or since 7.x by the guest itself. */
TEST(tunnels_of_a_guest)
{
	frame_of(GUEST_TCPV4 | TUNNEL, 1000, IPV6);
	put_ipv6(UDP);
	put(16);
	inner_here(TEB, 0);
	put_ethernet(VLAN);
	put_tag(IP);
	put_ipv4(20, TCP);
	put_tcp(20);
	check_counts(40000, 40, 40000 + 40 * (14 + 40 + 16 + 18 + 20 + 20));
	/* The guest sets the offset of the inner IP header, without an Ethernet header. */
	b.packet.inner = 14 + 40 + 16 + 18;
	b.packet.inner_protocol = IP;
	check_counts(40000, 40, 40000 + 40 * (14 + 40 + 16 + 18 + 20 + 20));
	/* In front of the UDP header's end; behind the longest headers; outside. */
	b.packet.inner = 14 + 40 + 7;
	check_malformed(40000);
	b.packet.inner = 20;
	check_malformed(40000);
	b.packet.inner = 500;
	check_malformed(40000);
	b.packet.inner = 30000;
	check_malformed(40000);
	b.packet.inner = -1;
	check_malformed(40000);
	/* The outer headers cannot be the inner ones. */
	b.packet.type = GUEST_UDP | TUNNEL;
	b.packet.inner = 14;
	b.packet.inner_protocol = IPV6;
	check_malformed(40000);
	b.packet.type = GUEST_TCPV4 | TUNNEL;
	/* Not the IP version of inner_protocol. */
	b.packet.inner = 14 + 40 + 16 + 18;
	b.packet.inner_protocol = IPV6;
	check_malformed(40000);
	/* Without a tunnel type the packet is UDP, not TCP. */
	b.packet.inner_protocol = IP;
	b.packet.type = GUEST_TCPV4;
	check_malformed(40000);
	b.packet.type = GUEST_TCPV4 | L2PC_WIRE_UDP_TUNNEL;
	check_malformed(40000);

	/* FOU: the inner packet has an IP protocol number and no EtherType. */
	frame_of(GUEST_TCPV4 | TUNNEL | L2PC_WIRE_IPXIP, 1000, IP);
	put_ipv4(20, UDP);
	put(8);
	inner_here(0, 4);
	put_ipv4(20, TCP);
	put_tcp(20);
	check_counts(40000, 40, 40000 + 40 * (14 + 20 + 8 + 20 + 20));
	b.packet.type &= ~L2PC_WIRE_IPXIP;
	check_malformed(40000);

	frame_of(GUEST_TCPV6 | L2PC_WIRE_ENCAPSULATED, 1000, IP);
	put_ipv4(20, GRE);
	put16(put(4) + 2, IPV6);
	put_ipv6(TCP);
	put_tcp(20);
	check_counts(40000, 40, 40000 + 40 * (14 + 20 + 4 + 40 + 20));
	/* Source routing, and PPTP's version: GSO supports neither. */
	b.bytes[34] = 0x40;
	check_malformed(40000);
	put16(b.bytes + 34, 1);
	check_malformed(40000);
	put16(b.bytes + 34, 0);
	b.packet.type = GUEST_TCPV6;
	check_malformed(40000);

	frame_of(GUEST_TCPV6 | L2PC_WIRE_ENCAPSULATED | L2PC_WIRE_IPXIP, 1000, IP);
	put_ipv4(20, 41);
	put_ipv6(TCP);
	put_tcp(20);
	check_counts(40000, 40, 40000 + 40 * (14 + 20 + 40 + 20));
	b.packet.type = GUEST_TCPV6;
	check_malformed(40000);

	frame_of(GUEST_TCPV4, 1000, MPLS);
	put_label(true);
	inner_here(IP, 0);
	put_ipv4(20, TCP);
	put_tcp(20);
	check_counts(40000, 40, 40000 + 40 * (14 + 4 + 20 + 20));
	b.packet.inner_protocol = 0;
	check_malformed(40000);
}

TEST(refused_by_segmentation)
{
	u32 i;

	/* The type of the other IP, of another transport, none. */
	tcp4(GUEST_TCPV6, 1000);
	check_malformed(40000);
	tcp4(GUEST_UDP, 1000);
	check_malformed(40000);
	tcp4(GUEST_UFO, 1000);
	check_malformed(40000);
	tcp4(L2PC_WIRE_UNTRUSTED, 1000);
	check_malformed(40000);

	/* TCP and IP headers that are too short. */
	for (i = 0; i < 5; i++) {
		tcp4(GUEST_TCPV4, 1000);
		b.bytes[34 + 12] = i << 4;
		check_malformed(40000);
		tcp4(GUEST_TCPV4, 1000);
		b.bytes[14] = 0x40 | i;
		b.bytes[14 + 4 * i + 12] = 0x50;
		check_malformed(40000);
	}

	/* Headers that end behind the frame, or leave no payload. */
	tcp4(GUEST_TCPV4, 8);
	b.bytes[34 + 12] = 0xf0;
	check_malformed(40);
	check_malformed(39);
	check_malformed(1);
	check_counts(41, 1, 14 + 20 + 60 + 1);
	for (i = 1; i < 54; i++) {
		tcp4(GUEST_TCPV4, 8);
		b.at = i;
		check_malformed(0);
	}
	tcp4(GUEST_TCPV4, 40000);
	check_malformed(0);

	/* No segmentation: ARP, 802.3, ESP, AH, fragments, no next header. */
	frame_of(GUEST_TCPV4, 1000, 0x0806);
	check_malformed(40000);
	frame_of(GUEST_TCPV4, 1000, 100);
	check_malformed(40000);
	for (i = 0; i < 256; i++) {
		if (i == TCP)
			continue;
		tcp4(GUEST_TCPV4, 1000);
		b.bytes[14 + 9] = i;
		check_malformed(40000);
	}
	for (i = 0; i < 256; i++) {
		if (i == TCP || i == 0 || i == 43 || i == 60)
			continue;
		frame_of(GUEST_TCPV6, 1000, IPV6);
		put_ipv6(i);
		put_extension(8, TCP);
		put_tcp(20);
		check_malformed(40000);
	}
}

TEST(headers_longer_than_the_maximum)
{
	u32 tags, i;

	/* 448 bytes of tags and the rest are 512 bytes. */
	for (tags = 110; tags < 120; tags++) {
		frame_of(GUEST_TCPV4, 1000, VLAN);
		for (i = 1; i <= tags; i++)
			put_tag(i < tags ? VLAN : IP);
		put_ipv4(20, TCP);
		put_tcp(20);
		if (b.at <= 512)
			check_counts(40000, 40, 40000 + 40 * b.at);
		else
			check_malformed(40000);
	}
	frame_of(GUEST_TCPV6, 1, IPV6);
	put_ipv6(60);
	put(600)[1] = 255;
	check_malformed(60000);
}

TEST(more_bytes_than_32_bits)
{
	/* No skb is that long: the sum would exceed the 32 bits that a cell adds. */
	tcp4(GUEST_TCPV4, 1);
	check_malformed(1U << 30);
	check_counts(70000000, 70000000, 70000000U * 55U);
}

TEST(more_readable_bytes_needed)
{
	struct l2pc_wire wire;
	u32 readable;

	tcp4(GUEST_TCPV4, 1000);
	counted(4000);
	for (readable = 0; readable < 54; readable++) {
		CHECK(!wire_count_readable(&b.packet, readable, &wire));
		/* A recorded offset behind the readable bytes is not wrong. */
		b.packet.type = L2PC_WIRE_TCPV4;
		CHECK(wire_count_readable(&b.packet, readable, &wire) == false);
		b.packet.type = GUEST_TCPV4;
	}
	CHECK(wire_count_readable(&b.packet, 54, &wire));
	CHECK_EQ(wire.packets, 4);
}

/* --- random super-packets --- */

/* Add an IP header with random options or extensions, in front of @next. */
static void random_ip(bool ipv6, u8 next)
{
	u32 extensions = unit_below(3);

	if (!ipv6) {
		put_ipv4(20 + 4 * unit_below(11), next);
		return;
	}
	put_ipv6(extensions ? 60 : next);
	while (extensions--)
		put_extension(8 + 8 * unit_below(3), extensions ? 60 : next);
}

/* Add random tags or PPPoE in front of @next. Returns the first EtherType. */
static u16 random_links(u16 next)
{
	u32 tags = unit_below(3);

	if (unit_below(4) == 0) {
		put16(put(6), 0x1100);
		put16(put(2), next == IP ? 0x0021 : 0x0057);
		return PPPOE;
	}
	if (!tags)
		return next;
	while (tags--)
		put_tag(tags ? VLAN : next);
	return VLAN;
}

/*
 * Make a super-packet of random headers that the kernel would segment, and check its
 * counts: the offset and length of the last header are known here.
 */
static void random_chain(void)
{
	static const u8 transports[] = { TCP, UDP, UDP, SCTP };
	u32 kind = unit_below(4), tunnel = unit_below(5), options = unit_below(11);
	bool outer6 = unit_below(2), inner6 = unit_below(2), last6 = tunnel ? inner6 : outer6;
	u8 transport = transports[kind];
	u32 len, packets, payload, extra = 0, transport_at;
	u16 links;

	frame_of(0, 1 + unit_below(1500), 0);
	links = random_links(outer6 ? IPV6 : IP);
	put16(b.bytes + 12, links);
	b.packet.protocol = links;
	switch (tunnel) {
	case 0:
		random_ip(outer6, transport);
		break;
	case 1:	/* VXLAN, GENEVE */
		b.packet.type |= TUNNEL;
		random_ip(outer6, UDP);
		put(16 + 4 * unit_below(20));
		inner_here(TEB, 0);
		put(12);
		put(2);
		put16(b.bytes + b.at - 2, inner6 ? IPV6 : IP);
		random_ip(inner6, transport);
		break;
	case 2:	/* FOU */
		b.packet.type |= TUNNEL | L2PC_WIRE_IPXIP;
		random_ip(outer6, UDP);
		put(8);
		inner_here(0, inner6 ? 41 : 4);
		random_ip(inner6, transport);
		break;
	case 3:
		b.packet.type |= L2PC_WIRE_ENCAPSULATED;
		random_ip(outer6, GRE);
		put16(put(4), 0);
		put16(b.bytes + b.at - 2, inner6 ? IPV6 : IP);
		random_ip(inner6, transport);
		break;
	default:
		b.packet.type |= L2PC_WIRE_ENCAPSULATED | L2PC_WIRE_IPXIP;
		random_ip(outer6, inner6 ? 41 : 4);
		random_ip(inner6, transport);
	}
	transport_at = b.at;
	switch (kind) {
	case 0:
		b.packet.type |= last6 ? L2PC_WIRE_TCPV6 : L2PC_WIRE_TCPV4;
		put_tcp(20 + 4 * options);
		break;
	case 1:
		b.packet.type |= L2PC_WIRE_UDP;
		put(8);
		break;
	case 2:
		b.packet.type |= L2PC_WIRE_UFO;
		put(8);
		break;
	default:
		b.packet.type |= L2PC_WIRE_SCTP;
		b.packet.size = 0xffff;
		b.packet.segments = 1 + unit_below(40);
		put(12);
	}
	payload = 8000 + unit_below(200000);
	len = kind == 2 ? transport_at : b.at;
	if (kind == 2)
		payload += 8;
	packets = (payload + b.packet.size - 1) / b.packet.size;
	if (kind == 3)
		packets = b.packet.segments;
	if (kind == 2 && last6 && packets > 1)
		extra = 8;
	b.packet.tag = unit_below(2) ? 4 : 0;

	/* The transport header's offset is recorded, or not. */
	if (unit_below(2))
		b.packet.type |= L2PC_WIRE_UNTRUSTED;
	if (unit_below(2))
		b.packet.inner_transport = transport_at;
	if (unit_below(2))
		b.packet.transport = unit_below(2) ? transport_at : unit_below(34);
	check_counts(payload - (kind == 2 ? 8 : 0), packets,
		     payload + packets * (len + extra + b.packet.tag));
}

TEST(chains_of_headers)
{
	u32 seed;

	for (seed = 1; seed <= unit_seeds(20000); seed++) {
		unit_seed(seed);
		random_chain();
	}
}

/* A valid chain, with some bytes and some of the description changed. */
TEST(hostile_headers)
{
	u32 seed, changes, i;

	for (seed = 1; seed <= unit_seeds(20000); seed++) {
		unit_seed(seed);
		random_chain();
		for (i = 0; i < 20; i++) {
			for (changes = 1 + unit_below(4); changes; changes--)
				b.bytes[unit_below(b.at + 8)] = unit_random();
			if (unit_below(3) == 0)
				b.packet.inner = (s32)unit_random() >> unit_below(32);
			if (unit_below(3) == 0)
				b.packet.transport = (s32)unit_random() >> unit_below(32);
			if (unit_below(3) == 0)
				b.packet.inner_transport = (s32)unit_random() >> unit_below(32);
			if (unit_below(4) == 0)
				b.packet.type = unit_random() & 0x3ff;
			if (unit_below(4) == 0)
				b.packet.size = unit_random() >> unit_below(16);
			if (unit_below(4) == 0)
				b.packet.segments = unit_random() >> unit_below(32);
			if (unit_below(4) == 0)
				b.packet.protocol = unit_random();
			if (unit_below(4) == 0)
				b.packet.network = unit_below(600);
			if (unit_below(4) == 0)
				b.at = 1 + unit_below(600);
			counted(unit_random() >> (32 + unit_below(32)) & 0x7fffff);
		}
	}
}

/* The corpus of tests/fuzz, replayed: an input a line, in hexadecimal digits. */
TEST(corpus)
{
	static char line[4096];
	static uint8_t bytes[2048];
	FILE *file = fopen("../fuzz/wire.txt", "r");
	unsigned int number, value;
	size_t size;
	int digits;

	CHECK(file);
	for (number = 1; fgets(line, sizeof(line), file); number++) {
		unit_seed(number);
		for (size = 0; sscanf(line + 2 * size, "%2x%n", &value, &digits) == 1 &&
		     digits == 2; size++)
			bytes[size] = value;
		LLVMFuzzerTestOneInput(bytes, size);
	}
	CHECK(number > 30);
	fclose(file);
}
