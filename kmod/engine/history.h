/* SPDX-License-Identifier: GPL-2.0 */
/*
 * History: the sums of all closed windows, and the stations known from them.
 * Copyright (C) the l2packet_counter authors
 *
 * Context of all functions: process, l2pc_counts.lock held.
 */
#ifndef L2PC_HISTORY_H
#define L2PC_HISTORY_H

#include "counts.h"

struct l2pc_order l2pc_first_seen_at_rank(const struct l2pc_archive *archive,
					  u32 rank);
void l2pc_history_update_known(struct l2pc_counts *counts);
bool l2pc_history_merge(struct l2pc_counts *counts);
bool l2pc_history_expire(struct l2pc_counts *counts, u64 before,
			 struct l2pc_station_list *expired);

#endif /* L2PC_HISTORY_H */
