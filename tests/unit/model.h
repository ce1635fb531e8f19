/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A naive model of a port's counts: the expected contents of each view. The including
 * file defines STATIONS, the maximum number of stations.
 */
#ifndef MODEL_H
#define MODEL_H

#include <string.h>

#include "clock.h"
#include "engine.h"

/* As at boot: both clocks were set. */
static inline void clock_restart(void)
{
	memset(&l2pc_clock_state, 0, sizeof(l2pc_clock_state));
}

struct tally {
	u64 packets;
	u64 bytes;
	u64 tx_packets;
	u64 tx_bytes;
	u64 first_seen;
	u64 last_seen;
	bool reported;
};

/* The expected contents of a view. */
struct model {
	struct tally stations[STATIONS];
	struct tally total;
	u64 forgotten;
	u64 tx_forgotten;
};

static const u32 model_bounds[] = { 1, 2, 3, 10, 30, 100, 1000, 100000 };

static struct l2pc_counts counts;
static struct model open_window, previous, lifetime;
/* A spare was requested; other CPUs count concurrently; stations have expired. */
static bool spare_wanted, interrupted, expired;
static u32 universe;

static void model_request_spare(struct l2pc_writers *writers)
{
	spare_wanted = true;
}

static const struct l2pc_writers_ops model_ops = {
	.request_spare = model_request_spare,
	.request_scan = request_ignore,
};

/* Make the key of station @n. Some are tagged, and differ in the VLAN only. */
static u64 key_of(u32 n)
{
	if (n % 3)
		return station_key(n);
	return station_key(n + 1) | KEY_TAGGED | (n & L2PC_KEY_VLAN_MASK);
}

static u32 number_of(u64 key)
{
	u32 n = key >> 32;

	return key & KEY_TAGGED ? n - 1 : n;
}

static bool tally_counted(const struct tally *tally)
{
	return tally->packets || tally->tx_packets;
}

static void tally_add(struct tally *tally, bool tx, u32 packets, u32 bytes)
{
	if (!tally_counted(tally))
		tally->first_seen = shim_boottime();
	tally->last_seen = shim_boottime();
	*(tx ? &tally->tx_packets : &tally->packets) += packets;
	*(tx ? &tally->tx_bytes : &tally->bytes) += bytes;
}

/* Count the same frames in the counts and in the model; half of them are sent ones. */
static void model_count(u32 n, u32 cpu, u32 packets, u32 bytes)
{
	bool tx = (n ^ cpu ^ bytes) & 1;

	frames(&counts.writers, cpu, key_of(n) | (tx ? L2PC_KEY_TX : 0), packets, bytes);
	tally_add(&open_window.stations[n], tx, packets, bytes);
	tally_add(&open_window.total, tx, packets, bytes);
	tally_add(&lifetime.stations[n], tx, packets, bytes);
	tally_add(&lifetime.total, tx, packets, bytes);
}

static void model_init(void)
{
	memset(&open_window, 0, sizeof(open_window));
	memset(&previous, 0, sizeof(previous));
	memset(&lifetime, 0, sizeof(lifetime));
	memset(&shim_faults, 0, sizeof(shim_faults));
	spare_wanted = expired = false;
}

/* Check a view. @exact: with all stations, and all their frames. */
static void model_check(enum l2pc_view which, const struct model *model, bool exact)
{
	struct l2pc_snapshot snapshot = view(&counts, which, ~0ULL);
	u32 i, expected = 0;

	CHECK_EQ(snapshot.totals.packets, model->total.packets);
	CHECK_EQ(snapshot.totals.bytes, model->total.bytes);
	CHECK_EQ(snapshot.totals.tx_packets, model->total.tx_packets);
	CHECK_EQ(snapshot.totals.tx_bytes, model->total.tx_bytes);
	CHECK(snapshot.totals.counters.forgotten_packets <=
	      snapshot.totals.counters.untracked_packets);
	CHECK(snapshot.totals.tx_counters.forgotten_packets <=
	      snapshot.totals.tx_counters.untracked_packets);
	for (i = 0; i < snapshot.count; i++) {
		const struct l2pc_station *station = &snapshot.stations[i];
		const struct tally *tally;

		CHECK(number_of(station->key) < universe);
		CHECK_EQ(station->key, key_of(number_of(station->key)));
		tally = &model->stations[number_of(station->key)];
		CHECK(station->packets <= tally->packets);
		CHECK(station->bytes <= tally->bytes);
		CHECK(station->tx_packets <= tally->tx_packets);
		CHECK(station->tx_bytes <= tally->tx_bytes);
		if (!exact)
			continue;
		CHECK_EQ(station->packets, tally->packets);
		CHECK_EQ(station->bytes, tally->bytes);
		CHECK_EQ(station->tx_packets, tally->tx_packets);
		CHECK_EQ(station->tx_bytes, tally->tx_bytes);
		CHECK_EQ(station->last_seen, tally->last_seen);
		/* In a window first_seen may be the placeholder's, not the first frame's. */
		if (which == L2PC_VIEW_LIFETIME && !expired)
			CHECK_EQ(station->first_seen, tally->first_seen);
	}
	if (exact) {
		for (i = 0; i < STATIONS; i++)
			expected += tally_counted(&model->stations[i]);
		CHECK_EQ(snapshot.count, expected);
		CHECK_EQ(snapshot.totals.counters.forgotten_packets, model->forgotten);
		CHECK_EQ(snapshot.totals.counters.untracked_packets, model->forgotten);
		CHECK_EQ(snapshot.totals.tx_counters.forgotten_packets, model->tx_forgotten);
		CHECK_EQ(snapshot.totals.tx_counters.untracked_packets, model->tx_forgotten);
	}
	l2pc_snapshot_free(&snapshot);
}

/*
 * Close the model's window after the real one. @before: received frames of the open
 * window before the close. The close decides which of the frames counted concurrently are in it.
 */
static void model_closed(u64 before)
{
	struct l2pc_snapshot snapshot = view(&counts, L2PC_VIEW_PREVIOUS, ~0ULL);
	u32 i;

	CHECK(snapshot.totals.packets >= before);
	CHECK(snapshot.totals.packets <= open_window.total.packets);
	CHECK(snapshot.totals.bytes <= open_window.total.bytes);
	CHECK(snapshot.totals.tx_packets <= open_window.total.tx_packets);
	CHECK(snapshot.totals.tx_bytes <= open_window.total.tx_bytes);
	if (!interrupted) {
		CHECK_EQ(snapshot.totals.bytes, open_window.total.bytes);
		CHECK_EQ(snapshot.totals.tx_bytes, open_window.total.tx_bytes);
	}
	previous = open_window;
	previous.total.packets = snapshot.totals.packets;
	previous.total.bytes = snapshot.totals.bytes;
	previous.total.tx_packets = snapshot.totals.tx_packets;
	previous.total.tx_bytes = snapshot.totals.tx_bytes;
	open_window.total.packets -= snapshot.totals.packets;
	open_window.total.bytes -= snapshot.totals.bytes;
	open_window.total.tx_packets -= snapshot.totals.tx_packets;
	open_window.total.tx_bytes -= snapshot.totals.tx_bytes;
	open_window.forgotten = open_window.tx_forgotten = 0;
	if (!interrupted)
		memset(open_window.stations, 0, sizeof(open_window.stations));
	for (i = 0; interrupted && i < snapshot.count; i++) {
		const struct l2pc_station *station = &snapshot.stations[i];
		struct tally *tally = &open_window.stations[number_of(station->key)];

		CHECK(station->packets <= tally->packets);
		tally->packets -= station->packets;
		tally->bytes -= station->bytes;
		CHECK(station->tx_packets <= tally->tx_packets);
		tally->tx_packets -= station->tx_packets;
		tally->tx_bytes -= station->tx_bytes;
	}
	l2pc_snapshot_free(&snapshot);
}

#endif
