/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A port's counts: the structures that the files of the engine share.
 * Copyright (C) the l2packet_counter authors
 *
 * Private to the engine, but that a port embeds struct l2pc_counts. The
 * functions are in window.h, history.h, discover.h, fold.h, prealloc.h and
 * snapshot.h. All of them run in process context under l2pc_counts.lock,
 * concurrently with the packet path, which they never block.
 *
 * The counts of the open window are in three parts:
 *
 *   - the tables that the CPUs count in;
 *   - l2pc_counts.open: tables that were replaced and folded already;
 *   - the writers' own counters, for frames without a cell. These only ever
 *     grow; the window's share is their value less l2pc_counts.base.
 *
 * A fold moves frames from the first part to the second, under the lock: every
 * reader finds each frame in exactly one of them.
 *
 * Closing a window exchanges every CPU's table for a new one. What a CPU
 * counted before the exchange is in the closed window, what it counts after
 * that in the next one. No counter is ever set to 0, so no frame is lost.
 */
#ifndef L2PC_COUNTS_H
#define L2PC_COUNTS_H

#include <linux/mutex.h>
#include <linux/types.h>

#include "archive.h"
#include "select.h"
#include "station_list.h"
#include "sums.h"
#include "table.h"

/**
 * struct l2pc_discovery - state of finding new stations; under l2pc_counts.lock
 * @listening: there was a listener at the last scan
 * @since: boot time in ns; stations first seen before this are not reported, since
 *	there was no listener then
 * @reported: stations of the open window that are reported or pending, in addition
 *	to those in the history
 * @pending_new: new stations not yet fetched for an event
 * @untracked_pending: the window has untracked frames, and no event was sent yet
 * @untracked_reported: that event was sent, or is pending, in this window
 */
struct l2pc_discovery {
	bool listening;
	u64 since;
	struct l2pc_archive reported;
	struct l2pc_station_list pending_new;
	bool untracked_pending;
	bool untracked_reported;
};

/**
 * struct l2pc_counts - one port's counts
 * @lock: serialises everything but the packet path; docs/locking.md has the order
 * @writers: where the CPUs count; the packet path's part
 * @open: the open window, as far as its tables are folded already
 * @previous: the last closed window
 * @history: all closed windows
 * @base: the writers' own counters of received frames when the window opened
 * @tx_base: the same of sent frames
 * @known: number of stations of @history that get placeholder cells in new tables
 * @known_before: those stations are the ones before this in the order by first_seen
 * @id: number of the open window, from 1
 * @opened: when it was opened, boot time in ns
 * @added: when the port was added, boot time in ns
 * @closed: the totals of @previous
 * @closed_packets: received frames of all closed windows
 * @closed_bytes: their bytes
 * @closed_tx_packets: sent frames of all closed windows
 * @closed_tx_bytes: their bytes
 * @discovery: which stations are new
 */
struct l2pc_counts {
	struct mutex lock;	/* see above */
	struct l2pc_writers writers;
	struct l2pc_sums open;
	struct l2pc_sums previous;
	struct l2pc_sums history;
	struct l2pc_counters base;
	struct l2pc_counters tx_base;
	u32 known;
	struct l2pc_order known_before;
	u64 id;
	u64 opened;
	u64 added;
	struct l2pc_totals closed;
	u64 closed_packets;
	u64 closed_bytes;
	u64 closed_tx_packets;
	u64 closed_tx_bytes;
	struct l2pc_discovery discovery;
};

static inline u32 l2pc_counts_max_stations(const struct l2pc_counts *counts)
{
	return READ_ONCE(counts->writers.max_stations);
}

#endif /* L2PC_COUNTS_H */
