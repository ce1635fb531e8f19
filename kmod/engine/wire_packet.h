/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Description of a super-packet, for the files that compute what it was on the wire.
 * Copyright (C) the l2packet_counter authors
 *
 * A super-packet (GSO, GRO, LRO) is one skb that stands for several frames of one
 * flow: the headers once, and the payload of all. frame.c fills in the description from
 * an skb.
 */
#ifndef L2PC_WIRE_PACKET_H
#define L2PC_WIRE_PACKET_H

#include <linux/types.h>

/*
 * Longest headers that a segment can have. The longest that the kernel itself makes
 * take 484 bytes: Ethernet with two tags (22), IPv4 with options (60), UDP (8),
 * GENEVE with options (260), Ethernet (14), IPv4 with options (60), TCP with
 * options (60). A packet socket or a guest can make them longer by IPv6 extension
 * headers. Such a super-packet is malformed, so that few bytes do not count as many.
 */
#define L2PC_WIRE_HEADERS_MAX	512U

/* A fragment's header (RFC 8200, 4.5), which UFO adds to each segment. */
#define L2PC_WIRE_FRAGMENT	8U

/* Longest part of a segment that is not payload: headers, a stripped tag. */
#define L2PC_WIRE_SEGMENT_MAX	(L2PC_WIRE_HEADERS_MAX + L2PC_WIRE_FRAGMENT + 4U)

/* Bits of l2pc_wire_packet.type. */
#define L2PC_WIRE_TCPV4		0x001U	/* SKB_GSO_TCPV4 */
#define L2PC_WIRE_TCPV6		0x002U	/* SKB_GSO_TCPV6 */
#define L2PC_WIRE_UDP		0x004U	/* SKB_GSO_UDP_L4: datagrams */
#define L2PC_WIRE_UFO		0x008U	/* SKB_GSO_UDP: fragments of one datagram */
#define L2PC_WIRE_SCTP		0x010U	/* SKB_GSO_SCTP, cut by frag_list */
#define L2PC_WIRE_ENCAPSULATED	0x020U	/* skb->encapsulation */
#define L2PC_WIRE_UDP_TUNNEL	0x040U	/* SKB_GSO_UDP_TUNNEL, with checksum or not */
#define L2PC_WIRE_IPXIP		0x080U	/* SKB_GSO_IPXIP4 or SKB_GSO_IPXIP6 */
#define L2PC_WIRE_UNTRUSTED	0x100U	/* SKB_GSO_DODGY */
#define L2PC_WIRE_JUMBO		0x200U	/* this kernel takes the jumbo option off */

/**
 * struct l2pc_wire_packet - description of a super-packet
 * @head: its first bytes, from the Ethernet header on
 * @skb: in a BPF program: its skb, whose data is at the Ethernet header
 * @readable: bytes at @head
 * @len: length of the super-packet in bytes, from the Ethernet header on, without
 *	a stripped tag
 * @network: offset of the header behind the Ethernet header, in bytes from @head
 * @tag: bytes of a stripped tag, which each segment has on the wire: 4 or 0
 * @type: L2PC_WIRE_* bits
 * @segments: number of segments, never from an untrusted sender; 0: unknown
 * @size: gso_size, bytes of payload in each segment but the last
 * @protocol: EtherType at @network, in host order
 * @transport: offset of the transport header that the kernel found, in bytes from
 *	@head. An offset in front of the first IP header is stale or was never set
 * @inner_transport: the same for the header inside a tunnel
 * @inner: offset of a tunnel's inner packet: skb->inner_mac_header
 * @inner_protocol: EtherType at @inner, in host order; 0: see @inner_ipproto
 * @inner_ipproto: IP protocol number at @inner when @inner_protocol is 0
 *
 * @transport and @inner_transport of an untrusted super-packet are not used.
 */
struct l2pc_wire_packet {
#ifdef __bpf__
	struct __sk_buff *skb;
#else
	const u8 *head;
#endif
	u32 readable;
	u32 len;
	u32 network;
	u32 tag;
	u32 type;
	u32 segments;
	u16 size;
	u16 protocol;
	s32 transport;
	s32 inner_transport;
	s32 inner;
	u16 inner_protocol;
	u8 inner_ipproto;
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

#endif
