// SPDX-License-Identifier: GPL-2.0
/*
 * The programs of `l2pc run`: from an skb at tcx to its station, frames and bytes.
 * Copyright (C) the l2packet_counter authors
 *
 * tcx runs in softirq or with bottom halves disabled, in an RCU read-side section, and
 * never inside itself on one CPU. data is at the Ethernet header, which is linear; len is
 * the frame's length from there on, without a tag that was taken off.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/pkt_cls.h>
#include <linux/types.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "cells.h"
#ifdef L2PC_BPF_MAPS
#include "super_outer.h"
#else
#include "super.h"
#endif

#ifdef L2PC_BPF_MAPS

/* Before Linux 6.18, sections with bottom halves disabled do not overlap on a CPU. */
static __always_inline void section_enter(bool overlap)
{
	(void)overlap;
}

static __always_inline void section_leave(bool overlap)
{
	(void)overlap;
}

#else

void bpf_preempt_disable(void) __ksym __weak;
void bpf_preempt_enable(void) __ksym __weak;
void L2PC_ARENA *bpf_arena_alloc_pages(void *map, void L2PC_ARENA *address, u32 pages,
				       int node, u64 flags) __ksym __weak;

/* Where sections with bottom halves disabled overlap, tables need more than that. */
static __always_inline void section_enter(bool overlap)
{
	if (overlap)
		bpf_preempt_disable();
}

static __always_inline void section_leave(bool overlap)
{
	if (overlap)
		bpf_preempt_enable();
}

#endif

/* Count a frame of a group's address as skipped. */
static noinline int frame_skip(u32 tx, u32 reason)
{
	struct l2pc_writer L2PC_ARENA *writer;

	/* Here it costs the usual frame nothing. */
	memory_name();
	section_enter(l2pc_config.overlap);
	writer = writer_here();
	/* The compiler knows that it is smaller, and the verifier does not. */
	asm volatile("" : "+r" (reason));
	if (missing(writer) || reason >= L2PC_SKIPPED_REASONS)
		;
	else if (tx)
		writer->tx.skipped[reason]++;
	else
		writer->rx.skipped[reason]++;
	section_leave(l2pc_config.overlap);
	return 0;
}

static __always_inline bool port_has_vlan(void)
{
	struct l2pc_bpf_port L2PC_ARENA *port = port_settings();

	return !missing(port) && READ_ONCE(port->vlan);
}

/* Check for a source that is not one of a station. No such cell is ever claimed. */
static __always_inline bool is_invalid(u64 key)
{
	return key & L2PC_KEY_MULTICAST || !(key & L2PC_KEY_MAC_MASK);
}

/* Count a frame that writer_count() did not. */
static noinline int frame_claim(u64 key, u32 packets, u32 bytes)
{
	if (is_invalid(key))
		return frame_skip(!!(key & L2PC_KEY_TX), L2PC_SKIPPED_INVALID);
	section_enter(l2pc_config.overlap);
	writer_claim(key, packets, bytes);
	section_leave(l2pc_config.overlap);
	return 0;
}

static __always_inline void frame_count(struct l2pc_writer L2PC_ARENA *writer, u64 key, u32 packets,
					u32 bytes, bool overlap)
{
	bool counted;

	section_enter(overlap);
	counted = writer_count(writer, key, packets, bytes);
	section_leave(overlap);
	if (unlikely(!counted))
		frame_claim(key, packets, bytes);
}

/* Count a frame whose tag was taken off, or a super-packet. */
static noinline int frame_count_wire(struct __sk_buff *skb, u64 key)
{
	struct l2pc_writer L2PC_ARENA *writer = writer_here();
	u32 packets = 1, bytes = skb->len;
	u64 wire;

	if (is_invalid(key))
		return frame_claim(key, packets, bytes);
	if (skb->vlan_present) {
		bytes += 4;
		/* A priority tag, VLAN id 0, is not a VLAN (IEEE 802.1Q, 9.6). */
		if (port_has_vlan())
			key |= skb->vlan_tci & L2PC_KEY_VLAN_MASK;
	}
	if (skb->gso_size) {
		wire = super_count(skb, !!(key & L2PC_KEY_TX));
		if (wire) {
			packets = wire >> 32;
			bytes = wire;
		} else {
			section_enter(l2pc_config.overlap);
			if (missing(writer))
				;
			else if (key & L2PC_KEY_TX)
				writer->tx.malformed++;
			else
				writer->rx.malformed++;
			section_leave(l2pc_config.overlap);
		}
	}
	frame_count(writer, key, packets, bytes, l2pc_config.overlap);
	return 0;
}

static __always_inline bool is_broadcast(const void *address)
{
	return *(const u32 *)address == 0xffffffff && *(const u16 *)(address + 4) == 0xffff;
}

static __always_inline int ingress(struct __sk_buff *skb, bool overlap)
{
	/* First: this CPU's number costs what is in registers before it. */
	struct l2pc_writer L2PC_ARENA *writer = writer_here();
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	u64 key;

	/* What this machine sends to groups is looped back, with another header. */
	if (unlikely(data + ETH_HLEN > end || skb->pkt_type == PACKET_LOOPBACK))
		return TC_ACT_UNSPEC;
	/* A single load has the source and, above it, the EtherType, which is shifted out. */
	key = *(u64 *)(data + ETH_ALEN) << L2PC_KEY_MAC_SHIFT | L2PC_KEY_STATION;
	/* The compiler need not keep what was loaded. */
	asm volatile("" : "+r" (key));
	/* A group's source is found in the end, see frame_claim(). */
	if (unlikely(*(u8 *)data & 1)) {
		if (is_invalid(key))
			frame_skip(false, L2PC_SKIPPED_INVALID);
		else
			frame_skip(false, is_broadcast(data) ? L2PC_SKIPPED_BROADCAST :
							       L2PC_SKIPPED_MULTICAST);
	} else if (unlikely(skb->gso_size | skb->vlan_present)) {
		frame_count_wire(skb, key);
	} else {
		frame_count(writer, key, 1, skb->len, overlap);
	}
	return TC_ACT_UNSPEC;
}

static __always_inline int egress(struct __sk_buff *skb, bool overlap)
{
	struct l2pc_writer L2PC_ARENA *writer = writer_here();
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	u64 key;
	u16 tag;

	if (unlikely(data + ETH_HLEN > end))
		return TC_ACT_UNSPEC;
	key = *(u64 *)data << L2PC_KEY_MAC_SHIFT | L2PC_KEY_STATION | L2PC_KEY_TX;
	if (unlikely(key & L2PC_KEY_MULTICAST)) {
		frame_skip(true, is_broadcast(data) ? L2PC_SKIPPED_BROADCAST :
						      L2PC_SKIPPED_MULTICAST);
		return TC_ACT_UNSPEC;
	}
	/* A tag that is still in the frame. */
	tag = *(u16 *)(data + 2 * ETH_ALEN);
	if (unlikely(tag == bpf_htons(ETH_P_8021Q) || tag == bpf_htons(ETH_P_8021AD)) &&
	    !skb->vlan_present && port_has_vlan() &&
	    !bpf_skb_load_bytes(skb, ETH_HLEN, &tag, sizeof(tag)))
		key |= bpf_ntohs(tag) & L2PC_KEY_VLAN_MASK;
	if (unlikely(skb->gso_size | skb->vlan_present))
		frame_count_wire(skb, key);
	else
		frame_count(writer, key, 1, skb->len, overlap);
	return TC_ACT_UNSPEC;
}

SEC("tc")
int l2pc_ingress(struct __sk_buff *skb)
{
	return ingress(skb, false);
}

SEC("tc")
int l2pc_egress(struct __sk_buff *skb)
{
	return egress(skb, false);
}

#ifndef L2PC_BPF_MAPS

/* The same where sections overlap: a variable would be read for every frame. */
SEC("tc")
int l2pc_ingress_rt(struct __sk_buff *skb)
{
	return ingress(skb, true);
}

SEC("tc")
int l2pc_egress_rt(struct __sk_buff *skb)
{
	return egress(skb, true);
}

#endif

#ifdef L2PC_BPF_MAPS

/*
 * The counting programs, for clsact. A filter there outlives the process. Its array of
 * programs is emptied when the process ends, whatever ends it: then it counts nothing.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(u32));
} hooks SEC(".maps");

SEC("tc")
int l2pc_hook_rx(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &hooks, L2PC_BPF_HOOK_INGRESS);
	return TC_ACT_UNSPEC;
}

SEC("tc")
int l2pc_hook_tx(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &hooks, L2PC_BPF_HOOK_EGRESS);
	return TC_ACT_UNSPEC;
}

/*
 * The clock of a cell's timestamps, stored in the frame that the process tests this with:
 * programs for system calls came with Linux 5.14.
 */
SEC("tc")
int l2pc_clock(struct __sk_buff *skb)
{
	struct l2pc_bpf_now *now = (void *)(long)skb->data;

	if ((void *)(now + 1) <= (void *)(long)skb->data_end)
		now->jiffies = bpf_jiffies64();
	return TC_ACT_UNSPEC;
}

/*
 * Whether a table's map is stored, in the frame as well. A system call that looks it up waits
 * for a grace period on Linux 6.1; on 6.12 it does not.
 */
SEC("tc")
int l2pc_stored(struct __sk_buff *skb)
{
	struct l2pc_bpf_slot *slot = (void *)(long)skb->data;
	u32 index;

	if ((void *)(slot + 1) > (void *)(long)skb->data_end)
		return TC_ACT_UNSPEC;
	index = slot->index;
	slot->stored = bpf_map_lookup_elem(&tables, &index) != 0;
	return TC_ACT_UNSPEC;
}

#else

/* The clock of a cell's timestamps. */
SEC("syscall")
int l2pc_clock(struct l2pc_bpf_now *now)
{
	now->jiffies = bpf_jiffies64();
	return 0;
}

/* Allocate pages of the arena: at once, and with an error instead of a signal. */
SEC("syscall")
int l2pc_pages(struct l2pc_bpf_memory *memory)
{
	void L2PC_ARENA *address = (void L2PC_ARENA *)memory->address;

	if (bpf_arena_alloc_pages(&arena, address, memory->pages, -1, 0))
		memory->pages = 0;
	return 0;
}

#endif

char _license[] SEC("license") = "GPL";
