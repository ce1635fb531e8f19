// SPDX-License-Identifier: GPL-2.0
/*
 * One hash table for all CPUs, with as many chains as stations. Its entries have atomic
 * counters, or separate counters for each CPU outside the entry.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdlib.h>

#include "layout.h"

struct counts {
	u64 packets;
	u64 bytes;
};

/* Half a cache line each, as a slab allocates them. */
struct entry {
	struct entry *next;
	u64 key;
	union {
		struct counts shared;
		struct counts *percpu[NATIVE_CPUS];
	};
};

/* @counts: one counter per entry for each CPU; NULL: the counters are in the entries */
struct table {
	struct entry **chains;
	u64 hash_key[2];
	u32 mask;
	u32 capacity;
	u32 used;
	struct entry *entries;
	struct counts *counts[NATIVE_CPUS];
	int lock;
};

static struct table atomics, percpu;

static noinline struct entry *entry_new(struct table *table, struct entry **chain, u64 key)
{
	struct entry *entry;
	unsigned int i;

	while (__atomic_exchange_n(&table->lock, 1, __ATOMIC_ACQUIRE))
		;
	for (entry = *chain; entry && entry->key != key; entry = entry->next)
		;
	if (!entry) {
		if (table->used == table->capacity)
			abort();
		entry = &table->entries[table->used];
		entry->key = key;
		if (table->counts[0])
			for_each_possible_cpu(i)
				entry->percpu[i] = &table->counts[i][table->used];
		table->used++;
		entry->next = *chain;
		__atomic_store_n(chain, entry, __ATOMIC_RELEASE);
	}
	__atomic_store_n(&table->lock, 0, __ATOMIC_RELEASE);
	return entry;
}

static __always_inline struct entry *entry_of(struct table *table, u64 key)
{
	struct entry **chain =
		&table->chains[(u32)(l2pc_hash(table->hash_key, key) >> 5) & table->mask];
	struct entry *entry;

	for (entry = READ_ONCE(*chain); entry; entry = READ_ONCE(entry->next))
		if (entry->key == key)
			return entry;
	return entry_new(table, chain, key);
}

static void atomics_run(const u64 *keys, u32 frames)
{
	u32 i;

	for (i = 0; i < frames; i++) {
		struct entry *entry = entry_of(&atomics, keys[i]);

		__atomic_fetch_add(&entry->shared.packets, 1, __ATOMIC_RELAXED);
		__atomic_fetch_add(&entry->shared.bytes, FRAME_BYTES, __ATOMIC_RELAXED);
	}
}

static void percpu_run(const u64 *keys, u32 frames)
{
	unsigned int own = cpu;
	u32 i;

	for (i = 0; i < frames; i++) {
		struct counts *to = entry_of(&percpu, keys[i])->percpu[own];

		WRITE_ONCE(to->packets, to->packets + 1);
		WRITE_ONCE(to->bytes, to->bytes + FRAME_BYTES);
	}
}

static void table_alloc(struct table *table, u32 stations)
{
	u32 chains;

	for (chains = 1; chains < stations; chains <<= 1)
		;
	*table = (struct table){
		.chains = native_zeroed(chains * sizeof(*table->chains)),
		.hash_key = { 0x243f6a8885a308d3ULL, 0x93198a2e03707345ULL },
		.mask = chains - 1,
		.capacity = stations,
		.entries = native_zeroed(stations * sizeof(*table->entries)),
	};
}

static void atomics_alloc(u32 stations)
{
	table_alloc(&atomics, stations);
}

static void percpu_alloc(u32 stations)
{
	unsigned int i;

	table_alloc(&percpu, stations);
	for_each_possible_cpu(i)
		percpu.counts[i] = native_zeroed(stations * sizeof(struct counts));
}

static u64 atomics_packets(void)
{
	u64 packets = 0;
	u32 i;

	for (i = 0; i < atomics.used; i++)
		packets += atomics.entries[i].shared.packets;
	return packets;
}

static u64 percpu_packets(void)
{
	u64 packets = 0;
	unsigned int i;
	u32 j;

	for_each_possible_cpu(i)
		for (j = 0; j < percpu.used; j++)
			packets += percpu.counts[i][j].packets;
	return packets;
}

static void table_free(struct table *table)
{
	unsigned int i;

	for_each_possible_cpu(i)
		free(table->counts[i]);
	free(table->entries);
	free(table->chains);
}

static void atomics_free(void)
{
	table_free(&atomics);
}

static void percpu_free(void)
{
	table_free(&percpu);
}

const struct layout layout_atomics = {
	.name = "atomics",
	.alloc = atomics_alloc,
	.run = atomics_run,
	.packets = atomics_packets,
	.free = atomics_free,
};

const struct layout layout_percpu = {
	.name = "per CPU",
	.alloc = percpu_alloc,
	.run = percpu_run,
	.packets = percpu_packets,
	.free = percpu_free,
};
