/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Snapshots: one consistent reading of a port.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_SNAPSHOT_H
#define L2PC_SNAPSHOT_H

#include "window.h"

enum l2pc_view {
	L2PC_VIEW_WINDOW,
	L2PC_VIEW_PREVIOUS,
	L2PC_VIEW_LIFETIME,
};

/**
 * struct l2pc_snapshot - one consistent reading of a view
 * @stations: @count stations in no order; kvfree()d by l2pc_snapshot_free()
 * @count: how many
 * @packets: sum over @stations, plus the untracked ones
 * @bytes: their bytes
 * @counters: what has no station
 * @id: number of the window it was taken of
 * @opened: when that window was opened, boot time in nanoseconds
 */
struct l2pc_snapshot {
	struct l2pc_station *stations;
	u32 count;
	u64 packets;
	u64 bytes;
	struct l2pc_counters counters;
	u64 id;
	u64 opened;
};

int l2pc_window_snapshot(struct l2pc_window *window, enum l2pc_view view,
			 u64 key_mask, struct l2pc_snapshot *snapshot);
void l2pc_snapshot_free(struct l2pc_snapshot *snapshot);

#endif /* L2PC_SNAPSHOT_H */
