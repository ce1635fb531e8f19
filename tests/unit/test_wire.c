// SPDX-License-Identifier: GPL-2.0
/*
 * l2pc_wire_count(): super-packets with the frames and bytes that their segments
 * have on the wire, and what a hostile one can make of it at most.
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

/* A super-packet under construction: its headers, and what is known of it. */
static struct build {
	u8 bytes[2 * L2PC_WIRE_HEADERS_MAX];
	u32 at;
	struct l2pc_wire_packet packet;
} b;

static u8 *put(u32 len)
{
	u8 *place = b.bytes + b.at;

	CHECK(b.at + len <= sizeof(b.bytes));
	memset(place, 0, len);
	b.at += len;
	return place;
}

static void put16(u8 *place, u16 value)
{
	place[0] = value >> 8;
	place[1] = value;
}

/* An Ethernet header that a tag was stripped from, or not. */
static void frame_of(u32 type, u16 size, u16 protocol)
{
	memset(&b, 0, sizeof(b));
	/* Payload that looks like a TCP header, wherever that is searched. */
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

/* The kernel notes where the next header is. */
static void transport_here(void) { b.packet.transport = b.at; }
static void inner_transport_here(void) { b.packet.inner_transport = b.at; }

static void inner_here(u16 protocol, u8 ipproto)
{
	b.packet.inner = b.at;
	b.packet.inner_protocol = protocol;
	b.packet.inner_ipproto = ipproto;
}

/* Count it, with so many bytes behind the headers. */
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

/* --- this kernel's own --- */

TEST(tcp_where_the_kernel_noted_it)
{
	tcp4(L2PC_WIRE_TCPV4, 1000);
	check_counts(40000, 40, 40 * 1054);
	/* A short end is a segment too, and a tag is in each of them. */
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

TEST(segments_as_the_kernel_counted_them)
{
	tcp4(L2PC_WIRE_TCPV4, 1000);
	b.packet.segments = 3;
	check_counts(3000, 3, 3000 + 3 * 54);
	/* Never more than the payload has room for. */
	b.packet.segments = 60000;
	check_counts(3000, 3, 3000 + 3 * 54);
	/* Fewer: of a short one GRO made an end in the middle. */
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

	/* VXLAN in VXLAN, the outer one off: GRO cells noted the inner UDP header. */
	for (order = 0; order < 2; order++) {
		frame_of(L2PC_WIRE_TCPV4, 1000, IP);
		put_ipv4(20, UDP);
		if (order)
			inner_transport_here();
		else
			transport_here();
		/* The network's number, where a TCP header has its length. */
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

TEST(a_deeper_offset_that_is_no_header)
{
	tcp4(L2PC_WIRE_TCPV4, 1000);
	/* Payload: no TCP header has that length. */
	b.bytes[b.at + 40 + 12] = 0x45;
	b.packet.inner_transport = b.at + 40;
	check_counts(5000, 5, 5000 + 5 * 54);
	/* Behind the end, and as far as it goes. */
	b.packet.inner_transport = b.at + 5000;
	check_counts(5000, 5, 5000 + 5 * 54);
	b.packet.inner_transport = 0x7fffffff;
	check_counts(5000, 5, 5000 + 5 * 54);
}

TEST(nobody_noted_it)
{
	s32 offset;

	/* Negative: of a tunnel that is off. 14: where the network header is. */
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

TEST(tunnels_that_say_what_they_carry)
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
	/* Not a session's data; a protocol that has no segmentation. */
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
			/* Another of them, for IPv4. */
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
		/* Shorter than it can be; of a protocol that it has not. */
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

TEST(sctp_has_its_common_header_in_each)
{
	frame_of(L2PC_WIRE_SCTP, 0xffff, IP);
	put_ipv4(20, SCTP);
	transport_here();
	put(12);
	b.packet.segments = 5;
	check_counts(5000, 5, 5000 + 5 * (14 + 20 + 12));
	/* Offset not known. */
	b.packet.transport = 14;
	check_counts(5000, 5, 5000 + 5 * (14 + 20 + 12));
	/* A chunk has four bytes at least. */
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
		/* Shorter, it is an option like any other. */
		check_counts(65536 - 80, 46, 65536 - 80 + 46 * (14 + 40 + 8 + 32));
		/* Another option, its length, a longer header, another protocol. */
		b.bytes[56] = 0xc3;
		check_counts(142800, 100, 142800 + 100 * (14 + 40 + 8 + 32));
		b.bytes[56] = 0xc2;
		b.bytes[57] = 3;
		check_counts(142800, 100, 142800 + 100 * (14 + 40 + 8 + 32));
		b.bytes[57] = 4;
		/* A kernel that knows none. */
		b.packet.type &= ~L2PC_WIRE_JUMBO;
		check_counts(142800, 100, 142800 + 100 * (14 + 40 + 8 + 32));
	}
	/* Behind a tag GRO puts it in and no segmentation takes it off. */
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
	/* Trusted, and of a protocol that this code has never heard of. */
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

/* --- a guest's --- */

TEST(what_a_guest_says_of_offsets_is_not_believed)
{
	/* As counted before: 131,285,000, 1,667,038,112, 2,723,638,928 bytes. */
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

	/* IPv6: each fragment has a header that the super-packet has not. */
	frame_of(GUEST_UFO, 1448, IPV6);
	put_ipv6(UDP);
	put(8);
	check_counts(40000, 28, 40008 + 28 * (54 + 8));
	/* One fragment is none. */
	check_counts(1440, 1, 1448 + 54);
	check_counts(1441, 2, 1449 + 2 * (54 + 8));
	/* Nor is it a trusted one's secret which IP it is. */
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

/* The kernel below a guest's port encapsulated it, or since 7.x the guest itself. */
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
	/* A guest says where the inner IP header is, and that there is no Ethernet. */
	b.packet.inner = 14 + 40 + 16 + 18;
	b.packet.inner_protocol = IP;
	check_counts(40000, 40, 40000 + 40 * (14 + 40 + 16 + 18 + 20 + 20));
	/* In front of the UDP header's end; behind the longest headers; nowhere. */
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
	/* Nor can the outer headers be the inner ones. */
	b.packet.type = GUEST_UDP | TUNNEL;
	b.packet.inner = 14;
	b.packet.inner_protocol = IPV6;
	check_malformed(40000);
	b.packet.type = GUEST_TCPV4 | TUNNEL;
	/* The other IP than said. */
	b.packet.inner = 14 + 40 + 16 + 18;
	b.packet.inner_protocol = IPV6;
	check_malformed(40000);
	/* Not said at all: then it is a UDP packet, and no TCP. */
	b.packet.inner_protocol = IP;
	b.packet.type = GUEST_TCPV4;
	check_malformed(40000);
	b.packet.type = GUEST_TCPV4 | L2PC_WIRE_UDP_TUNNEL;
	check_malformed(40000);

	/* FOU: what is inside has a number and no EtherType. */
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
	/* Source routing, and PPTP's version: GSO knows neither. */
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

TEST(what_the_kernel_would_not_segment)
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

	/* TCP and IP headers shorter than they can be. */
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

	/* What has no segmentation: ARP, 802.3, ESP, AH, fragments, no next header. */
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

TEST(headers_longer_than_any)
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

TEST(more_than_can_be_counted)
{
	/* No skb is as long: the sum would not fit into what a cell adds. */
	tcp4(GUEST_TCPV4, 1);
	check_malformed(1U << 30);
	check_counts(70000000, 70000000, 70000000U * 55U);
}

TEST(more_bytes_are_asked_for)
{
	struct l2pc_wire wire;
	u32 readable;

	tcp4(GUEST_TCPV4, 1000);
	counted(4000);
	for (readable = 0; readable < 54; readable++) {
		CHECK(!wire_count_readable(&b.packet, readable, &wire));
		/* Nor is the noted offset taken for wrong because it is not there. */
		b.packet.type = L2PC_WIRE_TCPV4;
		CHECK(wire_count_readable(&b.packet, readable, &wire) == false);
		b.packet.type = GUEST_TCPV4;
	}
	CHECK(wire_count_readable(&b.packet, 54, &wire));
	CHECK_EQ(wire.packets, 4);
}

/* --- made up --- */

/* An IP header and what it can have behind it, in front of @next. */
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

/* Tags and services in front of @next; the first one's EtherType comes back. */
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
 * A super-packet that the kernel would segment, of random headers. The last one's
 * length and place are known here, and expected is what they make.
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

	/* Where a trusted one has its transport header: said, or not. */
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

/* A valid chain with some bytes, and some of what is said of it, turned. */
TEST(hostile_headers)
{
	u32 seed, turns, i;

	for (seed = 1; seed <= unit_seeds(20000); seed++) {
		unit_seed(seed);
		random_chain();
		for (i = 0; i < 20; i++) {
			for (turns = 1 + unit_below(4); turns; turns--)
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

/* What libFuzzer found worth keeping: an input a line, in hexadecimal digits. */
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
