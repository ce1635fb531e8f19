/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames and bytes that a super-packet was on the wire.
 * Copyright (C) the l2packet_counter authors
 *
 * This file computes the number of a super-packet's segments and their bytes. It knows
 * no skb and no netdev, and compiles in userspace, too.
 */
#ifndef L2PC_WIRE_H
#define L2PC_WIRE_H

#include <linux/types.h>

#include "wire_packet.h"

/**
 * struct l2pc_wire - a super-packet's frames on the wire
 * @packets: number of frames
 * @bytes: their bytes without FCS, stripped tags included
 * @malformed: the headers contradict the super-packet's type; it counts as one
 *	frame of its length
 */
struct l2pc_wire {
	u32 packets;
	u32 bytes;
	bool malformed;
};

bool l2pc_wire_count(const struct l2pc_wire_packet *packet,
		     struct l2pc_wire *wire);

#endif
