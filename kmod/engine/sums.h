/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sums: stations and what has no station, over some time.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_SUMS_H
#define L2PC_SUMS_H

#include "archive.h"
#include "table.h"

/**
 * struct l2pc_counters - what has no station
 * @untracked_packets: frames counted without a station
 * @untracked_bytes: their bytes
 * @forgotten_packets: the part of @untracked_packets that had a station once
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
 * struct l2pc_sums - what was counted over some time
 * @stations: by station
 * @unknown: how many of them the port did not know before
 * @refused: was one refused for want of memory?
 * @counters: what has no station
 */
struct l2pc_sums {
	struct l2pc_archive stations;
	u32 unknown;
	bool refused;
	struct l2pc_counters counters;
};

/**
 * struct l2pc_totals - the sums of a view
 * @id: number of the window; 0: there was none
 * @opened: since when, boot time in nanoseconds
 * @closed: until when; 0: it is open
 * @packets: frames counted, untracked ones included
 * @bytes: their bytes
 * @stations: how many
 * @counters: what has no station
 */
struct l2pc_totals {
	u64 id;
	u64 opened;
	u64 closed;
	u64 packets;
	u64 bytes;
	u32 stations;
	struct l2pc_counters counters;
};

void l2pc_counters_add(struct l2pc_counters *to,
		       const struct l2pc_counters *from);
void l2pc_counters_sub(struct l2pc_counters *from,
		       const struct l2pc_counters *what);
struct l2pc_counters l2pc_counters_read(const struct l2pc_writers *writers);
void l2pc_sums_init(struct l2pc_sums *sums, const u64 hash_key[2]);
void l2pc_sums_untracked(struct l2pc_sums *sums,
			 const struct l2pc_station *station);
void l2pc_sums_evict(struct l2pc_sums *sums,
		      const struct l2pc_station *station);
struct l2pc_totals l2pc_sums_total(const struct l2pc_sums *sums);

#endif /* L2PC_SUMS_H */
