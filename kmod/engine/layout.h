/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Layout of keys, cells, tables and writers: what the packet path and everything else
 * share. In C and in BPF C, so that the module and the program of bpf/ have one.
 * Copyright (C) the l2packet_counter authors
 *
 * table.h has the rules of concurrency.
 */
#ifndef L2PC_LAYOUT_H
#define L2PC_LAYOUT_H

#include <linux/bits.h>
#include <linux/compiler_types.h>
#include <linux/local_lock.h>
#include <linux/types.h>
#include <linux/u64_stats_sync.h>

/* The address space of tables in BPF C; elsewhere there is only one. */
#ifndef L2PC_ARENA
#define L2PC_ARENA
#endif

/*
 * A key identifies a cell: a station and a direction. The upper 48 bits are the station's
 * address, in the order of a little-endian load from the wire: the source of a received
 * frame, the destination of a sent one. L2PC_KEY_TX tells the two directions apart, here
 * and in tables; an archive has one entry for both, with the bit clear. Below are the
 * bits of the VLAN id, if VLANs are counted separately. Every key has L2PC_KEY_STATION
 * set, so that no key equals 0, which marks an empty cell, or L2PC_KEY_GUARD.
 */
#define L2PC_KEY_MAC_SHIFT	16
#define L2PC_KEY_MAC_MASK	(~0ULL << L2PC_KEY_MAC_SHIFT)
#define L2PC_KEY_MULTICAST	BIT_ULL(L2PC_KEY_MAC_SHIFT)
#define L2PC_KEY_STATION	BIT_ULL(15)
#define L2PC_KEY_TX		BIT_ULL(12)
#define L2PC_KEY_VLAN_MASK	0x0fffULL
#define L2PC_KEY_GUARD		1ULL

/* Keys without their VLANs. */
#define L2PC_KEY_MASK_NO_VLAN	(L2PC_KEY_MAC_MASK | L2PC_KEY_STATION)

/* Maximum number of tables of a CPU, from the active one to the oldest. */
#define L2PC_DEPTH_MAX		32
#define L2PC_MIN_BITS		4
/* 1 GiB: an area is less than 2 GiB. */
#define L2PC_MAX_BITS		25

/**
 * struct l2pc_cell - one station's counters on one CPU
 * @key: the station; 0 while the cell is empty; stored last, with release
 * @packets: frames counted
 * @bytes: their bytes on the wire, without FCS
 * @first_seen: low 32 bits of jiffies when the cell was claimed
 * @last_seen: low 32 bits of jiffies at the last frame; of a placeholder when it was made
 *
 * A cell with a key and 0 packets is a placeholder. Its station is known to the port,
 * and this CPU has counted no frame of it since the table was made.
 */
struct l2pc_cell {
	u64 key;
	u64 packets;
	u64 bytes;
	u32 first_seen;
	u32 last_seen;
};

/**
 * struct l2pc_table - an open-addressing array of cells
 * @guard0: L2PC_KEY_GUARD
 * @offset_mask: (number of cells - 1) * sizeof(struct l2pc_cell)
 * @used: cells claimed, placeholders included; written by the owner only
 * @soft_limit: claims at which a bigger table takes over; until then probe sequences
 *	are short
 * @inline_limit: claims up to which the packet path claims a cell inline, with no
 *	further work; written by the owner, and by window.c with @older
 * @bits: log2 of the number of cells, header included; 0: l2pc_table_none
 * @depth: number of tables from this one to the oldest
 * @chain_cells: number of cells of all those
 * @guard1: L2PC_KEY_GUARD
 * @older: the table that this one took over from; set before publication, cleared by
 *	window.c under l2pc_counts.lock
 * @hash_key: the hash key
 *
 * The header is in the first two cells of the array. So the allocation is a power of
 * two, no cell straddles a cache line, and the packet path needs no second pointer to
 * the cells. The guards are where those two cells have their keys. A guard equals no
 * station and is not 0, so a probe that reaches the header continues.
 */
struct l2pc_table {
	u64 guard0;
	u32 offset_mask;
	u32 used;
	u32 soft_limit;
	u32 inline_limit;
	u16 bits;
	u16 depth;
	u32 chain_cells;
	u64 guard1;
	struct l2pc_table L2PC_ARENA *older;
	u64 hash_key[2];
} __aligned(64);

#define L2PC_HEADER_CELLS	2U

/*
 * Limits of a table's load. Up to 49/64 a search takes 2.6 probes on average. A doubled
 * table starts with a load of 0.383, 84 bytes a station. Up to 7/8 is used while the
 * next table is late.
 */
#define L2PC_SOFT_LIMIT(cells)	((u32)(((u64)(cells) - L2PC_HEADER_CELLS) * 49 / 64))
#define L2PC_HARD_LIMIT(cells)	((u32)(((u64)(cells) - L2PC_HEADER_CELLS) * 7 / 8))

/*
 * When a CPU requests its next table: when the soft limit, shifted by this, is claimed. And
 * how much bigger that one is, as log2. Where the CPU cannot allocate one itself, it is
 * requested earlier, and lasts longer.
 */
#ifdef L2PC_ENGINE_BPF
#define L2PC_SPARE_SHIFT	3
#define L2PC_SPARE_GROWTH	2
#else
#define L2PC_SPARE_SHIFT	1
#define L2PC_SPARE_GROWTH	1
#endif

/* Reasons to skip a frame. */
enum l2pc_skipped {
	L2PC_SKIPPED_MULTICAST,
	L2PC_SKIPPED_BROADCAST,
	L2PC_SKIPPED_INVALID,	/* the station's address is a group's or all zero */
	L2PC_SKIPPED_REASONS,
};

/**
 * struct l2pc_writer_counters - a CPU's counts of frames of one direction without a cell
 * @untracked_packets: frames without a cell; as all of these, only ever grows
 * @untracked_bytes: their bytes
 * @skipped: frames not counted by rule, by enum l2pc_skipped
 * @malformed: frames whose offload header contradicts their contents
 */
struct l2pc_writer_counters {
	u64 untracked_packets;
	u64 untracked_bytes;
	u64 skipped[L2PC_SKIPPED_REASONS];
	u64 malformed;
};

/**
 * struct l2pc_writer - one CPU's counting state of a port
 * @active: the table that the CPU counts in; never NULL (l2pc_table_none before the
 *	first frame). Exchanged by the owner, window.c and prealloc.c
 * @spare: a bigger table to switch to; set by prealloc.c, taken by the owner or
 *	window.c, always by exchange
 * @spare_wanted: the owner requested a spare; cleared by prealloc.c
 * @scan_pending: the owner claimed a cell, or had none to claim, and requested a scan;
 *	cleared by discover.c before it scans
 * @spare_wanted_at: jiffies at the owner's last request: one per jiffy is enough
 * @grow_failed_at: jiffies when the owner last failed to allocate a bigger table: no
 *	second attempt in the same jiffy
 * @overflow_failed_at: the same for an overflow table
 * @lock: PREEMPT_RT only, see table.h
 * @sync: 32 bit only, covers every 64-bit counter that the owner writes
 * @rx: counts of received frames without a cell
 * @tx: counts of sent frames without a cell
 * @next: the table that the next switch installs; window.c, under l2pc_counts.lock
 * @discarded: only where the owner cannot free: tables that it does not need, linked by
 *	older; taken by exchange
 */
struct l2pc_writer {
	struct l2pc_table L2PC_ARENA *active;
	struct l2pc_table L2PC_ARENA *spare;
	bool spare_wanted;
	bool scan_pending;
	u32 spare_wanted_at;
	u32 grow_failed_at;
	u32 overflow_failed_at;
	local_lock_t lock;
	struct u64_stats_sync sync;
	struct l2pc_writer_counters rx;
	struct l2pc_writer_counters tx;
	struct l2pc_table L2PC_ARENA *next;
#ifdef L2PC_ENGINE_BPF
	struct l2pc_table L2PC_ARENA *discarded;
#endif
};

#endif /* L2PC_LAYOUT_H */
