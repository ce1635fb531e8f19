/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sums: counts of a period, by station and without a station.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_SUMS_H
#define L2PC_SUMS_H

#include "archive.h"
#include "table.h"

/**
 * struct l2pc_counters - counts without a station, of one direction
 * @untracked_packets: frames counted without a station
 * @untracked_bytes: their bytes
 * @forgotten_packets: the part of @untracked_packets whose station expired, or was
 *	evicted
 * @forgotten_bytes: their bytes
 * @skipped: frames not counted, by enum l2pc_skipped
 * @malformed: frames counted whose offload header contradicts their contents
 */
struct l2pc_counters {
	u64 untracked_packets;
	u64 untracked_bytes;
	u64 forgotten_packets;
	u64 forgotten_bytes;
	u64 skipped[L2PC_SKIPPED_REASONS];
	u64 malformed;
};

/**
 * struct l2pc_sums - counts of a period
 * @stations: counts by station
 * @unknown: number of @stations that are not known, see l2pc_counts.known
 * @refused: a station was refused for want of memory
 * @counters: counts of received frames without a station
 * @tx_counters: counts of sent frames without a station
 */
struct l2pc_sums {
	struct l2pc_archive stations;
	u32 unknown;
	bool refused;
	struct l2pc_counters counters;
	struct l2pc_counters tx_counters;
};

/**
 * struct l2pc_totals - totals of a view
 * @id: number of the window; 0: there was none
 * @opened: start, boot time in nanoseconds
 * @closed: end, boot time in nanoseconds; 0: the window is open
 * @packets: received frames counted, untracked ones included
 * @bytes: their bytes
 * @stations: number of stations, with frames in either direction
 * @counters: counts of received frames without a station
 * @tx_packets: sent frames counted, untracked ones included
 * @tx_bytes: their bytes
 * @tx_counters: counts of sent frames without a station
 */
struct l2pc_totals {
	u64 id;
	u64 opened;
	u64 closed;
	u64 packets;
	u64 bytes;
	u32 stations;
	struct l2pc_counters counters;
	u64 tx_packets;
	u64 tx_bytes;
	struct l2pc_counters tx_counters;
};

void l2pc_counters_add(struct l2pc_counters *to,
		       const struct l2pc_counters *from);
void l2pc_counters_sub(struct l2pc_counters *from,
		       const struct l2pc_counters *earlier);
struct l2pc_counters l2pc_counters_read(const struct l2pc_writers *writers);
struct l2pc_counters l2pc_counters_read_tx(const struct l2pc_writers *writers);
void l2pc_sums_init(struct l2pc_sums *sums, const u64 hash_key[2]);
void l2pc_sums_untracked(struct l2pc_sums *sums,
			 const struct l2pc_station *station);
void l2pc_sums_evict(struct l2pc_sums *sums, const struct l2pc_station *station);
struct l2pc_totals l2pc_sums_total(const struct l2pc_sums *sums);

#endif /* L2PC_SUMS_H */
