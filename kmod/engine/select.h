/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stamps: which of many moments has so many others before it?
 * Copyright (C) the l2packet_counter authors
 *
 * Radix descent, six bits a pass over all stamps, so that it needs no memory and
 * cannot fail:
 *
 *	struct l2pc_select stamps = { .shift = L2PC_SELECT_TOP };
 *
 *	do {
 *		for each stamp: l2pc_select_add(&stamps, stamp);
 *	} while (l2pc_select_descend(&stamps, &rank));
 *	... stamps.prefix is the one with @rank others before it
 */
#ifndef L2PC_SELECT_H
#define L2PC_SELECT_H

#include <linux/types.h>

/**
 * struct l2pc_order - a place in the order by stamp, then by key
 * @stamp: boot time in nanoseconds
 * @key: orders those of the same moment: a jiffy has room for thousands
 */
struct l2pc_order {
	u64 stamp;
	u64 key;
};

static inline bool l2pc_order_before(u64 stamp, u64 key,
				       const struct l2pc_order *before)
{
	return stamp < before->stamp ||
	       (stamp == before->stamp && key < before->key);
}

#define L2PC_SELECT_BITS	6
#define L2PC_SELECT_TOP	60	/* ten digits of six bits below the top four */

/**
 * struct l2pc_select - a descent under way
 * @prefix: the digits found so far
 * @shift: where the digit looked for stands
 * @counts: stamps with that prefix, by their next digit
 */
struct l2pc_select {
	u64 prefix;
	int shift;
	u32 counts[1 << L2PC_SELECT_BITS];
};

void l2pc_select_add(struct l2pc_select *stamps, u64 stamp);
bool l2pc_select_descend(struct l2pc_select *stamps, u32 *rank);

#endif /* L2PC_SELECT_H */
