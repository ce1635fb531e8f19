/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames and bytes of an skb on the wire.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_FRAME_H
#define L2PC_FRAME_H

#include "engine/wire.h"

struct sk_buff;

void l2pc_frame_wire(const struct sk_buff *skb, struct l2pc_wire *wire);
void l2pc_frame_wire_sent(const struct sk_buff *skb, struct l2pc_wire *wire);

#endif
