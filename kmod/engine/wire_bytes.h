/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Access to the bytes of a super-packet's headers.
 * Copyright (C) the l2packet_counter authors
 *
 * The module reads them in place. A BPF program has a pointer to the linear part only, at
 * which the verifier allows no computed offset: it copies them, also from fragments.
 */
#ifndef L2PC_WIRE_BYTES_H
#define L2PC_WIRE_BYTES_H

#include <linux/types.h>

#include "wire_packet.h"

#ifdef __bpf__
/* The most bytes that are read at once: an IPv4 header, or TCP's. */
#define L2PC_WIRE_COPY	20
/* All bytes are readable. */
#define L2PC_WIRE_IN_PLACE	false

/* The condition of a loop that ends by itself, which the verifier cannot know. */
#define L2PC_WIRE_LOOP	can_loop

static __always_inline const u8 *l2pc_wire_bytes(const struct l2pc_wire_packet *packet,
						 u32 at, u32 len, u8 *copy)
{
	return bpf_skb_load_bytes(packet->skb, at, copy, len) ? NULL : copy;
}
#else
#define L2PC_WIRE_COPY	0
#define L2PC_WIRE_IN_PLACE	true
#define L2PC_WIRE_LOOP	true

/**
 * l2pc_wire_bytes() - read bytes of a super-packet's headers
 * @packet: description of the super-packet
 * @at: offset of the first byte; all bytes are readable
 * @len: number of bytes
 * @copy: where a BPF program copies them to
 *
 * Return: the bytes; NULL: a BPF program cannot read them.
 */
static inline const u8 *l2pc_wire_bytes(const struct l2pc_wire_packet *packet, u32 at,
					u32 len, u8 *copy)
{
	return packet->head + at;
}
#endif

#endif
