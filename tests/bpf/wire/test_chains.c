// SPDX-License-Identifier: GPL-2.0
/*
 * Random chains of headers, of which some bytes are changed, and random descriptions: the
 * program's counts are the engine's, which program.c compares.
 * Copyright (C) the l2packet_counter authors
 */
#include "superpacket.h"
#include "corpus.h"

#define CHAINS		20000
#define CHAIN_MOST	600	/* bytes, more than the longest headers */

static u16 random_type(void)
{
	static const u16 types[] = { IP, IPV6, VLAN, QINQ, MPLS, NSH, PPPOE, TEB, 0, 0x0806 };

	return types[unit_below(10)];
}

static u8 random_ipproto(void)
{
	static const u8 protocols[] = { TCP, UDP, GRE, SCTP, 4, 41, 0, 43, 60, 44 };

	return protocols[unit_below(10)];
}

/* The header that EtherType @next names. Returns the next one; 0: @ipproto names it. */
static u16 put_link(u16 next, u8 *ipproto)
{
	static const u16 nsh[] = { 0, IP, IPV6, TEB, NSH, MPLS, 0 };
	u16 type = random_type();
	u8 *here;

	switch (next) {
	case IP:
		*ipproto = random_ipproto();
		put_ipv4(unit_below(4) ? 20 : 20 + 4 * unit_below(11), *ipproto);
		return 0;
	case IPV6:
		*ipproto = random_ipproto();
		put_ipv6(*ipproto);
		return 0;
	case MPLS:
		if (unit_below(2)) {
			put_label(false);
			return MPLS;
		}
		put_label(true);
		if (unit_below(2))
			b.packet.inner_protocol = type;
		return type;
	case NSH:
		here = put(8 + 4 * unit_below(4));
		here[1] = (b.bytes + b.at - here) / 4;
		here[3] = 1 + unit_below(6);
		return nsh[here[3]];
	case PPPOE:
		type = unit_below(2) ? IP : IPV6;
		put16(put(6), 0x1100);
		put16(put(2), type == IP ? 0x0021 : 0x0057);
		return type;
	case TEB:
		put_ethernet(type);
		return type;
	default:
		type = unit_below(8) ? VLAN : type;
		put_tag(type);
		return type;
	}
}

/* The header that IP protocol number @next names, likewise; false: it is the last one. */
static bool put_ip_payload(u8 next, u16 *type, u8 *ipproto)
{
	u16 flags = unit_below(8) << 12 & 0xb000;
	u8 *here;

	*type = random_type();
	*ipproto = random_ipproto();
	switch (next) {
	case UDP:
		put(8);
		if (unit_below(2))
			return false;
		put(unit_below(3) ? 8 : 0);
		if (unit_below(2))
			*type = 0;
		inner_here(*type, *ipproto);
		return true;
	case GRE:
		here = put(4 + 4 * __builtin_popcount(flags));
		put16(here, flags);
		put16(here + 2, *type);
		return true;
	case 4:
	case 41:
		*type = next == 4 ? IP : IPV6;
		return true;
	case 0:
	case 43:
	case 60:
		*type = 0;
		if (!unit_below(3)) {
			put_jumbo();
			*ipproto = TCP;
		} else {
			put_extension(8 * (1 + unit_below(unit_below(3) ? 2 : 20)), *ipproto);
		}
		return true;
	case TCP:
	case SCTP:
		if (!unit_below(3))
			transport_here();
		if (!unit_below(3))
			inner_transport_here();
		if (next == TCP)
			put_tcp(20 + 4 * unit_below(6));
		else
			put(12);
		return false;
	default:
		return false;
	}
}

static void random_chain(void)
{
	static const u32 transports[] = {
		L2PC_WIRE_TCPV4, L2PC_WIRE_TCPV6, L2PC_WIRE_UDP, L2PC_WIRE_UFO, L2PC_WIRE_SCTP
	};
	u16 type = random_type();
	u32 changes;
	u8 ipproto = 0;

	frame_of(transports[unit_below(5)] | unit_below(32) << 5,
		 unit_below(3) ? unit_below(1500) : unit_below(65536), type);
	while (b.at < CHAIN_MOST)
		if (type)
			type = put_link(type, &ipproto);
		else if (!put_ip_payload(ipproto, &type, &ipproto))
			break;
	for (changes = unit_below(2) * unit_below(4); changes; changes--)
		b.bytes[14 + unit_below(b.at)] = unit_random();
	if (!unit_below(4))
		b.packet.transport = (s32)unit_below(700) - 50;
	if (!unit_below(4))
		b.packet.inner_transport = (s32)unit_below(700) - 50;
	if (!unit_below(6))
		b.packet.inner = (s32)unit_below(700) - 50;
	b.packet.segments = unit_below(3) ? 0 : unit_below(70000);
	b.packet.tag = unit_below(2) * 4;
}

TEST(random_chains)
{
	u32 i, several = 0, malformed = 0;
	struct l2pc_wire wire;

	for (i = 1; i <= unit_seeds(CHAINS); i++) {
		unit_seed(i);
		random_chain();
		wire = counted(unit_below(4) ? unit_below(70000) : unit_below(30));
		several += wire.packets > 1;
		malformed += wire.malformed;
	}
	/* The chains are of both kinds. */
	CHECK(several > i / 10);
	CHECK(malformed > i / 10);
}

TEST(corpus)
{
	CHECK(corpus_replay("../../fuzz/wire.txt") >= 100);
}
