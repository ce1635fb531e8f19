// SPDX-License-Identifier: GPL-2.0
/*
 * l2pc_wire_count(): the bounds for super-packets of untrusted guests.
 * Copyright (C) the l2packet_counter authors
 */
#include "superpacket.h"

TEST(offsets_of_a_guest_are_ignored)
{
	/* These offsets, if used, would give 131,285,000, 1,667,038,112, 2,723,638,928 bytes. */
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

	/* In IPv6, each fragment has a header that the super-packet lacks. */
	frame_of(GUEST_UFO, 1448, IPV6);
	put_ipv6(UDP);
	put(8);
	check_counts(40000, 28, 40008 + 28 * (54 + 8));
	/* A single segment is not fragmented. */
	check_counts(1440, 1, 1448 + 54);
	check_counts(1441, 2, 1449 + 2 * (54 + 8));
	/* A trusted packet gives the same: its recorded offset does not have the IP version. */
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

/* The host's kernel encapsulates, or since 7.x the guest itself. */
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
	/* Offsets before the UDP header's end, behind the longest headers, and outside. */
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
	/* The inner header has another IP version than inner_protocol. */
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

	/* The GSO type is of the other IP version, of another transport, or missing. */
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

	/* Not segmented: ARP, 802.3, ESP, AH, fragments, no next header. */
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

	/* 448 bytes of tags and the other headers have 512 bytes. */
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
	/* An skb cannot be that long: the sum would exceed the 32 bits that a cell adds. */
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
		/* A recorded offset behind the readable bytes is valid. */
		b.packet.type = L2PC_WIRE_TCPV4;
		CHECK(wire_count_readable(&b.packet, readable, &wire) == false);
		b.packet.type = GUEST_TCPV4;
	}
	CHECK(wire_count_readable(&b.packet, 54, &wire));
	CHECK_EQ(wire.packets, 4);
}
