// SPDX-License-Identifier: GPL-2.0
/*
 * Stamps: which of many moments has so many others before it?
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "select.h"

/**
 * l2pc_select_add() - take a stamp into account in this pass
 * @stamps: the descent
 * @stamp: one of the stamps
 */
void l2pc_select_add(struct l2pc_select *stamps, u64 stamp)
{
	int shift = stamps->shift;

	if (shift < L2PC_SELECT_TOP &&
	    (stamp ^ stamps->prefix) >> (shift + L2PC_SELECT_BITS))
		return;
	stamps->counts[(stamp >> shift) & ((1 << L2PC_SELECT_BITS) - 1)]++;
}

/**
 * l2pc_select_descend() - end a pass
 * @stamps: the descent
 * @rank: how many others lie before the one looked for; what is left of it
 *
 * Return: false when all digits are found.
 */
bool l2pc_select_descend(struct l2pc_select *stamps, u32 *rank)
{
	u32 digit;

	for (digit = 0; digit < ARRAY_SIZE(stamps->counts) - 1; digit++) {
		if (*rank < stamps->counts[digit])
			break;
		*rank -= stamps->counts[digit];
	}
	stamps->prefix |= (u64)digit << stamps->shift;
	stamps->shift -= L2PC_SELECT_BITS;
	memset(stamps->counts, 0, sizeof(stamps->counts));
	return stamps->shift >= 0;
}
