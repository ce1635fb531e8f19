// SPDX-License-Identifier: GPL-2.0
/*
 * l2pc_wire_count(): frames and bytes of trusted super-packets on the wire.
 * Copyright (C) the l2packet_counter authors
 */
#include "superpacket.h"

TEST(tcp_at_the_recorded_offset)
{
	tcp4(L2PC_WIRE_TCPV4, 1000);
	check_counts(40000, 40, 40 * 1054);
	/* The short last segment counts as well, and each segment has the tag. */
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
	/* There are at most as many segments as the payload allows. */
	b.packet.segments = 60000;
	check_counts(3000, 3, 3000 + 3 * 54);
	/* There may be fewer: GRO merged a short segment in the middle. */
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

	/* VXLAN in VXLAN, with the outer one stripped: GRO cells recorded the inner UDP header. */
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
	/* The offset is of payload, which does not have a valid length of a TCP header. */
	b.bytes[b.at + 40 + 12] = 0x45;
	b.packet.inner_transport = b.at + 40;
	check_counts(5000, 5, 5000 + 5 * 54);
	/* Offsets behind the packet's end, and the maximum. */
	b.packet.inner_transport = b.at + 5000;
	check_counts(5000, 5, 5000 + 5 * 54);
	b.packet.inner_transport = 0x7fffffff;
	check_counts(5000, 5, 5000 + 5 * 54);
}

TEST(no_recorded_offset)
{
	s32 offset;

	/* Negative offsets are of a stripped tunnel; 14 is the network header's. */
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
	/* Guests: valid session data; another PPPoE code; a protocol that is not segmented. */
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
		/* The length is too short; the next protocol is unknown. */
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
	/* The offset is unknown. */
	b.packet.transport = 14;
	check_counts(5000, 5, 5000 + 5 * (14 + 20 + 12));
	/* A chunk has at least four bytes. */
	b.packet.segments = 60000;
	check_counts(5000, 1250, 5000 + 1250 * (14 + 20 + 12));
	b.packet.segments = 0;
	check_counts(5000, 1, 5000 + 14 + 20 + 12);

	/* SCTP in UDP (RFC 6951). */
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
		/* The shortest packet with a jumbo option: 65537 bytes of IP. */
		check_counts(65537 - 80, 46, 65537 - 80 + 46 * (14 + 40 + 32));
		/* In a shorter packet the option is an ordinary one. */
		check_counts(65536 - 80, 46, 65536 - 80 + 46 * (14 + 40 + 8 + 32));
		/* Another option, another length, a longer header, another protocol. */
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
	/* Behind a tag, GRO adds the option, and segmentation does not remove it. */
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
	/* A trusted packet with an unknown protocol. */
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
