/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ranking stations: busiest first.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_RANK_H
#define L2PC_RANK_H

#include <linux/types.h>

struct l2pc_snapshot;

/**
 * struct l2pc_rank - one row of a ranking
 * @mac: the address, first octet in bits 47..40
 * @packets: frames
 */
struct l2pc_rank {
	u64 mac;
	u64 packets;
};

struct l2pc_rank *l2pc_rank_snapshot(const struct l2pc_snapshot *snapshot);

#endif /* L2PC_RANK_H */
