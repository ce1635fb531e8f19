/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Snapshots: a view's stations and totals, all read at the same time.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_SNAPSHOT_H
#define L2PC_SNAPSHOT_H

#include <linux/l2packet_counter.h>

#include "counts.h"

/**
 * struct l2pc_snapshot - a consistent reading of a view
 * @stations: @count stations, unordered; freed by l2pc_snapshot_free()
 * @count: number of stations
 * @size: memory of @stations in bytes, rounded up as it was allocated
 * @totals: the view's totals
 * @charged: bytes charged to the budget of unprivileged readers
 */
struct l2pc_snapshot {
	struct l2pc_station *stations;
	u32 count;
	size_t size;
	struct l2pc_totals totals;
	size_t charged;
};

int l2pc_snapshot_read(struct l2pc_counts *counts, enum l2pc_view view,
		       u64 key_mask, struct l2pc_snapshot *snapshot);
int l2pc_snapshot_charge(struct l2pc_snapshot *snapshot);
void l2pc_snapshot_free(struct l2pc_snapshot *snapshot);
int l2pc_counts_totals(struct l2pc_counts *counts, struct l2pc_totals *open,
		       struct l2pc_totals *closed, struct l2pc_totals *lifetime);

#endif /* L2PC_SNAPSHOT_H */
