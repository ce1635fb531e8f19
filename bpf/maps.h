/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tables in maps of a map, writers in an array: for kernels without an arena, from 5.10.
 * Copyright (C) the l2packet_counter authors
 *
 * A table is an array map whose elements are chunks of cells. The process maps it at the
 * address of its slot, so that pointers to tables are the process's, and tell the slot.
 * The program follows them by lookups, and never stores one: such a kernel may have no
 * atomic exchange (before 5.12). So the process switches tables, and this program requests
 * it when half of a table is claimed.
 */
#ifndef L2PC_BPF_MAPS_H
#define L2PC_BPF_MAPS_H

#include "layout.h"
#include "shared.h"

/* Made by the process: element 0 has the settings, and the writers follow. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(u32));
	__uint(value_size, L2PC_BPF_STRIDE);
} writers SEC(".maps");

/* Made by the process. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(u32));
	__array(values, struct {
		__uint(type, BPF_MAP_TYPE_ARRAY);
		__uint(map_flags, BPF_F_MMAPABLE | BPF_F_INNER_MAP);
		__uint(max_entries, 1);
		__uint(key_size, sizeof(u32));
		__uint(value_size, L2PC_BPF_CHUNK);
	});
} tables SEC(".maps");

#define memory_name()	((void)0)

/* The verifier has every lookup checked. None fails, but on memory that is not there. */
#define missing(pointer)	(!(pointer))

/* Pairs of cells that one function searches, and the number of times that it is called. */
#define SEARCH_PAIRS	64
#define SEARCHES	64

/* The bit of table_search() that says: search on from there. */
#define SEARCH_ON	(1ULL << 32)

/* How a table is referred to: by the process's address. */
typedef u64 table_ref;

static __always_inline struct l2pc_bpf_port *port_settings(void)
{
	u32 index = 0;

	return bpf_map_lookup_elem(&writers, &index);
}

static __always_inline struct l2pc_writer *writer_here(void)
{
	u32 index = 1 + bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&writers, &index);
}

static __always_inline void *table_map(table_ref table)
{
	u32 slot = (table - l2pc_config.slots) >> L2PC_BPF_SLOT_SHIFT;

	return bpf_map_lookup_elem(&tables, &slot);
}

static __always_inline void *table_chunk(void *map, u32 offset)
{
	u32 index = offset / L2PC_BPF_CHUNK;

	return bpf_map_lookup_elem(map, &index);
}

/* The cell at an offset of a table, of which its chunk was looked up. */
static __always_inline struct l2pc_cell *chunk_at(void *chunk, u32 offset)
{
	return chunk + (offset & (L2PC_BPF_CHUNK - sizeof(struct l2pc_cell)));
}

static __always_inline struct l2pc_table *table_head(table_ref table)
{
	void *map = table_map(table);

	return map ? table_chunk(map, 0) : 0;
}

static __always_inline struct l2pc_cell *table_at(table_ref table, u32 offset)
{
	void *map = table_map(table), *chunk;

	chunk = map ? table_chunk(map, offset) : 0;
	return chunk ? chunk_at(chunk, offset) : 0;
}

/*
 * Store a cell's key, after everything else. Without a barrier a CPU other than x86 may
 * show the key before the counts: the next l2pc_cell_read() sees the frame. Or before the
 * timestamps: that fills them in. A grace period comes before a table is folded.
 */
static __always_inline void cell_publish(struct l2pc_cell *cell, u64 key)
{
	barrier();
	WRITE_ONCE(cell->key, key);
}

/*
 * Search some pairs from an offset on. The verifier walks a function of numbers that is
 * not static once, and not for each call. Returns what table_probe() does, or the offset
 * of the next pair with SEARCH_ON.
 */
noinline u64 table_search(u64 table, u64 key, u32 offset)
{
	void *map = table_map(table), *chunk;
	struct l2pc_table *head;
	u64 found;
	u32 i, mask;

	head = map ? table_chunk(map, 0) : 0;
	if (!head)
		return NOWHERE;
	mask = head->offset_mask;
	for (i = 0; i < SEARCH_PAIRS; i++) {
		chunk = table_chunk(map, offset);
		if (!chunk)
			return NOWHERE;
		found = chunk_at(chunk, offset)->key;
		if (found == key || !found)
			return offset;
		offset = table_mate(offset);
		found = chunk_at(chunk, offset)->key;
		if (found == key || !found)
			return offset;
		offset = (table_mate(offset) + 2 * sizeof(struct l2pc_cell)) & mask;
	}
	return SEARCH_ON | offset;
}

/* Find a key's cell, or the empty cell to claim for it. Returns its offset, or NOWHERE. */
noinline u32 table_probe(u64 table, u64 key)
{
	struct l2pc_table *head = table_head(table);
	u64 at;
	u32 i;

	if (!head)
		return NOWHERE;
	at = l2pc_hash(head->hash_key, key) & head->offset_mask;
	for (i = 0; i < SEARCHES; i++) {
		at = table_search(table, key, (u32)at);
		if (!(at & SEARCH_ON))
			return (u32)at;
	}
	return NOWHERE;
}

#endif /* L2PC_BPF_MAPS_H */
