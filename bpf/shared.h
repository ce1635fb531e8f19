/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the program of l2pc.bpf.c and the process of tools/run share, apart from the
 * tables of kmod/engine/layout.h.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_BPF_SHARED_H
#define L2PC_BPF_SHARED_H

#include <linux/types.h>

/* Names of maps and programs. */
#define L2PC_BPF_ARENA		"arena"
#define L2PC_BPF_WAKE		"wake"
#define L2PC_BPF_INGRESS	"l2pc_ingress"
#define L2PC_BPF_EGRESS		"l2pc_egress"
#define L2PC_BPF_INGRESS_RT	"l2pc_ingress_rt"
#define L2PC_BPF_EGRESS_RT	"l2pc_egress_rt"
#define L2PC_BPF_CLOCK		"l2pc_clock"
#define L2PC_BPF_PAGES		"l2pc_pages"

/* Of the variant without an arena. */
#define L2PC_BPF_WRITERS	"writers"
#define L2PC_BPF_TABLES		"tables"
#define L2PC_BPF_STORED		"l2pc_stored"
#define L2PC_BPF_HOOKS		"hooks"
#define L2PC_BPF_HOOK_PREFIX	"l2pc_hook_"
#define L2PC_BPF_HOOK_RX	"l2pc_hook_rx"
#define L2PC_BPF_HOOK_TX	"l2pc_hook_tx"

/* Size of the arena, the largest: the program has the lower 32 bits of an address. */
#define L2PC_BPF_ARENA_SIZE	(1UL << 32)

/* Size and alignment of a CPU's writer. */
#define L2PC_BPF_STRIDE		256U

/* Without an arena: bytes of an element of a table's map, and log2 of a slot's size. */
#define L2PC_BPF_CHUNK		1024U
#define L2PC_BPF_SLOT_SHIFT	30U

/* Cells claimed of a soft limit at which the process switches to the spare there. */
#define L2PC_BPF_SWITCH_AT(soft_limit)	((soft_limit) / 2)

/* Elements of L2PC_BPF_HOOKS. */
#define L2PC_BPF_HOOK_INGRESS	0U
#define L2PC_BPF_HOOK_EGRESS	1U

/**
 * struct l2pc_bpf_port - a port's settings, which the program can reach
 * @max_cells: maximum number of cells of a table
 * @vlan: count stations by outer VLAN id as well
 *
 * Written by the process, read by the program at any time.
 */
struct l2pc_bpf_port {
	u32 max_cells;
	u32 vlan;
} __attribute__((__aligned__(L2PC_BPF_STRIDE)));

/**
 * struct l2pc_bpf_config - what a program knows when it is loaded
 * @port: address of its port in the arena
 * @writers: address of what follows there: the writers of all possible CPUs
 * @slots: without an arena: address of the first slot
 * @overlap: sections with bottom halves disabled overlap on a CPU: PREEMPT_RT
 */
struct l2pc_bpf_config {
	u64 port;
	u64 writers;
	u64 slots;
	u32 overlap;
	u32 fill;
};

/**
 * struct l2pc_bpf_now - argument of L2PC_BPF_CLOCK
 * @jiffies: filled in: the clock of a cell's timestamps
 */
struct l2pc_bpf_now {
	u64 jiffies;
};

/**
 * struct l2pc_bpf_slot - argument of L2PC_BPF_STORED
 * @index: a slot of L2PC_BPF_TABLES
 * @stored: filled in: whether programs find a map there
 */
struct l2pc_bpf_slot {
	u32 index;
	u32 stored;
};

/**
 * struct l2pc_bpf_memory - argument of L2PC_BPF_PAGES
 * @address: of the first page in the arena
 * @pages: number of pages to allocate there; set to 0 when they are
 */
struct l2pc_bpf_memory {
	u64 address;
	u64 pages;
};

#endif /* L2PC_BPF_SHARED_H */
