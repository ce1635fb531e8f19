/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Windows: adding tables up, closing windows, keeping what was closed.
 * Copyright (C) the l2packet_counter authors
 *
 * Everything here runs in process context under the window's mutex, beside the
 * packet path and never in its way. Like table.c it compiles in userspace.
 *
 * What a window has counted lies in three places: in the tables that the CPUs
 * count in, in @folded (tables that were replaced and added up already), and,
 * for frames without a cell, in the writers' counters, which only ever grow:
 * their share of this window is what they stand at less what they stood at when
 * it opened. A frame moves from the first place to the second, under the mutex,
 * and is thus in exactly one of them whenever somebody reads.
 *
 * Closing a window exchanges every CPU's table for a fresh one. What a CPU
 * counted before the exchange is in the closed window, what it counts after it
 * in the next one. No counter is ever set to zero, so none can lose a frame.
 */
#ifndef L2PC_WINDOW_H
#define L2PC_WINDOW_H

#include <linux/mutex.h>
#include <linux/types.h>

#include "archive.h"
#include "table.h"

/**
 * struct l2pc_counters - what has no station
 * @untracked_packets: frames counted without a station
 * @untracked_bytes: their bytes
 * @skipped: frames not counted, by enum l2pc_skipped
 */
struct l2pc_counters {
	u64 untracked_packets;
	u64 untracked_bytes;
	u64 skipped[L2PC_SKIPPED_REASONS];
};

/**
 * struct l2pc_sums - what was counted over some time
 * @stations: by station
 * @unknown: how many of them the port did not know before
 * @counters: what has no station
 */
struct l2pc_sums {
	struct l2pc_archive stations;
	u32 unknown;
	struct l2pc_counters counters;
};

/**
 * struct l2pc_window - one port's counts
 * @lock: serialises everything but the packet path; taken under nothing but
 *	port.c's list lock
 * @writers: where the CPUs count; the packet path's part
 * @folded: the open window, as far as its tables were added up already
 * @previous: the last closed window
 * @lifetime: all closed windows
 * @base: what the writers' own counters stood at when the window opened
 * @known: how many stations of @lifetime fresh tables are seeded with
 * @known_before: those are the ones first seen before this boot time (ns)
 * @id: number of the open window, from 1
 * @opened: boot time in nanoseconds
 */
struct l2pc_window {
	struct mutex lock;
	struct l2pc_writers writers;
	struct l2pc_sums folded;
	struct l2pc_sums previous;
	struct l2pc_sums lifetime;
	struct l2pc_counters base;
	u32 known;
	u64 known_before;
	u64 id;
	u64 opened;
};

enum l2pc_view {
	L2PC_VIEW_WINDOW,
	L2PC_VIEW_PREVIOUS,
	L2PC_VIEW_LIFETIME,
};

/**
 * struct l2pc_snapshot - one consistent reading of a view
 * @stations: @count stations in no order; kvfree()d by l2pc_snapshot_free()
 * @count: how many
 * @packets: sum over @stations, plus the untracked ones
 * @bytes: their bytes
 * @counters: what has no station
 * @id: number of the window it was taken of
 * @opened: when that window was opened, boot time in nanoseconds
 */
struct l2pc_snapshot {
	struct l2pc_station *stations;
	u32 count;
	u64 packets;
	u64 bytes;
	struct l2pc_counters counters;
	u64 id;
	u64 opened;
};

int l2pc_window_init(struct l2pc_window *window, u8 first_bits,
		     u32 max_stations,
		     void (*wanted)(struct l2pc_writers *writers));
void l2pc_window_free(struct l2pc_window *window);
void l2pc_window_set_max_stations(struct l2pc_window *window, u32 max_stations);
void l2pc_window_close(struct l2pc_window *window);
void l2pc_window_rotate(struct l2pc_window *window);
void l2pc_window_grow(struct l2pc_window *window);
int l2pc_window_snapshot(struct l2pc_window *window, enum l2pc_view view,
			 u64 key_mask, struct l2pc_snapshot *snapshot);
void l2pc_snapshot_free(struct l2pc_snapshot *snapshot);

#endif /* L2PC_WINDOW_H */
