/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Windows: open, close, expire, grow.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_WINDOW_H
#define L2PC_WINDOW_H

#include <linux/types.h>

struct l2pc_counts;
struct l2pc_station_list;
struct l2pc_totals;
struct l2pc_writers_ops;

int l2pc_counts_init(struct l2pc_counts *counts, u8 first_bits,
		     u32 max_stations, const struct l2pc_writers_ops *ops);
void l2pc_counts_free(struct l2pc_counts *counts);
void l2pc_counts_set_max_stations(struct l2pc_counts *counts, u32 max_stations);
void l2pc_counts_set_tx(struct l2pc_counts *counts, bool tx);
bool l2pc_window_close(struct l2pc_counts *counts, struct l2pc_totals *closed);
bool l2pc_counts_expire(struct l2pc_counts *counts, u64 idle,
			struct l2pc_station_list *expired);
void l2pc_counts_rotate(struct l2pc_counts *counts);
unsigned int l2pc_counts_grow(struct l2pc_counts *counts);

#endif /* L2PC_WINDOW_H */
