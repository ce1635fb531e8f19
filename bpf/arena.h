/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tables and writers in an arena, which the program reaches by pointers: from Linux 6.10.
 * Copyright (C) the l2packet_counter authors
 *
 * The program switches tables itself, by atomic exchanges.
 */
#ifndef L2PC_BPF_ARENA_H
#define L2PC_BPF_ARENA_H

#include "layout.h"
#include "shared.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARENA);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
} arena SEC(".maps");

/* A program has the arena only if it names it. */
#define memory_name()	asm volatile("" : : "r" (&arena))

/* Pointers in the arena are never NULL. */
#define missing(pointer)	((void)(pointer), false)

/* Atomic, with full barriers. Both are pointers in the arena. */
#define exchange_if(pointer, old, new)							\
	((typeof(*(pointer)))__sync_val_compare_and_swap((u64 L2PC_ARENA *)(pointer),	\
							 (u64)(old), (u64)(new)))

/* The condition of a loop that ends by itself: may_goto, Linux 6.9. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define MAY_GOTO ".byte 0xe5; .byte 0; .long ((%l[out] - 1b - 8) / 8) & 0xffff; .short 0"
#else
#define MAY_GOTO ".byte 0xe5; .byte 0; .long (((%l[out] - 1b - 8) / 8) & 0xffff) << 16; .short 0"
#endif
#define can_loop ({							\
	__label__ out, in;						\
	bool more = true;						\
									\
	asm volatile goto("1: " MAY_GOTO : : : : out);			\
	goto in;							\
out:									\
	more = false;							\
in:									\
	more;								\
})

/* How a table is referred to. */
typedef struct l2pc_table L2PC_ARENA *table_ref;

static __always_inline struct l2pc_bpf_port L2PC_ARENA *port_settings(void)
{
	return (struct l2pc_bpf_port L2PC_ARENA *)l2pc_config.port;
}

static __always_inline struct l2pc_writer L2PC_ARENA *writer_here(void)
{
	u32 offset = bpf_get_smp_processor_id() * L2PC_BPF_STRIDE;

	return (struct l2pc_writer L2PC_ARENA *)(l2pc_config.writers + offset);
}

static __always_inline struct l2pc_table L2PC_ARENA *table_head(table_ref table)
{
	return table;
}

static __always_inline struct l2pc_cell L2PC_ARENA *table_at(table_ref table, u32 offset)
{
	return (struct l2pc_cell L2PC_ARENA *)((void L2PC_ARENA *)table + offset);
}

/* Store a cell's key, after everything else. A full barrier: pairs with l2pc_cell_read(). */
static __always_inline void cell_publish(struct l2pc_cell L2PC_ARENA *cell, u64 key)
{
	exchange_if(&cell->key, 0, key);
}

/* Find a key's cell, or the empty cell to claim for it. Returns its offset, or NOWHERE. */
static noinline u32 table_probe(table_ref table, u64 key)
{
	u32 offset = l2pc_hash(table->hash_key, key) & table->offset_mask;
	u64 found, mate;

	/* A table always has an empty cell. */
	while (can_loop) {
		found = table_at(table, offset)->key;
		if (found == key || !found)
			return offset;
		offset = table_mate(offset);
		mate = table_at(table, offset)->key;
		if (mate == key || !mate)
			return offset;
		offset = table_next(table, table_mate(offset));
	}
	return NOWHERE;
}

#endif /* L2PC_BPF_ARENA_H */
