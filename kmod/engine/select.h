/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Order statistics by radix descent.
 * Copyright (C) the l2packet_counter authors
 *
 * Finds the value that has @rank smaller ones before it, in passes over all values
 * with six bits each. A descent allocates no memory, so it cannot fail:
 *
 *	struct l2pc_select select = { .shift = L2PC_SELECT_TOP };
 *
 *	do {
 *		for each value: l2pc_select_add(&select, value);
 *	} while (l2pc_select_descend(&select, &rank));
 *	... select.prefix is the value
 */
#ifndef L2PC_SELECT_H
#define L2PC_SELECT_H

#include <linux/types.h>

/**
 * struct l2pc_order - a position in the order by timestamp, then by key
 * @timestamp: boot time in nanoseconds
 * @key: breaks ties: a jiffy may have thousands of stations
 */
struct l2pc_order {
	u64 timestamp;
	u64 key;
};

static inline bool l2pc_order_before(u64 timestamp, u64 key,
				     const struct l2pc_order *before)
{
	return timestamp < before->timestamp ||
	       (timestamp == before->timestamp && key < before->key);
}

#define L2PC_SELECT_BITS	6
#define L2PC_SELECT_TOP		60	/* ten digits of six bits below the top four */

/**
 * struct l2pc_select - state of a descent
 * @prefix: the digits found so far
 * @shift: bit position of the next digit
 * @counts: number of values with that prefix, by their next digit
 */
struct l2pc_select {
	u64 prefix;
	int shift;
	u32 counts[1 << L2PC_SELECT_BITS];
};

void l2pc_select_add(struct l2pc_select *select, u64 value);
bool l2pc_select_descend(struct l2pc_select *select, u32 *rank);

#endif /* L2PC_SELECT_H */
