// SPDX-License-Identifier: GPL-2.0
/*
 * Draw a station, write it into the frame as its source, and call the program that counts:
 * what tests/bench/bpf/native.c measures, a frame after the other.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

/* Set by native.c, as its struct draw. */
struct {
	__u64 stations;
	__u64 in_turn;
	__u64 state;
} drawn = { .stations = 1 };

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} counter SEC(".maps");

SEC("tc")
int draw(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	/*
	 * A locked instruction: the next frame's loads do not start before this frame is
	 * counted, as between two frames that arrive.
	 */
	__u64 n = __sync_fetch_and_add(&drawn.state, 1), station;

	if (data + ETH_HLEN > end)
		return TC_ACT_SHOT;
	station = n;
	if (!drawn.in_turn) {
		station *= 0x9e3779b97f4a7c15;
		station ^= station >> 32;
		station *= 0xd6e8feb86659fd93;
		station ^= station >> 32;
	}
	station = (station & 0xffffffff) * drawn.stations >> 32;
	if (drawn.in_turn)
		station = n % drawn.stations;
	*(__u16 *)(data + ETH_ALEN) = 0x0002;
	*(__u32 *)(data + ETH_ALEN + 2) = __builtin_bswap32(station);
	bpf_tail_call(skb, &counter, 0);
	return TC_ACT_SHOT;
}

SEC("tc")
int nothing(struct __sk_buff *skb)
{
	return TC_ACT_UNSPEC;
}

char _license[] SEC("license") = "GPL";
