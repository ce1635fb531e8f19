/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames and bytes that a super-packet was on the wire: from an skb at tcx to wire.c of
 * kmod/engine, which is the module's. What kmod/port/frame.c does in the module.
 * Copyright (C) the l2packet_counter authors
 *
 * The type of a super-packet and the offsets of its headers are not in struct __sk_buff.
 * They are read from the kernel's own structures, whose layout libbpf looks up (BTF).
 */
#ifndef L2PC_BPF_SUPER_H
#define L2PC_BPF_SUPER_H

#include <linux/errno.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <bpf/bpf_core_read.h>

/* Hidden, so that the verifier takes them as static: the skb is known to them. */
#pragma GCC visibility push(hidden)
#include "headers_parse.c"
#include "headers.c"
#include "wire.c"
#pragma GCC visibility pop

/* Bits of gso_type. The kernel's enum has no name, by which libbpf would find it. */
#define SUPER_TCPV4		0x00001U
#define SUPER_DODGY		0x00002U
#define SUPER_TCPV6		0x00010U
#define SUPER_IPXIP4		0x00100U
#define SUPER_IPXIP6		0x00200U
#define SUPER_UDP_TUNNEL	0x00400U
#define SUPER_UDP_TUNNEL_CSUM	0x00800U
#define SUPER_SCTP		0x04000U
#define SUPER_UDP		0x10000U
#define SUPER_UDP_L4		0x20000U

#define SUPER_NO_OFFSET		0xffffU	/* skb->transport_header before it is set */

/* The part of the kernel's structures that is read here. */
struct sk_buff {
	struct sk_buff *next;
	u16 mac_len;
	u8 inner_protocol_type:1;
	u8 encapsulation:1;
	__be16 inner_protocol;
	u8 inner_ipproto;
	u16 inner_transport_header;
	u16 inner_mac_header;
	__be16 protocol;
	u16 transport_header;
	u32 end;
	unsigned char *head;
	unsigned char *data;
} __attribute__((preserve_access_index));

struct skb_shared_info {
	struct sk_buff *frag_list;
	u16 gso_segs;
	u32 gso_type;
} __attribute__((preserve_access_index));

/* In kernels whose super-packets may have a jumbo option: from 5.19 to 6.x. */
struct hop_jumbo_hdr {
	u8 nexthdr;
} __attribute__((preserve_access_index));

void *bpf_cast_to_kern_ctx(void *ctx) __ksym __weak;
void *bpf_rdonly_cast(const void *address, u32 type) __ksym __weak;

/*
 * Convert gso_type to bits of wire_packet.h. Without branches, all ways through which the
 * verifier would follow.
 */
static __always_inline u32 super_type(u32 gso_type)
{
	u32 type = bpf_core_type_exists(struct hop_jumbo_hdr) ? L2PC_WIRE_JUMBO : 0;

#define SUPER_MOVE(from, to) (gso_type / (from) % 2 * (to))
	type |= SUPER_MOVE(SUPER_TCPV4, L2PC_WIRE_TCPV4);
	type |= SUPER_MOVE(SUPER_TCPV6, L2PC_WIRE_TCPV6);
	type |= SUPER_MOVE(SUPER_UDP_L4, L2PC_WIRE_UDP);
	type |= SUPER_MOVE(SUPER_UDP, L2PC_WIRE_UFO);
	type |= SUPER_MOVE(SUPER_SCTP, L2PC_WIRE_SCTP);
	type |= SUPER_MOVE(SUPER_UDP_TUNNEL, L2PC_WIRE_UDP_TUNNEL);
	type |= SUPER_MOVE(SUPER_UDP_TUNNEL_CSUM, L2PC_WIRE_UDP_TUNNEL);
	type |= SUPER_MOVE(SUPER_IPXIP4, L2PC_WIRE_IPXIP);
	type |= SUPER_MOVE(SUPER_IPXIP6, L2PC_WIRE_IPXIP);
	type |= SUPER_MOVE(SUPER_DODGY, L2PC_WIRE_UNTRUSTED);
#undef SUPER_MOVE
	return type;
}

/* Get the number of segments, as frame_segments() of the module; 0: unknown. */
static __always_inline u32 super_segments(const struct skb_shared_info *shinfo)
{
	const struct sk_buff *segment;
	u32 segments = 0;

	if (!(shinfo->gso_type & SUPER_DODGY) && shinfo->gso_segs)
		return shinfo->gso_segs;
	if (shinfo->gso_type & SUPER_SCTP)
		for (segment = shinfo->frag_list; segment && can_loop; segment = segment->next)
			segments++;
	return segments;
}

/*
 * Describe a super-packet, as frame_describe() of the module. Not static: the verifier walks
 * through it on its own, and its branches do not multiply those of the caller.
 */
noinline int super_describe(struct __sk_buff *ctx, u32 sent, struct l2pc_wire_packet *packet)
{
	const struct sk_buff *skb = bpf_cast_to_kern_ctx(ctx);
	const struct skb_shared_info *shinfo =
		bpf_rdonly_cast(skb->head + skb->end,
				bpf_core_type_id_kernel(struct skb_shared_info));
	/* data is at the Ethernet header here. */
	s32 headroom = skb->data - skb->head;
	__be16 protocol;

	if (!packet)
		return 0;
	packet->len = ctx->len;
	packet->tag = ctx->vlan_present ? 4 : 0;
	packet->type = super_type(shinfo->gso_type);
	packet->type |= BPF_CORE_READ_BITFIELD(skb, encapsulation) * L2PC_WIRE_ENCAPSULATED;
	packet->segments = super_segments(shinfo);
	packet->size = ctx->gso_size;
	packet->network = sent ? ETH_HLEN : skb->mac_len;
	protocol = skb->protocol;
	/* With a packet socket skb->protocol is what its user likes. */
	if (sent)
		bpf_skb_load_bytes(ctx, ETH_HLEN - 2, &protocol, sizeof(protocol));
	packet->protocol = bpf_ntohs(protocol);
	if (skb->transport_header != SUPER_NO_OFFSET)
		packet->transport = skb->transport_header - headroom;
	packet->inner_transport = skb->inner_transport_header - headroom;
	packet->inner = skb->inner_mac_header - headroom;
	if (BPF_CORE_READ_BITFIELD(skb, inner_protocol_type))
		packet->inner_ipproto = skb->inner_ipproto;
	else
		packet->inner_protocol = bpf_ntohs(skb->inner_protocol);
	return 0;
}

/*
 * Count a super-packet. Returns its frames, and its bytes in the lower half; 0: it is
 * malformed, and counts as one frame. Not static, either.
 */
noinline u64 super_count(struct __sk_buff *ctx, u32 sent)
{
	struct l2pc_wire_packet packet = {};
	struct l2pc_wire wire = {};

	super_describe(ctx, sent, &packet);
	packet.skb = ctx;
	l2pc_wire_count(&packet, &wire);
	return wire.malformed ? 0 : (u64)wire.packets << 32 | wire.bytes;
}

#endif /* L2PC_BPF_SUPER_H */
