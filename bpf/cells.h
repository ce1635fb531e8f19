/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Find and claim cells in the tables of a CPU: what kmod/engine/writer.c does in the
 * module, for a program that cannot allocate.
 * Copyright (C) the l2packet_counter authors
 *
 * The rules of kmod/engine/table.h hold: only the CPU that owns a table writes its cells,
 * and tables leave the active pointer by a single exchange. The process of tools/run is
 * the reader and the other switcher.
 */
#ifndef L2PC_BPF_CELLS_H
#define L2PC_BPF_CELLS_H

#include "hash.h"
#include "layout.h"
#include "shared.h"

#define barrier() asm volatile("" ::: "memory")

#define READ_ONCE(x)		(*(volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, value)	(*(volatile typeof(x) *)&(x) = (value))

const volatile struct l2pc_bpf_config l2pc_config;

/* The process sleeps on this. What it is to do is in the writers. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} wake SEC(".maps");

/* A search that ended before it found the key or an empty cell. */
#define NOWHERE		1U

static __always_inline u32 table_mate(u32 offset)
{
	return offset ^ sizeof(struct l2pc_cell);
}

static __always_inline u32 table_next(struct l2pc_table L2PC_ARENA *table, u32 offset)
{
	return (offset + 2 * sizeof(struct l2pc_cell)) & table->offset_mask;
}

#ifdef L2PC_BPF_MAPS
#include "maps.h"
#else
#include "arena.h"
#endif

static __always_inline void process_wake(void)
{
	u32 nothing = 0;

	bpf_ringbuf_output(&wake, &nothing, sizeof(nothing), BPF_RB_FORCE_WAKEUP);
}

/* Request a bigger table, once in a jiffy. */
static __always_inline void request_spare(struct l2pc_writer L2PC_ARENA *writer)
{
	u32 now = (u32)bpf_jiffies64();

	if (writer->spare_wanted_at == now)
		return;
	writer->spare_wanted_at = now;
	WRITE_ONCE(writer->spare_wanted, true);
	process_wake();
}

/* Request a scan, once until the next one starts. */
static __always_inline void request_scan(struct l2pc_writer L2PC_ARENA *writer)
{
	if (READ_ONCE(writer->scan_pending))
		return;
	WRITE_ONCE(writer->scan_pending, true);
	process_wake();
}

static __always_inline void cell_add(struct l2pc_cell L2PC_ARENA *cell, u32 packets,
				     u32 bytes)
{
	cell->packets += packets;
	cell->bytes += bytes;
	cell->last_seen = (u32)bpf_jiffies64();
}

/* Get the maximum number of cells of a table. */
static __always_inline u32 port_max_cells(void)
{
	struct l2pc_bpf_port L2PC_ARENA *port = port_settings();

	return missing(port) ? 0 : READ_ONCE(port->max_cells);
}

static __always_inline bool table_is_biggest(struct l2pc_table L2PC_ARENA *table)
{
	return table->soft_limit >= port_max_cells();
}

/* As l2pc_table_hard_limit(). */
static __always_inline u32 table_hard_limit(struct l2pc_table L2PC_ARENA *table)
{
	u32 cells = 1U << (table->bits & 31), soft = table->soft_limit, most;

	if (!table->bits || soft < L2PC_SOFT_LIMIT(cells))
		return soft;
	most = port_max_cells();
	if (most < soft)
		most = soft;
	return most < L2PC_HARD_LIMIT(cells) ? most : L2PC_HARD_LIMIT(cells);
}

#ifdef L2PC_BPF_MAPS

/* The process switches tables: see maps.h. */
static __always_inline table_ref writer_grow(struct l2pc_writer *writer,
					     table_ref full)
{
	struct l2pc_table *head = table_head(full);

	if (head && !table_is_biggest(head))
		request_spare(writer);
	return 0;
}

/* Whether there is work for the process on the tables of a CPU. */
static __always_inline bool writer_wants(struct l2pc_writer *writer, struct l2pc_table *table,
					 u32 used)
{
	return !READ_ONCE(writer->spare) || used >= L2PC_BPF_SWITCH_AT(table->soft_limit);
}

#else

/* Keep a table that is of no use. The process frees it, which nobody else can. */
static __always_inline void table_discard(struct l2pc_writer L2PC_ARENA *writer,
					  struct l2pc_table L2PC_ARENA *table)
{
	struct l2pc_table L2PC_ARENA *first = READ_ONCE(writer->discarded);

	table->older = first;
	if (exchange_if(&writer->discarded, first, table) == first)
		return;
	/* The process took the list, and only this CPU appends to it: it is empty. */
	table->older = 0;
	exchange_if(&writer->discarded, 0, table);
}

/*
 * Switch from a full table to the spare. Returns the active table, which is a third one
 * when the process switched first, or 0: there is no bigger one yet.
 */
static noinline struct l2pc_table L2PC_ARENA *
writer_grow(struct l2pc_writer L2PC_ARENA *writer, struct l2pc_table L2PC_ARENA *full)
{
	struct l2pc_table L2PC_ARENA *next = READ_ONCE(writer->spare), *active;

	if (table_is_biggest(full))
		return 0;
	if (!next || exchange_if(&writer->spare, next, 0) != next) {
		request_spare(writer);
		return 0;
	}
	if (next->soft_limit <= full->soft_limit) {
		/* The spare was made for an earlier table. */
		table_discard(writer, next);
		request_spare(writer);
		return 0;
	}
	/* As l2pc_table_link(); a table that is always full is not kept. */
	next->older = full->bits ? full : 0;
	next->depth = 1 + (full->bits ? full->depth : 0);
	next->chain_cells = (1U << (next->bits & 31)) + (full->bits ? full->chain_cells : 0);
	/* Pairs with l2pc_fold_chain(): header and cells of @next come first. */
	active = exchange_if(&writer->active, full, next);
	if (active == full)
		return next;
	next->older = 0;
	table_discard(writer, next);
	return active;
}

/* Whether there is work for the process on the tables of a CPU. */
static __always_inline bool writer_wants(struct l2pc_writer L2PC_ARENA *writer,
					 struct l2pc_table L2PC_ARENA *table, u32 used)
{
	(void)table, (void)used;
	return !READ_ONCE(writer->spare);
}

#endif

/* Find a key's cell in the older tables. The owner still counts there. */
static noinline struct l2pc_cell L2PC_ARENA *writer_find_older(table_ref table, u64 key)
{
	struct l2pc_table L2PC_ARENA *head;
	struct l2pc_cell L2PC_ARENA *cell;
	u32 offset, i;

	for (i = 0; i < L2PC_DEPTH_MAX; i++) {
		head = table_head(table);
		if (missing(head))
			break;
		table = (table_ref)READ_ONCE(head->older);
		if (!table)
			break;
		offset = table_probe(table, key);
		if (offset == NOWHERE)
			continue;
		cell = table_at(table, offset);
		if (!missing(cell) && cell->key == key)
			return cell;
	}
	return 0;
}

static __always_inline void writer_untracked(struct l2pc_writer L2PC_ARENA *writer, u64 key,
					     u32 packets, u32 bytes)
{
	if (key & L2PC_KEY_TX) {
		writer->tx.untracked_packets += packets;
		writer->tx.untracked_bytes += bytes;
	} else {
		writer->rx.untracked_packets += packets;
		writer->rx.untracked_bytes += bytes;
	}
	request_scan(writer);
}

/* Times that a frame switches tables: to the spare, to one by the process, and once more. */
#define SWITCHES_MAX	3

/* Count the frames of a station that has no cell in the active table: it is rare. */
static noinline __attribute__((__unused__)) int writer_claim(u64 key, u32 packets, u32 bytes)
{
	struct l2pc_writer L2PC_ARENA *writer = writer_here();
	struct l2pc_table L2PC_ARENA *head;
	struct l2pc_cell L2PC_ARENA *cell;
	table_ref table, next;
	u32 offset, used, now, i;

	if (missing(writer))
		return 0;
	table = (table_ref)READ_ONCE(writer->active);
	for (i = 0;; i++) {
		offset = table_probe(table, key);
		cell = table_at(table, offset);
		head = table_head(table);
		if (missing(head) || missing(cell)) {
			writer_untracked(writer, key, packets, bytes);
			return 0;
		}
		if (offset != NOWHERE && cell->key == key) {
			cell_add(cell, packets, bytes);
			return 0;
		}
		used = head->used;
		if (used < head->soft_limit || i == SWITCHES_MAX)
			break;
		next = writer_grow(writer, table);
		if (!next)
			break;
		table = next;
	}
	if (used >= table_hard_limit(head) || offset == NOWHERE) {
		cell = writer_find_older(table, key);
		if (cell)
			cell_add(cell, packets, bytes);
		else
			writer_untracked(writer, key, packets, bytes);
		return 0;
	}
	now = (u32)bpf_jiffies64();
	cell->packets = packets;
	cell->bytes = bytes;
	cell->first_seen = now;
	cell->last_seen = now;
	cell_publish(cell, key);
	WRITE_ONCE(head->used, used + 1);
	request_scan(writer);
	if (used >= head->soft_limit >> L2PC_SPARE_SHIFT && !table_is_biggest(head) &&
	    writer_wants(writer, head, used))
		request_spare(writer);
	return 0;
}

/*
 * Pairs of cells that are searched inline. The verifier walks through each, and through
 * what follows: more pairs are searched in a loop that it need not unroll.
 */
#define PAIRS_INLINE	8

#ifdef L2PC_BPF_MAPS

/* Count frames of a station that has a cell. False: it is for writer_claim(). */
static __always_inline bool writer_count(struct l2pc_writer *writer, u64 key, u32 packets,
					 u32 bytes)
{
	struct l2pc_cell *cell, *mate;
	struct l2pc_table *head;
	void *map, *chunk;
	u32 offset;

	if (missing(writer))
		return false;
	/* Pairs with the exchanges that publish a table: an address dependency. */
	map = table_map((table_ref)READ_ONCE(writer->active));
	head = map ? table_chunk(map, 0) : 0;
	if (missing(head))
		return false;
	offset = l2pc_hash(head->hash_key, key) & head->offset_mask;
	chunk = table_chunk(map, offset);
	if (missing(chunk))
		return false;
	cell = chunk_at(chunk, offset);
	if (likely(cell->key == key)) {
		cell_add(cell, packets, bytes);
		return true;
	}
	mate = chunk_at(chunk, table_mate(offset));
	if (mate->key != key)
		return false;
	cell_add(mate, packets, bytes);
	return true;
}

#else

/* Count frames of a station that has a cell. False: it is for writer_claim(). */
static __always_inline bool writer_count(struct l2pc_writer L2PC_ARENA *writer, u64 key,
					 u32 packets, u32 bytes)
{
	/* Pairs with the exchanges that publish a table: an address dependency. */
	struct l2pc_table *table = (struct l2pc_table *)READ_ONCE(writer->active);
	u32 offset = l2pc_hash((const u64 L2PC_ARENA *)table->hash_key, key) & table->offset_mask, i;
	struct l2pc_cell *cell = (void *)table + offset;
	u64 found = cell->key, mate;

	if (likely(found == key))
		goto add;
	for (i = 0; i < PAIRS_INLINE; i++) {
		offset = table_mate(offset);
		cell = (void *)table + offset;
		mate = cell->key;
		if (mate == key)
			goto add;
		/* All keys have a bit in common, so that one of these two is empty. */
		if (!(found & mate))
			return false;
		offset = (offset + 2 * sizeof(*cell)) & READ_ONCE(table->offset_mask);
		cell = (void *)table + offset;
		found = cell->key;
		if (found == key)
			goto add;
	}
	return false;
add:
	cell->packets += packets;
	cell->bytes += bytes;
	cell->last_seen = (u32)bpf_jiffies64();
	return true;
}

#endif

#endif /* L2PC_BPF_CELLS_H */
