/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A super-packet's description and its result, between test and program.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef WIRE_CASE_H
#define WIRE_CASE_H

#include <linux/types.h>

/* The fields of struct l2pc_wire_packet and struct l2pc_wire; @sent: of super_describe(). */
struct wire_case {
	u32 len, network, tag, type, segments, size, protocol;
	s32 transport, inner_transport, inner;
	u32 inner_protocol, inner_ipproto;
	u32 packets, bytes, malformed;
	u32 sent;
};

#endif /* WIRE_CASE_H */
