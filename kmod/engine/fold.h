/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fold: addition of tables into sums, station by station.
 * Copyright (C) the l2packet_counter authors
 *
 * Context of all functions: process, l2pc_counts.lock held.
 */
#ifndef L2PC_FOLD_H
#define L2PC_FOLD_H

#include "counts.h"

const struct l2pc_table *l2pc_fold_chain(const struct l2pc_writer *writer,
					 bool live);
u32 l2pc_fold_estimate(const struct l2pc_counts *counts, bool live);
void l2pc_fold_station(const struct l2pc_counts *counts, struct l2pc_sums *sums,
		       const struct l2pc_station *from, u64 key_mask);
void l2pc_fold_recount(const struct l2pc_counts *counts, struct l2pc_sums *sums);
void l2pc_fold_tables(const struct l2pc_counts *counts, struct l2pc_sums *sums,
		      bool live, u64 key_mask);

#endif /* L2PC_FOLD_H */
