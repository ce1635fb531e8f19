// SPDX-License-Identifier: GPL-2.0
/*
 * The layout of the module itself: kmod/engine/table.c, with a table for each CPU.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdlib.h>

#include "layout.h"

static void nothing(struct l2pc_writers *unused)
{
	(void)unused;
}

static const struct l2pc_writers_ops ops = {
	.request_spare = nothing,
	.request_scan = nothing,
};

/* Give each CPU a table of the size that window.c chooses for so many stations. */
static void writers_alloc(struct l2pc_writers *writers, u32 stations)
{
	unsigned int i;

	if (l2pc_writers_alloc(writers, 8, L2PC_MAX_STATIONS_MAX, &ops))
		abort();
	for_each_possible_cpu(i) {
		struct l2pc_table *table;

		table = l2pc_table_alloc(writers, l2pc_table_bits_for(writers, stations), 0);
		l2pc_table_link(table, NULL);
		per_cpu_ptr(writers->percpu, i)->active = table;
	}
}

static u64 writers_packets(const struct l2pc_writers *writers)
{
	struct l2pc_cell copy;
	u64 packets = 0;
	unsigned int i;

	for_each_possible_cpu(i) {
		const struct l2pc_writer *writer = per_cpu_ptr(writers->percpu, i);
		const struct l2pc_table *table;
		const struct l2pc_cell *cell;
		u32 index;

		for (table = writer->active; table; table = table->older)
			l2pc_table_for_each(table, index, cell)
				if (l2pc_cell_read(writer, cell, &copy))
					packets += copy.packets;
		packets += writer->rx.untracked_packets;
	}
	return packets;
}

/* The layout with an RX handler. */
static struct l2pc_writers cells;

static void cells_alloc(u32 stations)
{
	writers_alloc(&cells, stations);
}

static void cells_run(const u64 *keys, u32 frames)
{
	u32 i;

	for (i = 0; i < frames; i++)
		l2pc_writer_count(&cells, keys[i], 1, FRAME_BYTES);
}

static u64 cells_packets(void)
{
	return writers_packets(&cells);
}

static void cells_free(void)
{
	l2pc_writers_free(&cells);
}

const struct layout layout_cells = {
	.name = "table.c",
	.alloc = cells_alloc,
	.run = cells_run,
	.packets = cells_packets,
	.free = cells_free,
};

/*
 * The layout with a tap. The kernel takes a reference to each skb for the tap, which the
 * tap drops. The reference counter's cache line is in this CPU's cache, where the kernel
 * has just used the skb, and no other CPU uses it.
 */
#define SKBS	64U

static struct skb {
	unsigned int users;
} __attribute__((aligned(64))) skbs[NATIVE_CPUS][SKBS];

static struct l2pc_writers tap;

static void tap_alloc(u32 stations)
{
	writers_alloc(&tap, stations);
}

static void tap_run(const u64 *keys, u32 frames)
{
	u32 i;

	for (i = 0; i < frames; i++) {
		struct skb *skb = &skbs[cpu][i % SKBS];

		/* refcount_inc() in deliver_skb(), atomic_dec_and_test() in the tap. */
		if ((int)__atomic_fetch_add(&skb->users, 1, __ATOMIC_RELAXED) < 0)
			abort();
		if (__atomic_sub_fetch(&skb->users, 1, __ATOMIC_SEQ_CST))
			abort();
		l2pc_writer_count(&tap, keys[i], 1, FRAME_BYTES);
	}
}

static u64 tap_packets(void)
{
	return writers_packets(&tap);
}

static void tap_free(void)
{
	l2pc_writers_free(&tap);
}

const struct layout layout_tap = {
	.name = "tap",
	.alloc = tap_alloc,
	.run = tap_run,
	.packets = tap_packets,
	.free = tap_free,
};
