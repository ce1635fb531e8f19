/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Archives: sets of stations, added up over CPUs and over time.
 * Copyright (C) the l2packet_counter authors
 *
 * An archive is part of l2pc_counts, under l2pc_counts.lock, or local to a reader.
 * Growing may fail. Then the station is refused, and the caller counts its frames
 * as untracked, so that the sums hold.
 */
#ifndef L2PC_ARCHIVE_H
#define L2PC_ARCHIVE_H

#include <linux/minmax.h>
#include <linux/types.h>

#include "walk.h"

/**
 * struct l2pc_station - one station's counts
 * @key: the station, as in table.h, without L2PC_KEY_TX
 * @packets: frames received from it
 * @bytes: their bytes on the wire, without FCS
 * @first_seen: boot time in nanoseconds of the first frame on this port, in either
 *	direction
 * @last_seen: boot time in nanoseconds of the last frame, in either direction
 * @tx_packets: frames sent to it
 * @tx_bytes: their bytes on the wire, without FCS
 */
struct l2pc_station {
	u64 key;
	u64 packets;
	u64 bytes;
	u64 first_seen;
	u64 last_seen;
	u64 tx_packets;
	u64 tx_bytes;
};

/**
 * struct l2pc_archive - a set of stations
 * @stations: array of @used stations, without gaps
 * @slots: index in @stations plus 1; 0: empty slot. Open addressing, linear probing;
 *	NULL while the archive has no memory
 * @bits: log2 of the number of slots
 * @capacity: number of stations that fit in @stations, at most three quarters of
 *	the slots
 * @used: number of stations
 * @hash_key: the hash key
 *
 * 56 bytes a station and 4 a slot. A walk reads @stations from start to end.
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

/* Check whether a station has counts, in either direction. */
static inline bool l2pc_station_counted(const struct l2pc_station *station)
{
	return station->packets | station->tx_packets;
}

/**
 * l2pc_station_add() - add a station's counts to another's
 * @to: the sum; while it has no counts, it takes @from's timestamps
 * @from: the counts to add
 */
static inline void l2pc_station_add(struct l2pc_station *to,
				    const struct l2pc_station *from)
{
	if (!l2pc_station_counted(to)) {
		to->first_seen = from->first_seen;
		to->last_seen = from->last_seen;
	} else {
		to->first_seen = min(to->first_seen, from->first_seen);
		to->last_seen = max(to->last_seen, from->last_seen);
	}
	to->packets += from->packets;
	to->bytes += from->bytes;
	to->tx_packets += from->tx_packets;
	to->tx_bytes += from->tx_bytes;
}

/* Walk the stations of an archive. After l2pc_archive_del() repeat the index. */
#define l2pc_archive_for_each(archive, index, station)			\
	for ((index) = 0;						\
	     (index) < (archive)->used &&				\
	     ((station) = &(archive)->stations[index], true);		\
	     (index) = l2pc_walk_next(index))

#endif /* L2PC_ARCHIVE_H */
