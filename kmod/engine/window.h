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

#include "notice.h"
#include "stamps.h"
#include "sums.h"
#include "table.h"

/**
 * struct l2pc_window - one port's counts
 * @lock: serialises everything but the packet path; what it is taken
 *	under is in docs/locking.md
 * @writers: where the CPUs count; the packet path's part
 * @folded: the open window, as far as its tables were added up already
 * @previous: the last closed window
 * @lifetime: all closed windows
 * @base: what the writers' own counters stood at when the window opened
 * @known: how many stations of @lifetime fresh tables are seeded with
 * @known_before: those are the ones first seen before this place
 * @id: number of the open window, from 1
 * @opened: since when, boot time in nanoseconds
 * @added: since when the port is counted
 * @closed: the totals of @previous
 * @closed_packets: sum over all closed windows
 * @closed_bytes: their bytes
 * @notice: which stations are news
 */
struct l2pc_window {
	struct mutex lock;	/* see above */
	struct l2pc_writers writers;
	struct l2pc_sums folded;
	struct l2pc_sums previous;
	struct l2pc_sums lifetime;
	struct l2pc_counters base;
	u32 known;
	struct l2pc_stamp known_before;
	u64 id;
	u64 opened;
	u64 added;
	struct l2pc_totals closed;
	u64 closed_packets;
	u64 closed_bytes;
	struct l2pc_notice notice;
};

static inline u32 l2pc_window_max_stations(const struct l2pc_window *window)
{
	return READ_ONCE(window->writers.max_stations);
}

int l2pc_window_init(struct l2pc_window *window, u8 first_bits,
		     u32 max_stations, const struct l2pc_writers_ops *ops);
void l2pc_window_free(struct l2pc_window *window);
void l2pc_window_set_max_stations(struct l2pc_window *window, u32 max_stations);
bool l2pc_window_close(struct l2pc_window *window, struct l2pc_totals *closed);
bool l2pc_window_expire(struct l2pc_window *window, u64 idle,
			struct l2pc_news *gone);
void l2pc_window_rotate(struct l2pc_window *window);
unsigned int l2pc_window_grow(struct l2pc_window *window);

#endif /* L2PC_WINDOW_H */
