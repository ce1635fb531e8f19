// SPDX-License-Identifier: GPL-2.0
/*
 * Sums: stations and what has no station, over some time.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/percpu.h>
#include <linux/string.h>

#include "sums.h"

/**
 * l2pc_counters_add() - add counters to others
 * @to: the sum
 * @from: what is added
 */
void l2pc_counters_add(struct l2pc_counters *to,
		       const struct l2pc_counters *from)
{
	unsigned int i;

	to->untracked_packets += from->untracked_packets;
	to->untracked_bytes += from->untracked_bytes;
	to->forgotten_packets += from->forgotten_packets;
	to->forgotten_bytes += from->forgotten_bytes;
	for (i = 0; i < L2PC_SKIPPED_REASONS; i++)
		to->skipped[i] += from->skipped[i];
	to->malformed += from->malformed;
}

/**
 * l2pc_counters_sub() - subtract counters from others
 * @from: the difference; an earlier reading of the same counters is never more
 * @what: what is subtracted
 */
void l2pc_counters_sub(struct l2pc_counters *from,
		       const struct l2pc_counters *what)
{
	unsigned int i;

	from->untracked_packets -= what->untracked_packets;
	from->untracked_bytes -= what->untracked_bytes;
	from->forgotten_packets -= what->forgotten_packets;
	from->forgotten_bytes -= what->forgotten_bytes;
	for (i = 0; i < L2PC_SKIPPED_REASONS; i++)
		from->skipped[i] -= what->skipped[i];
	from->malformed -= what->malformed;
}

/**
 * l2pc_counters_read() - what the writers' own counters stand at
 * @writers: the port's writers, counting meanwhile
 *
 * Context: process.
 * Return: the sum over all CPUs. They only ever grow.
 */
struct l2pc_counters l2pc_counters_read(const struct l2pc_writers *writers)
{
	struct l2pc_counters sum = {};
	unsigned int i;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct l2pc_writer *writer =
			per_cpu_ptr(writers->percpu, cpu);

		sum.untracked_packets +=
			l2pc_counter_read(writer, &writer->untracked_packets);
		sum.untracked_bytes +=
			l2pc_counter_read(writer, &writer->untracked_bytes);
		for (i = 0; i < L2PC_SKIPPED_REASONS; i++)
			sum.skipped[i] +=
				l2pc_counter_read(writer, &writer->skipped[i]);
		sum.malformed += l2pc_counter_read(writer, &writer->malformed);
	}
	return sum;
}

/**
 * l2pc_sums_init() - nothing counted yet; allocates nothing
 * @sums: filled in
 * @hash_key: the hash key
 */
void l2pc_sums_init(struct l2pc_sums *sums, const u64 hash_key[2])
{
	memset(sums, 0, sizeof(*sums));
	l2pc_archive_init(&sums->stations, hash_key);
}

/**
 * l2pc_sums_untracked() - count what a station has without the station
 * @sums: the sums
 * @station: for which there is no place
 */
void l2pc_sums_untracked(struct l2pc_sums *sums,
			 const struct l2pc_station *station)
{
	sums->counters.untracked_packets += station->packets;
	sums->counters.untracked_bytes += station->bytes;
}

/**
 * l2pc_sums_evict() - the same for a station that had a place and leaves it
 * @sums: the sums
 * @station: the one that leaves; to be taken out by the caller
 */
void l2pc_sums_evict(struct l2pc_sums *sums,
		      const struct l2pc_station *station)
{
	l2pc_sums_untracked(sums, station);
	sums->counters.forgotten_packets += station->packets;
	sums->counters.forgotten_bytes += station->bytes;
}

/**
 * l2pc_sums_total() - add everything up
 * @sums: the sums
 *
 * Return: the totals, without window and moments.
 */
struct l2pc_totals l2pc_sums_total(const struct l2pc_sums *sums)
{
	struct l2pc_totals totals = {
		.packets = sums->counters.untracked_packets,
		.bytes = sums->counters.untracked_bytes,
		.stations = sums->stations.used,
		.counters = sums->counters,
	};
	const struct l2pc_station *station;
	u32 index;

	l2pc_archive_for_each(&sums->stations, index, station) {
		totals.packets += station->packets;
		totals.bytes += station->bytes;
	}
	return totals;
}
