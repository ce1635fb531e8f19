// SPDX-License-Identifier: GPL-2.0
/*
 * Writers of a port: allocation, without a frame.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/random.h>

#include "writer_alloc.h"

/**
 * l2pc_writers_alloc() - allocate a port's writers, without tables
 * @writers: filled in
 * @first_bits: log2 of the number of cells of a CPU's first table
 * @max_stations: maximum number of stations of a table
 * @ops: where requests go
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int l2pc_writers_alloc(struct l2pc_writers *writers, u8 first_bits,
		       u32 max_stations, const struct l2pc_writers_ops *ops)
{
	int cpu;

	writers->percpu = alloc_percpu(struct l2pc_writer);
	if (!writers->percpu)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		struct l2pc_writer *writer = per_cpu_ptr(writers->percpu, cpu);

		writer->active = l2pc_table_none;
		writer->spare_wanted_at = (u32)jiffies - 1;
		writer->grow_failed_at = (u32)jiffies - 1;
		writer->overflow_failed_at = (u32)jiffies - 1;
		local_lock_init(&writer->lock);
		u64_stats_init(&writer->sync);
	}
	get_random_bytes(writers->hash_key, sizeof(writers->hash_key));
	/* A multiplier needs its lowest and its highest bit. */
	writers->hash_key[1] |= 1ULL << 63 | 1;
	writers->first_bits = clamp_t(u8, first_bits, L2PC_MIN_BITS, L2PC_MAX_BITS);
	writers->tx = false;
	writers->idle = false;
	writers->max_stations = max_stations;
	writers->placeholders = NULL;
	writers->ops = ops;
	return 0;
}

/**
 * l2pc_writers_free() - free a port's writers and all their tables
 * @writers: the port's writers, without a hook
 *
 * Context: process, a grace period after the hook was unregistered.
 */
void l2pc_writers_free(struct l2pc_writers *writers)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct l2pc_writer *writer = per_cpu_ptr(writers->percpu, cpu);
		struct l2pc_table *table = writer->active;

		l2pc_table_free(writer->spare);
		while (table) {
			struct l2pc_table *older = table->older;

			l2pc_table_free(table);
			table = older;
		}
	}
	free_percpu(writers->percpu);
	writers->percpu = NULL;
	kvfree(writers->placeholders);
	writers->placeholders = NULL;
}
