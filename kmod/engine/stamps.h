/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stamps: which of many moments has so many others before it?
 * Copyright (C) the l2packet_counter authors
 *
 * Radix descent, six bits a pass over all stamps, so that it needs no memory and
 * cannot fail:
 *
 *	struct l2pc_stamps stamps = { .shift = L2PC_STAMPS_TOP };
 *
 *	do {
 *		for each stamp: l2pc_stamp_note(&stamps, stamp);
 *	} while (l2pc_stamp_descend(&stamps, &rank));
 *	... stamps.prefix is the one with @rank others before it
 */
#ifndef L2PC_STAMPS_H
#define L2PC_STAMPS_H

#include <linux/types.h>

/**
 * struct l2pc_stamp - a place in the order by stamp, then by key
 * @stamp: boot time in nanoseconds
 * @key: orders those of the same moment: a jiffy has room for thousands
 */
struct l2pc_stamp {
	u64 stamp;
	u64 key;
};

static inline bool l2pc_stamped_before(u64 stamp, u64 key,
				       const struct l2pc_stamp *before)
{
	return stamp < before->stamp ||
	       (stamp == before->stamp && key < before->key);
}

#define L2PC_STAMPS_BITS	6
#define L2PC_STAMPS_TOP	60	/* ten digits of six bits below the top four */

/**
 * struct l2pc_stamps - a descent under way
 * @prefix: the digits found so far
 * @shift: where the digit looked for stands
 * @counts: stamps with that prefix, by their next digit
 */
struct l2pc_stamps {
	u64 prefix;
	int shift;
	u32 counts[1 << L2PC_STAMPS_BITS];
};

void l2pc_stamp_note(struct l2pc_stamps *stamps, u64 stamp);
bool l2pc_stamp_descend(struct l2pc_stamps *stamps, u32 *rank);

#endif /* L2PC_STAMPS_H */
