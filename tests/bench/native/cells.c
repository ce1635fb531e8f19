// SPDX-License-Identifier: GPL-2.0
/*
 * The module's own: kmod/table.c, a table for each CPU.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdlib.h>

#include "layout.h"

static struct l2pc_writers writers;

static void nothing(struct l2pc_writers *unused)
{
	(void)unused;
}

static const struct l2pc_writers_ops ops = { .wanted = nothing, .news = nothing };

/* Each CPU's table has the size that window.c gives it for so many stations. */
static void cells_alloc(u32 stations)
{
	unsigned int i;

	if (l2pc_writers_alloc(&writers, 8, L2PC_MAX_STATIONS_MAX, &ops))
		abort();
	for_each_possible_cpu(i) {
		struct l2pc_table *table;

		table = l2pc_table_alloc(&writers, l2pc_table_bits_for(&writers, stations), 0);
		l2pc_table_link(table, NULL);
		per_cpu_ptr(writers.percpu, i)->active = table;
	}
}

static void cells_run(const u64 *keys, u32 frames)
{
	u32 i;

	for (i = 0; i < frames; i++)
		l2pc_writer_count(&writers, keys[i], 1, FRAME_BYTES);
}

static u64 cells_packets(void)
{
	struct l2pc_cell copy;
	u64 packets = 0;
	unsigned int i;

	for_each_possible_cpu(i) {
		const struct l2pc_writer *writer = per_cpu_ptr(writers.percpu, i);
		const struct l2pc_table *table;
		const struct l2pc_cell *cell;
		u32 index;

		for (table = writer->active; table; table = table->older)
			l2pc_table_for_each(table, index, cell)
				if (l2pc_cell_read(writer, cell, &copy))
					packets += copy.packets;
		packets += writer->untracked_packets;
	}
	return packets;
}

static void cells_free(void)
{
	l2pc_writers_free(&writers);
}

const struct layout layout_cells = {
	.name = "table.c",
	.alloc = cells_alloc,
	.run = cells_run,
	.packets = cells_packets,
	.free = cells_free,
};
