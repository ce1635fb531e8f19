// SPDX-License-Identifier: GPL-2.0
/*
 * l2pc_wire_count() with super-packets from libFuzzer, and the properties of every
 * result, for any headers. tests/unit/superpacket.h uses both.
 * Copyright (C) the l2packet_counter authors
 *
 * An input is a description of 24 bytes, followed by the frame's first bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "shim.h"
#include "unit.h"
#include "wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Count with @readable bytes in an allocation of exactly that size, so that ASan reports
 * a read behind them.
 */
static bool wire_count_readable(const struct l2pc_wire_packet *packet,
				u32 readable, struct l2pc_wire *wire)
{
	struct l2pc_wire_packet shorter = *packet;
	u8 *head = malloc(readable ? readable : 1);
	bool done;

	/* Overwrite an earlier result. */
	memset(wire, 0xee, sizeof(*wire));
	memcpy(head, packet->head, readable);
	shorter.head = head;
	shorter.readable = readable;
	done = l2pc_wire_count(&shorter, wire);
	free(head);
	return done;
}

static u32 wire_smaller(u32 x, u32 y)
{
	return x < y ? x : y;
}

/* Count, and check the properties of every result. */
static struct l2pc_wire wire_check(const struct l2pc_wire_packet *packet)
{
	u32 longest = wire_smaller(packet->len, L2PC_WIRE_HEADERS_MAX);
	u32 unit = packet->type & L2PC_WIRE_SCTP ? 4 :
		   packet->size ? packet->size : 1;
	struct l2pc_wire wire, other;
	u32 fewer;

	CHECK(packet->readable >= longest);
	CHECK(wire_count_readable(packet, longest, &wire));
	CHECK(wire.packets >= 1);
	CHECK(wire.packets == 1 || wire.packets <= (packet->len - 1) / unit + 1);
	CHECK(wire.bytes <= packet->len +
			    (u64)wire.packets * L2PC_WIRE_SEGMENT_MAX);
	/* Only a jumbo option is not on the wire. */
	CHECK(wire.bytes + 8ULL >= packet->len + packet->tag);
	if (wire.malformed) {
		CHECK_EQ(wire.packets, 1);
		CHECK_EQ(wire.bytes, packet->len + packet->tag);
	}
	/* The number of readable bytes does not change the result. */
	for (fewer = 0; fewer < longest; fewer = fewer * 2 + 1)
		if (wire_count_readable(packet, fewer, &other))
			CHECK(!memcmp(&wire, &other, sizeof(wire)));
	if (packet->readable > longest && wire_count_readable(packet, packet->readable, &other))
		CHECK(!memcmp(&wire, &other, sizeof(wire)));
	return wire;
}

static u32 wire_le(const uint8_t *from, u32 bytes)
{
	u32 value = 0;

	while (bytes--)
		value = value << 8 | from[bytes];
	return value;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const u16 protocols[] = {
		0x0800, 0x86dd, 0x8100, 0x88a8, 0x8847, 0x894f, 0x8864, 0x6558,
	};
	static u8 head[2 * L2PC_WIRE_HEADERS_MAX];
	struct l2pc_wire_packet packet = { .head = head };
	u32 frame;

	if (size < 24)
		return 0;
	frame = wire_smaller(size - 24, sizeof(head));
	memset(head, 0, sizeof(head));
	memcpy(head, data + 24, frame);
	packet.type = wire_le(data, 2) & 0x3ff;
	/* Up to 8 MiB, more than any skb, and never shorter than the input. */
	packet.len = frame + (wire_le(data + 2, 3) >> (data[5] & 0x1f));
	packet.readable = wire_smaller(packet.len, sizeof(head));
	packet.tag = data[5] & 0x20 ? 4 : 0;
	packet.network = data[5] & 0x40 ? data[6] : 14;
	packet.protocol = data[5] & 0x80 ? wire_le(data + 7, 2) :
					  protocols[data[7] % 8];
	packet.size = wire_le(data + 9, 2);
	packet.segments = wire_le(data + 11, 3);
	packet.transport = (s16)wire_le(data + 14, 2);
	packet.inner_transport = (s16)wire_le(data + 16, 2);
	packet.inner = (s16)wire_le(data + 18, 2);
	packet.inner_protocol = data[22] & 0x80 ? wire_le(data + 20, 2) :
			       data[22] & 0x40 ? 0 : protocols[data[20] % 8];
	packet.inner_ipproto = data[23];
	if (packet.len)
		wire_check(&packet);
	return 0;
}
