/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Idle counts: windows that close without a work item.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_IDLE_H
#define L2PC_IDLE_H

#include "counts.h"

/**
 * struct l2pc_duties - what a port has to do from time to time
 * @close: its windows are closed at an interval
 * @expire: its stations expire
 */
struct l2pc_duties {
	bool close;
	bool expire;
};

bool l2pc_counts_idle(struct l2pc_counts *counts, struct l2pc_duties duties);
bool l2pc_counts_enter_idle(struct l2pc_counts *counts, struct l2pc_duties duties);
void l2pc_window_skip(struct l2pc_counts *counts, u64 windows, u64 ago,
		      u64 interval, struct l2pc_totals *closed);

#endif /* L2PC_IDLE_H */
