/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Headers that each segment of a super-packet has.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_HEADERS_H
#define L2PC_HEADERS_H

#include "cursor.h"

int l2pc_headers_find(const struct l2pc_wire_packet *packet,
		      struct l2pc_headers *headers);

#endif
