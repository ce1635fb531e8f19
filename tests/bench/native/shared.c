// SPDX-License-Identifier: GPL-2.0
/*
 * One hash table for all CPUs, with chains, as many as stations. Its entries have
 * atomic counters, or counters of every CPU's own elsewhere.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdlib.h>

#include "layout.h"

struct counts {
	u64 packets;
	u64 bytes;
};

/* Half a cache line each, as a slab would place them. */
struct entry {
	struct entry *next;
	u64 key;
	union {
		struct counts shared;
		struct counts *percpu[NATIVE_CPUS];
	};
};

static struct entry **chains, *entries;
static struct counts *counts[NATIVE_CPUS];
static u64 seed[2] = { 0x243f6a8885a308d3ULL, 0x93198a2e03707345ULL };
static u32 mask, room, used;
static int lock;

static __always_inline struct entry **chain_of(u64 key)
{
	return &chains[(u32)(l2pc_hash(seed, key) >> 5) & mask];
}

static noinline struct entry *entry_new(struct entry **chain, u64 key)
{
	struct entry *entry;
	unsigned int i;

	while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE))
		;
	for (entry = *chain; entry && entry->key != key; entry = entry->next)
		;
	if (!entry) {
		if (used == room)
			abort();
		entry = &entries[used];
		entry->key = key;
		if (counts[0])
			for_each_possible_cpu(i)
				entry->percpu[i] = &counts[i][used];
		used++;
		entry->next = *chain;
		__atomic_store_n(chain, entry, __ATOMIC_RELEASE);
	}
	__atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
	return entry;
}

static __always_inline struct entry *entry_of(u64 key)
{
	struct entry **chain = chain_of(key);
	struct entry *entry;

	for (entry = READ_ONCE(*chain); entry; entry = READ_ONCE(entry->next))
		if (entry->key == key)
			return entry;
	return entry_new(chain, key);
}

static void atomics_run(const u64 *keys, u32 frames)
{
	u32 i;

	for (i = 0; i < frames; i++) {
		struct entry *entry = entry_of(keys[i]);

		__atomic_fetch_add(&entry->shared.packets, 1, __ATOMIC_RELAXED);
		__atomic_fetch_add(&entry->shared.bytes, FRAME_BYTES, __ATOMIC_RELAXED);
	}
}

static void percpu_run(const u64 *keys, u32 frames)
{
	unsigned int own = cpu;
	u32 i;

	for (i = 0; i < frames; i++) {
		struct counts *to = entry_of(keys[i])->percpu[own];

		WRITE_ONCE(to->packets, to->packets + 1);
		WRITE_ONCE(to->bytes, to->bytes + FRAME_BYTES);
	}
}

static void atomics_alloc(u32 stations)
{
	for (mask = 1; mask < stations; mask <<= 1)
		;
	chains = native_zeroed(mask * sizeof(*chains));
	mask--;
	entries = native_zeroed(stations * sizeof(*entries));
	room = stations;
	used = 0;
}

static void percpu_alloc(u32 stations)
{
	unsigned int i;

	atomics_alloc(stations);
	for_each_possible_cpu(i)
		counts[i] = native_zeroed(stations * sizeof(struct counts));
}

static u64 atomics_packets(void)
{
	u64 packets = 0;
	u32 i;

	for (i = 0; i < used; i++)
		packets += entries[i].shared.packets;
	return packets;
}

static u64 percpu_packets(void)
{
	u64 packets = 0;
	unsigned int i;
	u32 j;

	for_each_possible_cpu(i)
		for (j = 0; j < used; j++)
			packets += counts[i][j].packets;
	return packets;
}

static void shared_free(void)
{
	unsigned int i;

	for_each_possible_cpu(i) {
		free(counts[i]);
		counts[i] = NULL;
	}
	free(entries);
	free(chains);
}

const struct layout layout_atomics = {
	.name = "atomics",
	.alloc = atomics_alloc,
	.run = atomics_run,
	.packets = atomics_packets,
	.free = shared_free,
};

const struct layout layout_percpu = {
	.name = "per CPU",
	.alloc = percpu_alloc,
	.run = percpu_run,
	.packets = percpu_packets,
	.free = shared_free,
};
