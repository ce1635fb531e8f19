/* SPDX-License-Identifier: GPL-2.0 */
/* Writers of the tests of tables: set up, and the tables of one CPU read. */
#ifndef WRITERS_H
#define WRITERS_H

#include <linux/percpu.h>

#include "engine.h"
#include "sizes.h"

static struct l2pc_writers writers;
static unsigned int spare_wanted;

static inline void request_spare(struct l2pc_writers *from)
{
	CHECK(from == &writers);
	CHECK(shim_self()->softirq);
	spare_wanted++;
}

static const struct l2pc_writers_ops ops = {
	.request_spare = request_spare,
	.request_scan = request_ignore,
};

static inline void setup(u8 first_bits, u32 max_stations)
{
	unit_seed(first_bits + max_stations);
	spare_wanted = 0;
	CHECK_EQ(l2pc_writers_alloc(&writers, first_bits, max_stations, &ops), 0);
}

static inline struct l2pc_writer *writer(int cpu)
{
	return per_cpu_ptr(writers.percpu, cpu);
}

static inline struct l2pc_table *active(int cpu)
{
	return writer(cpu)->active;
}

static inline unsigned int chain_length(int cpu)
{
	const struct l2pc_table *table;
	unsigned int length = 0;

	for (table = active(cpu); table; table = table->older)
		length++;
	return length;
}

/* Add up all cells of the CPU's tables with this key, or with any (0). */
static inline struct l2pc_cell sum(int cpu, u64 key)
{
	struct l2pc_cell total = {}, copy;
	const struct l2pc_table *table;
	const struct l2pc_cell *cell;
	u32 index;

	for (table = active(cpu); table; table = table->older)
		l2pc_table_for_each(table, index, cell) {
			if (!l2pc_cell_read(writer(cpu), cell, &copy))
				continue;
			CHECK(copy.key & L2PC_KEY_MAC_MASK);
			if (key && copy.key != key)
				continue;
			total.key++;
			total.packets += copy.packets;
			total.bytes += copy.bytes;
		}
	return total;
}

static inline u64 untracked(int cpu)
{
	return l2pc_counter_read(writer(cpu), &writer(cpu)->rx.untracked_packets);
}

static inline u32 empty_cells(const struct l2pc_table *table)
{
	const struct l2pc_cell *cell;
	u32 index, empty = 0;

	l2pc_table_for_each(table, index, cell)
		empty += !cell->key;
	return empty;
}

#endif
