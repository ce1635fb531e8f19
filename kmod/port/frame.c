// SPDX-License-Identifier: GPL-2.0
/*
 * Frames and bytes of an skb on the wire: from sk_buff to wire.c.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/skbuff.h>
#include <net/ipv6.h>

#include "frame.h"

/* Convert gso_type and skb->encapsulation to bits of wire.h. */
static u32 frame_type(const struct sk_buff *skb)
{
	static const struct {
		u32 gso;
		u32 wire;
	} types[] = {
		{ SKB_GSO_TCPV4, L2PC_WIRE_TCPV4 },
		{ SKB_GSO_TCPV6, L2PC_WIRE_TCPV6 },
		{ SKB_GSO_UDP_L4, L2PC_WIRE_UDP },
		{ SKB_GSO_UDP, L2PC_WIRE_UFO },
		{ SKB_GSO_SCTP, L2PC_WIRE_SCTP },
		{ SKB_GSO_UDP_TUNNEL | SKB_GSO_UDP_TUNNEL_CSUM, L2PC_WIRE_UDP_TUNNEL },
		{ SKB_GSO_IPXIP4 | SKB_GSO_IPXIP6, L2PC_WIRE_IPXIP },
		{ SKB_GSO_DODGY, L2PC_WIRE_UNTRUSTED },
	};
	u32 type = L2PC_GSO_JUMBO ? L2PC_WIRE_JUMBO : 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++)
		if (skb_shinfo(skb)->gso_type & types[i].gso)
			type |= types[i].wire;
	if (skb->encapsulation)
		type |= L2PC_WIRE_ENCAPSULATED;
	return type;
}

/*
 * Get the number of segments; 0: unknown. SCTP has a segment in each skb of the
 * frag_list, as sctp_gso_segment() counts them.
 */
static u32 frame_segments(const struct sk_buff *skb)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	bool trusted = !(shinfo->gso_type & SKB_GSO_DODGY);
	const struct sk_buff *segment;
	u32 segments = 0;

	if (trusted && shinfo->gso_segs)
		return shinfo->gso_segs;
	if (shinfo->gso_type & SKB_GSO_SCTP)
		skb_walk_frags(skb, segment)
			segments++;
	return segments;
}

/**
 * struct frame_start - where a frame starts in its skb
 * @head: its first byte
 * @pulled: bytes from @head to skb->data
 * @network: offset of the header behind the Ethernet header, from the frame's start
 * @protocol: EtherType there
 */
struct frame_start {
	const u8 *head;
	s32 pulled;
	u32 network;
	__be16 protocol;
};

static __always_inline void frame_describe(const struct sk_buff *skb,
					   struct frame_start start,
					   struct l2pc_wire_packet *packet)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	s32 pulled = start.pulled;

	memset(packet, 0, sizeof(*packet));
	packet->head = start.head;
	packet->readable = skb_headlen(skb) + pulled;
	packet->len = skb->len + pulled;
	packet->network = start.network;
	packet->tag = skb_vlan_tag_present(skb) ? VLAN_HLEN : 0;
	packet->type = frame_type(skb);
	packet->segments = frame_segments(skb);
	packet->size = shinfo->gso_size;
	packet->protocol = ntohs(start.protocol);
	if (skb_transport_header_was_set(skb))
		packet->transport = skb_transport_offset(skb) + pulled;
	/* Without a tunnel the kernel's offsets are 0, in front of all headers. */
	packet->inner_transport = skb_inner_transport_offset(skb) + pulled;
	packet->inner = skb_inner_mac_header(skb) - packet->head;
	if (skb->inner_protocol_type == ENCAP_TYPE_ETHER)
		packet->inner_protocol = ntohs(skb->inner_protocol);
	else
		packet->inner_ipproto = skb->inner_ipproto;
}

/* Count with a copy of the headers, when they are not all in the linear part. */
static noinline void frame_wire_copied(const struct sk_buff *skb, s32 pulled,
				       struct l2pc_wire_packet *packet,
				       struct l2pc_wire *wire)
{
	u8 copy[L2PC_WIRE_HEADERS_MAX];

	packet->readable = min_t(u32, packet->len, sizeof(copy));
	packet->head = skb_header_pointer(skb, -pulled, packet->readable, copy);
	if (packet->head && l2pc_wire_count(packet, wire))
		return;
	/* The headers are in fragments that the CPU cannot read (device memory). */
	wire->packets = 1;
	wire->bytes = packet->len + packet->tag;
	wire->malformed = true;
}

/**
 * l2pc_frame_wire() - count a super-packet's frames and bytes on the wire
 * @skb: as net/core/dev.c passes it to taps and RX handlers: data behind the
 *	Ethernet header, mac_len its length; gso_size is not 0. May be shared
 * @wire: filled in
 *
 * Context: softirq, or bottom halves disabled.
 */
void l2pc_frame_wire(const struct sk_buff *skb, struct l2pc_wire *wire)
{
	const struct frame_start start = {
		skb_mac_header(skb), skb->mac_len, skb->mac_len, skb->protocol
	};
	struct l2pc_wire_packet packet;

	frame_describe(skb, start, &packet);
	if (!l2pc_wire_count(&packet, wire))
		frame_wire_copied(skb, start.pulled, &packet, wire);
}

/**
 * l2pc_frame_wire_sent() - count a super-packet that is sent as its frames on the wire
 * @skb: as net/core/dev.c passes it to the egress hook: data is at the Ethernet header;
 *	gso_size is not 0
 * @wire: filled in
 *
 * The frame's own EtherType is used: with a packet socket skb->protocol and mac_len are
 * what its user likes.
 *
 * Context: bottom halves disabled.
 */
void l2pc_frame_wire_sent(const struct sk_buff *skb, struct l2pc_wire *wire)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;
	const struct frame_start start = { skb->data, 0, ETH_HLEN, eth->h_proto };
	struct l2pc_wire_packet packet;

	frame_describe(skb, start, &packet);
	if (!l2pc_wire_count(&packet, wire))
		frame_wire_copied(skb, start.pulled, &packet, wire);
}
