// SPDX-License-Identifier: GPL-2.0
/*
 * l2pc_wire_count(): random chains of headers, hostile ones, and the corpus of
 * tests/fuzz.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>

#include "corpus.h"
#include "superpacket.h"

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

/* The corpus of tests/fuzz, replayed. */
TEST(corpus)
{
	CHECK(corpus_replay("../fuzz/wire.txt") >= 30);
}
