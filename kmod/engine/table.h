/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cells and tables: the hash tables that CPUs count in, one writer each.
 * Copyright (C) the l2packet_counter authors
 *
 * Every CPU of a port counts in a table of its own; fold.c adds the tables up. This
 * file knows no skb, no netdev and no reader. It also compiles in userspace, where
 * tests/unit exercises it.
 *
 * Concurrency:
 *
 *   writer    The CPU that owns the table, in softirq or with bottom halves
 *             disabled, inside an RCU read-side section. Only the owner writes a
 *             cell, so cells need no lock and no atomics. On PREEMPT_RT the caller
 *             also holds l2pc_writer.lock, because there two BH-disabled threads
 *             of one CPU may overlap.
 *   switcher  Replaces l2pc_writer.active: the owner when its table is full, or
 *             window.c and prealloc.c in process context. Each uses a single
 *             exchange or compare-and-exchange, so each table leaves the pointer
 *             exactly once.
 *   reader    Process context under l2pc_counts.lock. Walks live tables without
 *             stopping the writer. A cell's key is stored last with release and
 *             loaded first with acquire, its counters are single words. On 32 bit,
 *             where they are two words, l2pc_writer.sync covers them.
 *
 * A table that left the active pointer stays reachable through ->older of its
 * successor, or belongs to the code that exchanged it out. window.c frees it after a
 * grace period, under l2pc_counts.lock.
 */
#ifndef L2PC_TABLE_H
#define L2PC_TABLE_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/jhash.h>
#include <linux/jiffies.h>
#include <linux/kcsan-checks.h>
#include <linux/local_lock.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/types.h>
#include <linux/u64_stats_sync.h>

#include <linux/l2packet_counter.h>

#include "walk.h"

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

/* Largest table that a CPU allocates in softirq: 2^14 cells, 512 KiB. */
#define L2PC_ATOMIC_BITS	14

/* Maximum number of tables of a CPU, from the active one to the oldest. */
#define L2PC_DEPTH_MAX		32
#define L2PC_MIN_BITS		4
/* 1 GiB: kvmalloc() allocates less than 2 GiB. */
#define L2PC_MAX_BITS		25

#define L2PC_MAX_STATIONS_MIN	1U

/**
 * struct l2pc_cell - one station's counters on one CPU
 * @key: the station; 0 while the cell is empty; stored last, with release
 * @packets: frames counted
 * @bytes: their bytes on the wire, without FCS
 * @first_seen: low 32 bits of jiffies when the cell was claimed
 * @last_seen: low 32 bits of jiffies at the last frame
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
	struct l2pc_table *older;
	u64 hash_key[2];
} __aligned(64);

#define L2PC_HEADER_CELLS	2U

/*
 * The limit of a table's load while it can grow: 49/64. Up to it a search takes 2.6 probes
 * on average. A doubled table starts with a load of 0.383, 84 bytes a station.
 */
#define L2PC_SOFT_LIMIT(cells)	((u32)(((u64)(cells) - L2PC_HEADER_CELLS) * 49 / 64))

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
 * @lock: PREEMPT_RT only, see the top of this file
 * @sync: 32 bit only, covers every 64-bit counter that the owner writes
 * @rx: counts of received frames without a cell
 * @tx: counts of sent frames without a cell
 * @next: the table that the next switch installs; window.c, under l2pc_counts.lock
 */
struct l2pc_writer {
	struct l2pc_table *active;
	struct l2pc_table *spare;
	bool spare_wanted;
	bool scan_pending;
	u32 spare_wanted_at;
	u32 grow_failed_at;
	u32 overflow_failed_at;
	local_lock_t lock;
	struct u64_stats_sync sync;
	struct l2pc_writer_counters rx;
	struct l2pc_writer_counters tx;
	struct l2pc_table *next;
};

/**
 * struct l2pc_placeholders - the known stations, for tables allocated in softirq
 * @count: number of keys
 * @keys: the stations' keys, one for each direction
 */
struct l2pc_placeholders {
	u32 count;
	u64 keys[];
};

struct l2pc_writers;

/**
 * struct l2pc_writers_ops - requests of the packet path, called in softirq
 * @request_spare: a CPU needs a bigger table
 * @request_scan: a CPU claimed a cell, or had none to claim, for the first time since
 *	the last scan; or it skipped a frame while l2pc_writers.idle is set
 */
struct l2pc_writers_ops {
	void (*request_spare)(struct l2pc_writers *writers);
	void (*request_scan)(struct l2pc_writers *writers);
};

/**
 * struct l2pc_writers - all CPUs' writers of one port
 * @percpu: the writers
 * @hash_key: random, one for the port
 * @first_bits: log2 of the number of cells of a CPU's first table
 * @tx: sent frames are counted, too, so that a station may have two cells; may change at
 *	any time
 * @idle: the next frame on any CPU requests a scan, also one that is skipped: see idle.c
 * @max_stations: maximum number of stations of a table; may change at any time
 * @placeholders: stations to reserve cells for, in a table that a CPU allocates and that
 *	cannot grow; NULL: none. Replaced in process context, a grace period before the
 *	old list is freed
 * @ops: where requests go
 */
struct l2pc_writers {
	struct l2pc_writer __percpu *percpu;
	u64 hash_key[2];
	u8 first_bits;
	bool tx;
	bool idle;
	u32 max_stations;
	struct l2pc_placeholders *placeholders;
	const struct l2pc_writers_ops *ops;
};

/* Compute the number of stations that cells are reserved for: half; half are new ones. */
static inline u32 l2pc_writers_half(const struct l2pc_writers *writers)
{
	u32 max_stations = READ_ONCE(writers->max_stations);

	return max_stations > 1 ? (max_stations + 1) / 2 : 0;
}

/* Compute the number of cells of so many stations, at most: one for each direction. */
static inline u32 l2pc_writers_cells(const struct l2pc_writers *writers, u32 stations)
{
	return stations << READ_ONCE(writers->tx);
}

/*
 * Get the maximum number of cells of a table. With sent frames, more than 12.8 million
 * stations may have fewer than two cells each.
 */
static inline u32 l2pc_writers_max_cells(const struct l2pc_writers *writers)
{
	return min(l2pc_writers_cells(writers, READ_ONCE(writers->max_stations)),
		   L2PC_SOFT_LIMIT(1U << L2PC_MAX_BITS));
}

/* Every writer's table before its first frame: always full. */
extern struct l2pc_table *const l2pc_table_none;

#if BITS_PER_LONG == 64
/*
 * Multiply 64 x 64 to 128 bits. Inline assembly on x86: for a 128-bit variable the
 * compiler aligns the stack, four instructions a packet.
 */
static __always_inline u64 l2pc_multiply(u64 a, u64 b, u64 *high)
{
#ifdef __x86_64__
	asm("mulq %3" : "=a" (a), "=d" (*high) : "0" (a), "rm" (b) : "cc");
	return a;
#else
	unsigned __int128 product = (unsigned __int128)a * b;

	*high = product >> 64;
	return product;
#endif
}
#endif

/**
 * l2pc_hash() - hash a station
 * @hash_key: two random words
 * @key: the station
 *
 * Multiplies by a random word, folds in half, and multiplies again. With one round, or
 * with a plain multiply-shift, some hash keys map structured addresses to few cells
 * (mean probes of several hundred). With two rounds, probe lengths are those of a
 * random function: tests/unit/test_hash.c measures both.
 *
 * Return: the hash; only bits 5 and up are usable.
 */
static __always_inline u64 l2pc_hash(const u64 hash_key[2], u64 key)
{
#if BITS_PER_LONG == 64
	u64 high;

	key = l2pc_multiply(key ^ hash_key[0], hash_key[1], &high);
	l2pc_multiply(key ^ high, hash_key[1], &high);
	return high;
#else
	return jhash_2words((u32)key, (u32)(key >> 32), (u32)hash_key[0]);
#endif
}

/*
 * Probe sequence of a station: its home cell, and the other cell of the same 64 bytes,
 * its mate; then the corresponding two of the next 64 bytes, and so on. Cells are never
 * freed, so the first empty cell ends the search.
 *
 * Cells are addressed by byte offsets: x86 adds the table's address in the access.
 */
static __always_inline unsigned long
l2pc_table_wrap(const struct l2pc_table *table, unsigned long offset)
{
#ifdef __x86_64__
	/*
	 * Inline assembly: the compiler would load the mask into a register for the loop,
	 * one instruction more for frames that need no loop.
	 */
	asm("andl %1, %k0" : "+r" (offset) : "m" (table->offset_mask) : "cc");
	return offset;
#else
	return (u32)offset & table->offset_mask;
#endif
}

static __always_inline unsigned long
l2pc_table_home(const struct l2pc_table *table, u64 key)
{
	return l2pc_table_wrap(table, l2pc_hash(table->hash_key, key));
}

static __always_inline unsigned long l2pc_table_mate(unsigned long offset)
{
	return offset ^ sizeof(struct l2pc_cell);
}

static __always_inline unsigned long
l2pc_table_next(const struct l2pc_table *table, unsigned long offset)
{
	return l2pc_table_wrap(table, offset + 2 * sizeof(struct l2pc_cell));
}

static __always_inline struct l2pc_cell *
l2pc_table_at(struct l2pc_table *table, unsigned long offset)
{
	return (void *)table + offset;
}

/*
 * Check whether one of two neighbours is empty. All stations have a bit in common, and
 * so have the two guards. Keys of a pair without a common bit include a 0.
 */
static __always_inline bool l2pc_keys_end(u64 key, u64 mate)
{
	return !(key & mate);
}

struct l2pc_table *l2pc_table_alloc(const struct l2pc_writers *writers, u8 bits,
				    int node);
void l2pc_table_free(struct l2pc_table *table);
u8 l2pc_table_bits_max(const struct l2pc_writers *writers);
u8 l2pc_table_bits_for(const struct l2pc_writers *writers, u32 stations);
void l2pc_table_link(struct l2pc_table *table, struct l2pc_table *older);
bool l2pc_table_reserve(const struct l2pc_writers *writers,
			struct l2pc_table *table, u64 key);
u32 l2pc_table_hard_limit(const struct l2pc_writers *writers,
			  const struct l2pc_table *table);
struct l2pc_table *l2pc_table_alloc_atomic(const struct l2pc_writers *writers,
					   u8 bits);
struct l2pc_cell *l2pc_table_probe(struct l2pc_table *table, u64 key);
bool l2pc_cell_read(const struct l2pc_writer *writer,
		    const struct l2pc_cell *cell, struct l2pc_cell *copy);
u64 l2pc_counter_read(const struct l2pc_writer *writer, const u64 *counter);

/* Whether the table before @table has stations that @table does not take over. */
static inline bool l2pc_table_is_overflow(const struct l2pc_table *table,
					  const struct l2pc_table *older)
{
	return older && older->bits >= table->bits;
}

static inline u32 l2pc_table_cells(const struct l2pc_table *table)
{
	return table->bits ? 1U << table->bits : 0;
}

static inline const struct l2pc_cell *
l2pc_table_cell(const struct l2pc_table *table, u32 index)
{
	return (const struct l2pc_cell *)table + index;
}

/* Walk all cells of a table, empty ones included; l2pc_table_none has none. */
#define l2pc_table_for_each(table, index, cell)				\
	for ((index) = L2PC_HEADER_CELLS;				\
	     (index) < l2pc_table_cells(table) &&			\
	     ((cell) = l2pc_table_cell(table, index), true);		\
	     (index) = l2pc_walk_next(index))

#endif /* L2PC_TABLE_H */
