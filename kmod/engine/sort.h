/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sorting of a snapshot's stations: busiest first.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_SORT_H
#define L2PC_SORT_H

#include <linux/types.h>

struct l2pc_snapshot;

/**
 * struct l2pc_sort_row - one station of a sorted snapshot
 * @mac: the address, first octet in bits 47..40
 * @packets: frames received from it
 */
struct l2pc_sort_row {
	u64 mac;
	u64 packets;
};

struct l2pc_sort_row *l2pc_sort_snapshot(const struct l2pc_snapshot *snapshot,
					 u32 *count);

#endif /* L2PC_SORT_H */
