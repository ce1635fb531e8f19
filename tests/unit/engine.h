/* SPDX-License-Identifier: GPL-2.0 */
/* Helpers for all tests of the engine. */
#ifndef ENGINE_H
#define ENGINE_H

#include "shim.h"
#include "unit.h"
#include "discover.h"
#include "snapshot.h"
#include "window.h"
#include "writer.h"
#include "writer_alloc.h"

/* A bit below the address that the engine does not use: the frame had a tag. */
#define KEY_TAGGED	(1ULL << 13)

/* Make the key of station @n: a valid unicast address. */
static inline u64 station_key(u32 n)
{
	return (u64)n << 32 | 0x0002ULL << L2PC_KEY_MAC_SHIFT | L2PC_KEY_STATION;
}

/* Count frames that arrive on @cpu, as hook.c does. */
static inline void frames(struct l2pc_writers *writers, int cpu, u64 key,
			  u32 packets, u32 bytes)
{
	shim_softirq_begin(cpu);
	l2pc_writer_count(writers, key, packets, bytes);
	shim_softirq_end();
}

static inline void frame(struct l2pc_writers *writers, int cpu, u64 key)
{
	frames(writers, cpu, key, 1, 60);
}

static inline void request_ignore(struct l2pc_writers *writers)
{
	(void)writers;
}

static const struct l2pc_writers_ops ops_ignore __attribute__((unused)) = {
	.request_spare = request_ignore,
	.request_scan = request_ignore,
};

/* Read a view, and check it: the sums hold, each station is there once, none is empty. */
static inline struct l2pc_snapshot view(struct l2pc_counts *counts,
					enum l2pc_view which, u64 mask)
{
	struct l2pc_snapshot snapshot;
	u64 packets, bytes, tx_packets, tx_bytes;
	u32 i;

	CHECK_EQ(l2pc_snapshot_read(counts, which, mask, &snapshot), 0);
	packets = snapshot.totals.counters.untracked_packets;
	bytes = snapshot.totals.counters.untracked_bytes;
	tx_packets = snapshot.totals.tx_counters.untracked_packets;
	tx_bytes = snapshot.totals.tx_counters.untracked_bytes;
	for (i = 0; i < snapshot.count; i++) {
		const struct l2pc_station *station = &snapshot.stations[i];

		packets += station->packets;
		bytes += station->bytes;
		tx_packets += station->tx_packets;
		tx_bytes += station->tx_bytes;
		CHECK(l2pc_station_counted(station) && station->key & L2PC_KEY_MAC_MASK);
		CHECK(!(station->key & (~mask | L2PC_KEY_TX)));
		CHECK(station->first_seen <= station->last_seen);
		CHECK(station->last_seen <= shim_boottime());
	}
	CHECK_EQ(packets, snapshot.totals.packets);
	CHECK_EQ(bytes, snapshot.totals.bytes);
	CHECK_EQ(tx_packets, snapshot.totals.tx_packets);
	CHECK_EQ(tx_bytes, snapshot.totals.tx_bytes);
	return snapshot;
}

static inline const struct l2pc_station *
snapshot_find(const struct l2pc_snapshot *snapshot, u64 key)
{
	const struct l2pc_station *found = NULL;
	u32 i;

	for (i = 0; i < snapshot->count; i++)
		if (snapshot->stations[i].key == key) {
			CHECK(!found);
			found = &snapshot->stations[i];
		}
	return found;
}

/* Get a station's frames in a view; 0: the view does not have it. */
static inline u64 view_packets(struct l2pc_counts *counts, enum l2pc_view which,
			       u64 key)
{
	struct l2pc_snapshot snapshot = view(counts, which, ~0ULL);
	const struct l2pc_station *station = snapshot_find(&snapshot, key);
	u64 packets = station ? station->packets : 0;

	l2pc_snapshot_free(&snapshot);
	return packets;
}

static inline u64 view_total(struct l2pc_counts *counts, enum l2pc_view which)
{
	struct l2pc_snapshot snapshot = view(counts, which, ~0ULL);
	u64 packets = snapshot.totals.packets;

	l2pc_snapshot_free(&snapshot);
	return packets;
}

static inline u32 view_count(struct l2pc_counts *counts, enum l2pc_view which)
{
	struct l2pc_snapshot snapshot = view(counts, which, ~0ULL);
	u32 count = snapshot.count;

	l2pc_snapshot_free(&snapshot);
	return count;
}

#endif
