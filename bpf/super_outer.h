/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames and bytes that a super-packet was on the wire, where the kernel's own structures
 * cannot be read: before Linux 6.10.
 * Copyright (C) the l2packet_counter authors
 *
 * super.h has the kernel's own offsets. Here the headers are read from the outer ones:
 * Ethernet, tags, IPv4 or IPv6 with its extension headers, TCP, UDP or SCTP. The number of
 * segments is computed from bytes and gso_size, whoever wrote them.
 */
#ifndef L2PC_BPF_SUPER_OUTER_H
#define L2PC_BPF_SUPER_OUTER_H

#include <linux/if_ether.h>
#include <linux/in.h>

#define SUPER_TAGS_MAX		2
#define SUPER_EXTENSIONS_MAX	6
#define SUPER_HOPOPTS		0
#define SUPER_ROUTING		43
#define SUPER_DSTOPTS		60
#define SUPER_BY_FRAGS		0xffffU	/* GSO_BY_FRAGS */
#define SUPER_JUMBO_ABOVE	65536U	/* GRO_LEGACY_MAX_SIZE */
#define SUPER_JUMBO_LEN		8U

/* Headers: their end, the transport's protocol, and bytes that no segment has. */
struct super_headers {
	u32 end;
	u32 jumbo;
	u8 protocol;
};

/* Skip the extension headers of IPv6. Returns the offset of what follows them. */
static noinline u32 super_extensions(struct __sk_buff *skb, u32 at,
				       struct super_headers *headers)
{
	u8 head[4];
	u32 i;

	for (i = 0; i < SUPER_EXTENSIONS_MAX; i++) {
		u8 protocol = headers->protocol;

		if (protocol != SUPER_HOPOPTS && protocol != SUPER_ROUTING &&
		    protocol != SUPER_DSTOPTS)
			break;
		if (bpf_skb_load_bytes(skb, at, head, sizeof(head)))
			break;
		/* BIG TCP has a jumbo payload option that its segments do not have. */
		if (protocol == SUPER_HOPOPTS && !head[1] && head[2] == 0xc2 && head[3] == 4 &&
		    skb->len > SUPER_JUMBO_ABOVE)
			headers->jumbo = SUPER_JUMBO_LEN;
		headers->protocol = head[0];
		at += (head[1] + 1) * 8;
	}
	return at;
}

static noinline int super_headers_find(struct __sk_buff *skb, struct super_headers *headers)
{
	u32 at = ETH_HLEN, i;
	u16 type;
	u8 octet;

	headers->end = ETH_HLEN;
	if (bpf_skb_load_bytes(skb, ETH_HLEN - 2, &type, sizeof(type)))
		return 0;
	for (i = 0; i < SUPER_TAGS_MAX; i++) {
		if (type != bpf_htons(ETH_P_8021Q) && type != bpf_htons(ETH_P_8021AD))
			break;
		if (bpf_skb_load_bytes(skb, at + 2, &type, sizeof(type)))
			return 0;
		at += 4;
		headers->end = at;
	}
	if (type == bpf_htons(ETH_P_IP)) {
		if (bpf_skb_load_bytes(skb, at + 9, &headers->protocol, 1) ||
		    bpf_skb_load_bytes(skb, at, &octet, 1))
			return 0;
		at += (octet & 15) * 4;
	} else if (type == bpf_htons(ETH_P_IPV6)) {
		if (bpf_skb_load_bytes(skb, at + 6, &headers->protocol, 1))
			return 0;
		at = super_extensions(skb, at + 40, headers);
	} else {
		return 0;
	}
	headers->end = at;
	if (headers->protocol == IPPROTO_TCP) {
		if (!bpf_skb_load_bytes(skb, at + 12, &octet, 1))
			headers->end = at + (octet >> 4) * 4;
	} else if (headers->protocol == IPPROTO_UDP) {
		headers->end = at + 8;
	} else if (headers->protocol == IPPROTO_SCTP) {
		headers->end = at + 12;
	}
	return 0;
}

/*
 * Count a super-packet. Returns its frames, and its bytes in the lower half; 0: there is no
 * payload behind the headers, and it counts as one frame.
 */
static __always_inline u64 super_count(struct __sk_buff *skb, u32 sent __maybe_unused)
{
	u32 size = skb->gso_size & 0xffff, len = skb->len, tag = skb->vlan_present ? 4 : 0;
	struct super_headers headers = {};
	u32 payload, packets;

	super_headers_find(skb, &headers);
	if (headers.end >= len || headers.jumbo > headers.end)
		return 0;
	payload = len - headers.end;
	if (size == SUPER_BY_FRAGS)
		packets = skb->gso_segs ? skb->gso_segs : 1;
	else
		packets = (payload - 1) / size + 1;
	return (u64)packets << 32 | (payload + packets * (headers.end - headers.jumbo + tag));
}

#endif /* L2PC_BPF_SUPER_OUTER_H */
