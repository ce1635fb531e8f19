// SPDX-License-Identifier: GPL-2.0
/*
 * Sums: counts of a period, by station and without a station.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/percpu.h>
#include <linux/string.h>

#include "sums.h"

/**
 * l2pc_counters_add() - add counters
 * @to: the sum
 * @from: the counters to add
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
 * l2pc_counters_sub() - subtract counters
 * @from: the difference
 * @earlier: the counters to subtract: an earlier reading, so never larger
 */
void l2pc_counters_sub(struct l2pc_counters *from,
		       const struct l2pc_counters *earlier)
{
	unsigned int i;

	from->untracked_packets -= earlier->untracked_packets;
	from->untracked_bytes -= earlier->untracked_bytes;
	from->forgotten_packets -= earlier->forgotten_packets;
	from->forgotten_bytes -= earlier->forgotten_bytes;
	for (i = 0; i < L2PC_SKIPPED_REASONS; i++)
		from->skipped[i] -= earlier->skipped[i];
	from->malformed -= earlier->malformed;
}

static void counters_add_cpu(struct l2pc_counters *sum, const struct l2pc_writer *writer,
			     const struct l2pc_writer_counters *of)
{
	unsigned int i;

	sum->untracked_packets += l2pc_counter_read(writer, &of->untracked_packets);
	sum->untracked_bytes += l2pc_counter_read(writer, &of->untracked_bytes);
	for (i = 0; i < L2PC_SKIPPED_REASONS; i++)
		sum->skipped[i] += l2pc_counter_read(writer, &of->skipped[i]);
	sum->malformed += l2pc_counter_read(writer, &of->malformed);
}

/**
 * l2pc_counters_read() - read the writers' own counters of received frames
 * @writers: the port's writers, which may be counting
 *
 * Context: process.
 * Return: the sum over all CPUs. Each counter only ever grows.
 */
struct l2pc_counters l2pc_counters_read(const struct l2pc_writers *writers)
{
	struct l2pc_counters sum = {};
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct l2pc_writer *writer = per_cpu_ptr(writers->percpu, cpu);

		counters_add_cpu(&sum, writer, &writer->rx);
	}
	return sum;
}

/**
 * l2pc_counters_read_tx() - read the writers' own counters of sent frames
 * @writers: the port's writers, which may be counting
 *
 * Context: process.
 * Return: the sum over all CPUs. Each counter only ever grows.
 */
struct l2pc_counters l2pc_counters_read_tx(const struct l2pc_writers *writers)
{
	struct l2pc_counters sum = {};
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct l2pc_writer *writer = per_cpu_ptr(writers->percpu, cpu);

		counters_add_cpu(&sum, writer, &writer->tx);
	}
	return sum;
}

/**
 * l2pc_sums_init() - initialise empty sums, without allocating
 * @sums: filled in
 * @hash_key: the hash key
 */
void l2pc_sums_init(struct l2pc_sums *sums, const u64 hash_key[2])
{
	memset(sums, 0, sizeof(*sums));
	l2pc_archive_init(&sums->stations, hash_key);
}

/**
 * l2pc_sums_untracked() - count a station's frames as untracked
 * @sums: the sums
 * @station: a station without a slot
 */
void l2pc_sums_untracked(struct l2pc_sums *sums,
			 const struct l2pc_station *station)
{
	sums->counters.untracked_packets += station->packets;
	sums->counters.untracked_bytes += station->bytes;
	sums->tx_counters.untracked_packets += station->tx_packets;
	sums->tx_counters.untracked_bytes += station->tx_bytes;
}

/**
 * l2pc_sums_evict() - count a leaving station's frames as untracked and forgotten
 * @sums: the sums
 * @station: the station; the caller removes it
 */
void l2pc_sums_evict(struct l2pc_sums *sums, const struct l2pc_station *station)
{
	l2pc_sums_untracked(sums, station);
	sums->counters.forgotten_packets += station->packets;
	sums->counters.forgotten_bytes += station->bytes;
	sums->tx_counters.forgotten_packets += station->tx_packets;
	sums->tx_counters.forgotten_bytes += station->tx_bytes;
}

/**
 * l2pc_sums_total() - compute totals
 * @sums: the sums
 *
 * Return: the totals; the window's number and its times are 0.
 */
struct l2pc_totals l2pc_sums_total(const struct l2pc_sums *sums)
{
	struct l2pc_totals totals = {
		.packets = sums->counters.untracked_packets,
		.bytes = sums->counters.untracked_bytes,
		.stations = sums->stations.used,
		.counters = sums->counters,
		.tx_packets = sums->tx_counters.untracked_packets,
		.tx_bytes = sums->tx_counters.untracked_bytes,
		.tx_counters = sums->tx_counters,
	};
	const struct l2pc_station *station;
	u32 index;

	l2pc_archive_for_each(&sums->stations, index, station) {
		totals.packets += station->packets;
		totals.bytes += station->bytes;
		totals.tx_packets += station->tx_packets;
		totals.tx_bytes += station->tx_bytes;
	}
	return totals;
}
