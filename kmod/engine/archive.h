/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Archives: stations added up over CPUs and over time, in process context.
 * Copyright (C) the l2packet_counter authors
 *
 * An archive is private to whoever holds the lock of the window it belongs to:
 * nothing here is concurrent. Growing may fail; then stations are refused, the
 * caller counts them as untracked, and no sum is ever wrong.
 */
#ifndef L2PC_ARCHIVE_H
#define L2PC_ARCHIVE_H

#include <linux/minmax.h>
#include <linux/types.h>

#include "walk.h"

/**
 * struct l2pc_station - one station's counts
 * @key: the station, as in table.h
 * @packets: frames
 * @bytes: their bytes on the wire, without FCS
 * @first_seen: boot time in nanoseconds of the first frame on this port
 * @last_seen: boot time in nanoseconds of the last frame
 */
struct l2pc_station {
	u64 key;
	u64 packets;
	u64 bytes;
	u64 first_seen;
	u64 last_seen;
};

/**
 * struct l2pc_archive - a set of stations
 * @stations: @used of them, one after the other
 * @slots: where in @stations, counted from 1; 0: the slot is empty. Open addressing,
 *	linear probing; NULL while the archive is empty
 * @bits: log2 of the number of slots
 * @capacity: stations there is memory for, at most three quarters of the slots
 * @used: stations in it
 * @hash_key: the hash key
 *
 * 40 bytes a station and 4 a slot. What is read from beginning to end has no gaps.
 */
struct l2pc_archive {
	struct l2pc_station *stations;
	u32 *slots;
	u32 bits;
	u32 capacity;
	u32 used;
	u64 hash_key[2];
};

void l2pc_archive_init(struct l2pc_archive *archive, const u64 hash_key[2]);
void l2pc_archive_free(struct l2pc_archive *archive);
int l2pc_archive_copy(struct l2pc_archive *archive,
		      const struct l2pc_archive *from, u32 stations);
int l2pc_archive_reserve(struct l2pc_archive *archive, u32 stations);
void l2pc_archive_trim(struct l2pc_archive *archive);
struct l2pc_station *l2pc_archive_find(const struct l2pc_archive *archive,
				       u64 key);
struct l2pc_station *l2pc_archive_claim(struct l2pc_archive *archive, u64 key);
void l2pc_archive_del(struct l2pc_archive *archive,
		      struct l2pc_station *station);

/**
 * l2pc_station_add() - add one station's counts to another's
 * @to: the sum; a station just claimed has packets 0 and takes @from's stamps
 * @from: what is added
 */
static inline void l2pc_station_add(struct l2pc_station *to,
				    const struct l2pc_station *from)
{
	if (!to->packets) {
		to->first_seen = from->first_seen;
		to->last_seen = from->last_seen;
	} else {
		to->first_seen = min(to->first_seen, from->first_seen);
		to->last_seen = max(to->last_seen, from->last_seen);
	}
	to->packets += from->packets;
	to->bytes += from->bytes;
}

/* The stations of an archive. After del() look at the same index again. */
#define l2pc_archive_for_each(archive, index, station)			\
	for ((index) = 0;						\
	     (index) < (archive)->used &&				\
	     ((station) = &(archive)->stations[index], true);		\
	     (index) = l2pc_walk_next(index))

#endif /* L2PC_ARCHIVE_H */
