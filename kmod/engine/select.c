// SPDX-License-Identifier: GPL-2.0
/*
 * Order statistics by radix descent.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "select.h"

/**
 * l2pc_select_add() - count a value in the current pass
 * @select: the descent
 * @value: a value; values outside the prefix found so far are ignored
 */
void l2pc_select_add(struct l2pc_select *select, u64 value)
{
	int shift = select->shift;

	if (shift < L2PC_SELECT_TOP &&
	    (value ^ select->prefix) >> (shift + L2PC_SELECT_BITS))
		return;
	select->counts[(value >> shift) & ((1 << L2PC_SELECT_BITS) - 1)]++;
}

/**
 * l2pc_select_descend() - end a pass, and find its digit
 * @select: the descent
 * @rank: number of smaller values; reduced to those that share the new prefix
 *
 * Return: false when all digits are found.
 */
bool l2pc_select_descend(struct l2pc_select *select, u32 *rank)
{
	u32 digit;

	for (digit = 0; digit < ARRAY_SIZE(select->counts) - 1; digit++) {
		if (*rank < select->counts[digit])
			break;
		*rank -= select->counts[digit];
	}
	select->prefix |= (u64)digit << select->shift;
	select->shift -= L2PC_SELECT_BITS;
	memset(select->counts, 0, sizeof(select->counts));
	return select->shift >= 0;
}
