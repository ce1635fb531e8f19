// SPDX-License-Identifier: GPL-2.0
/*
 * Sorting of a snapshot's stations by received frames: busiest first, ties by address.
 * Copyright (C) the l2packet_counter authors
 *
 * A radix sort by bytes, least significant first. For 100,000 stations it takes a
 * tenth of the instructions of lib/sort.c, a heapsort with indirect calls.
 */
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/swab.h>

#include "area.h"
#include "sort.h"
#include "snapshot.h"
#include "table.h"

static u64 key_mac(u64 key)
{
	return swab64(key & L2PC_KEY_MAC_MASK) &
		(~0ULL >> L2PC_KEY_MAC_SHIFT);
}

/* Get the value to sort by, ascending: the complement of packets sorts busiest first. */
static u64 sort_value(const struct l2pc_sort_row *row, bool by_packets)
{
	return by_packets ? ~row->packets : row->mac;
}

/*
 * Sort *@from by one byte of its value into *@to, and swap the two. Skip the pass when
 * all rows have the same byte, as the upper bytes nearly always do.
 */
static void sort_pass(struct l2pc_sort_row **from, struct l2pc_sort_row **to, u32 count,
		      bool by_packets, unsigned int shift, u32 starts[256])
{
	u32 index, sum = 0;

	memset(starts, 0, 256 * sizeof(*starts));
	for (index = 0; index < count; index++)
		starts[(sort_value(*from + index, by_packets) >> shift) & 0xff]++;
	cond_resched();
	if (starts[(sort_value(*from, by_packets) >> shift) & 0xff] == count)
		return;
	for (index = 0; index < 256; index++) {
		u32 here = starts[index];

		starts[index] = sum;
		sum += here;
	}
	for (index = 0; index < count; index++) {
		const struct l2pc_sort_row *row = *from + index;

		(*to)[starts[(sort_value(row, by_packets) >> shift) & 0xff]++] = *row;
	}
	cond_resched();
	swap(*from, *to);
}

/* Make a row of each station that frames were received from. Returns their number. */
static u32 rows_fill(struct l2pc_sort_row *rows, const struct l2pc_snapshot *snapshot)
{
	const struct l2pc_station *station;
	u32 index, count = 0;

	for (index = 0; index < snapshot->count; index++) {
		station = &snapshot->stations[index];
		if (!station->packets)
			continue;
		rows[count].mac = key_mac(station->key);
		rows[count++].packets = station->packets;
	}
	return count;
}

/**
 * l2pc_sort_snapshot() - sort the stations of a snapshot
 * @snapshot: has at least one station
 * @count: filled in: number of rows; 0 when frames were only sent
 *
 * Context: process, may sleep. The memory is charged to the caller's cgroup, so that a
 * reader pays for its own reads.
 * Return: a row for each station that frames were received from, to be freed with
 * l2pc_area_free(); NULL without memory.
 */
struct l2pc_sort_row *l2pc_sort_snapshot(const struct l2pc_snapshot *snapshot,
					 u32 *count)
{
	struct l2pc_sort_row *rows, *other;
	unsigned int shift;
	u32 *starts;

	rows = l2pc_area_array(snapshot->count, sizeof(*rows),
			       GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	other = l2pc_area_array(snapshot->count, sizeof(*other),
				GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	starts = kmalloc_array(256, sizeof(*starts), GFP_KERNEL);
	if (!rows || !other || !starts) {
		l2pc_area_free(rows);
		rows = NULL;
		goto out;
	}

	*count = rows_fill(rows, snapshot);
	for (shift = 0; *count && shift < 48; shift += 8)
		sort_pass(&rows, &other, *count, false, shift, starts);
	for (shift = 0; *count && shift < 64; shift += 8)
		sort_pass(&rows, &other, *count, true, shift, starts);
out:
	kfree(starts);
	l2pc_area_free(other);
	return rows;
}
