// SPDX-License-Identifier: GPL-2.0
/*
 * Idle counts: windows that close without a work item.
 * Copyright (C) the l2packet_counter authors
 *
 * Counts are idle when nothing was counted in the open window, no CPU has a table, and
 * no station is left to expire. Then nothing happens before the next frame, which takes
 * the slow path of a CPU without a table and requests a scan. Until then windows end
 * only by the clock: l2pc_window_skip() closes those whose end has passed, when a reader
 * or the next frame comes.
 */
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/string.h>

#include "clock.h"
#include "idle.h"

static bool tables_idle(const struct l2pc_counts *counts)
{
	int cpu;

	for_each_possible_cpu(cpu)
		if (READ_ONCE(per_cpu_ptr(counts->writers.percpu, cpu)->active) !=
		    l2pc_table_none)
			return false;
	return true;
}

/* Check that the open window has no frame, apart from those in tables. */
static bool window_empty(const struct l2pc_counts *counts)
{
	static const struct l2pc_counters none;
	struct l2pc_counters now = l2pc_counters_read(&counts->writers);
	struct l2pc_counters tx_now = l2pc_counters_read_tx(&counts->writers);

	return !counts->open.stations.used &&
	       !memcmp(&counts->open.counters, &none, sizeof(none)) &&
	       !memcmp(&counts->open.tx_counters, &none, sizeof(none)) &&
	       !memcmp(&counts->base, &now, sizeof(now)) &&
	       !memcmp(&counts->tx_base, &tx_now, sizeof(tx_now));
}

/**
 * l2pc_counts_idle() - check whether a port has nothing to do before its next frame
 * @counts: the port's counts
 * @duties: what the port has to do otherwise
 *
 * Context: process, may sleep.
 * Return: true if there is nothing.
 */
bool l2pc_counts_idle(struct l2pc_counts *counts, struct l2pc_duties duties)
{
	bool idle;

	mutex_lock(&counts->lock);
	idle = tables_idle(counts) && (!duties.close || window_empty(counts)) &&
	       (!duties.expire ||
		!(counts->open.stations.used | counts->history.stations.used));
	mutex_unlock(&counts->lock);
	return idle;
}

/**
 * l2pc_counts_enter_idle() - become idle, if there is nothing to do before the next frame
 * @counts: the port's counts
 * @duties: what the port has to do otherwise
 *
 * From the return on, the next frame requests a scan. A CPU that does not see the flags
 * has counted its frame when the grace period ends, so that the check sees the frame.
 * Pairs with writer_request_scan(), l2pc_writer_skip() and l2pc_writer_tx_skip().
 *
 * Context: process, sleeps for a grace period.
 * Return: true if the port is idle now.
 */
bool l2pc_counts_enter_idle(struct l2pc_counts *counts, struct l2pc_duties duties)
{
	bool idle;
	int cpu;

	/* A busy port need not wait. */
	if (!l2pc_counts_idle(counts, duties))
		return false;
	WRITE_ONCE(counts->writers.idle, true);
	for_each_possible_cpu(cpu)
		WRITE_ONCE(per_cpu_ptr(counts->writers.percpu, cpu)->scan_pending, false);
	synchronize_net();
	idle = l2pc_counts_idle(counts, duties);
	if (!idle)
		WRITE_ONCE(counts->writers.idle, false);
	return idle;
}

/**
 * l2pc_window_skip() - close windows without frames, some time after their ends
 * @counts: the port's counts; nothing was counted before the last window's end
 * @windows: number of windows to close
 * @ago: nanoseconds since the end of the last one, in which the machine ran
 * @interval: nanoseconds from one end to the next
 * @closed: filled in with the last one's totals; may be NULL
 *
 * Context: process, may sleep.
 */
void l2pc_window_skip(struct l2pc_counts *counts, u64 windows, u64 ago,
		      u64 interval, struct l2pc_totals *closed)
{
	struct l2pc_clock clock;
	u64 end;

	mutex_lock(&counts->lock);
	clock = l2pc_clock_now();
	end = max(counts->opened, l2pc_clock_ago(&clock, ago));
	l2pc_archive_free(&counts->previous.stations);
	l2pc_sums_init(&counts->previous, counts->writers.hash_key);
	memset(&counts->closed, 0, sizeof(counts->closed));
	counts->id += windows;
	counts->closed.id = counts->id - 1;
	counts->closed.opened = windows == 1 ? counts->opened :
		max(counts->opened, end - min(end, interval));
	counts->closed.closed = end;
	counts->opened = end;
	if (closed)
		*closed = counts->closed;
	mutex_unlock(&counts->lock);
}
