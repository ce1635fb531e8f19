// SPDX-License-Identifier: GPL-2.0
/*
 * Frames and bytes of a received skb on the wire: from sk_buff to wire.c.
 * Copyright (C) the l2packet_counter authors
 */
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

static void frame_describe(const struct sk_buff *skb,
			   struct l2pc_wire_packet *packet)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	s32 mac_len = skb->mac_len;

	memset(packet, 0, sizeof(*packet));
	packet->head = skb_mac_header(skb);
	packet->readable = skb_headlen(skb) + mac_len;
	packet->len = skb->len + mac_len;
	packet->network = mac_len;
	packet->tag = skb_vlan_tag_present(skb) ? VLAN_HLEN : 0;
	packet->type = frame_type(skb);
	packet->segments = frame_segments(skb);
	packet->size = shinfo->gso_size;
	packet->protocol = ntohs(skb->protocol);
	if (skb_transport_header_was_set(skb))
		packet->transport = skb_transport_offset(skb) + mac_len;
	/* Without a tunnel the kernel's offsets are 0, in front of all headers. */
	packet->inner_transport = skb_inner_transport_offset(skb) + mac_len;
	packet->inner = skb_inner_mac_header(skb) - skb_mac_header(skb);
	if (skb->inner_protocol_type == ENCAP_TYPE_ETHER)
		packet->inner_protocol = ntohs(skb->inner_protocol);
	else
		packet->inner_ipproto = skb->inner_ipproto;
}

/* Count with a copy of the headers, when they are not all in the linear part. */
static noinline void frame_wire_copied(const struct sk_buff *skb,
				       struct l2pc_wire_packet *packet,
				       struct l2pc_wire *wire)
{
	u8 copy[L2PC_WIRE_HEADERS_MAX];

	packet->readable = min_t(u32, packet->len, sizeof(copy));
	packet->head = skb_header_pointer(skb, -(int)skb->mac_len,
					  packet->readable, copy);
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
	struct l2pc_wire_packet packet;

	frame_describe(skb, &packet);
	if (!l2pc_wire_count(&packet, wire))
		frame_wire_copied(skb, &packet, wire);
}
