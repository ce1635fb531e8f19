// SPDX-License-Identifier: GPL-2.0
/*
 * Count frames by source address in a BPF map, at tcx or in XDP, or sent frames by
 * destination, at tcx, for comparison. Built with MAP, the map's type, and ENTRIES, its
 * size.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

struct counts {
	__u64 packets;
	__u64 bytes;
};

struct {
	__uint(type, MAP);
	__uint(max_entries, ENTRIES);
	__type(key, __u64);
	__type(value, struct counts);
} stations SEC(".maps");

static __always_inline void count_address(const __u8 *address, __u64 bytes)
{
	struct counts *counts;
	__u64 key = 0;

	__builtin_memcpy(&key, address, ETH_ALEN);
	counts = bpf_map_lookup_elem(&stations, &key);
	if (counts) {
		counts->packets++;
		counts->bytes += bytes;
	} else {
		struct counts first = { .packets = 1, .bytes = bytes };

		bpf_map_update_elem(&stations, &key, &first, BPF_NOEXIST);
	}
}

static __always_inline void count(void *data, void *end, __u64 bytes)
{
	struct ethhdr *eth = data;

	if ((void *)(eth + 1) > end || (eth->h_dest[0] | eth->h_source[0]) & 1)
		return;
	count_address(eth->h_source, bytes);
}

SEC("tc")
int count_egress(struct __sk_buff *skb)
{
	struct ethhdr *eth = (void *)(long)skb->data;

	if ((void *)(eth + 1) <= (void *)(long)skb->data_end && !(eth->h_dest[0] & 1))
		count_address(eth->h_dest, skb->len);
	return TC_ACT_UNSPEC;
}

SEC("tc")
int count_tcx(struct __sk_buff *skb)
{
	count((void *)(long)skb->data, (void *)(long)skb->data_end, skb->len);
	return TC_ACT_UNSPEC;
}

SEC("xdp")
int count_xdp(struct xdp_md *xdp)
{
	void *data = (void *)(long)xdp->data, *end = (void *)(long)xdp->data_end;

	count(data, end, end - data);
	return XDP_PASS;
}

SEC("xdp")
int empty_xdp(struct xdp_md *xdp)
{
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
