// SPDX-License-Identifier: GPL-2.0
/*
 * l2pc_wire_count() as the programs of `l2pc run` have it, with a given description: the
 * data of the skb are the bytes of the headers.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/types.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "cells.h"
#include "super.h"
#include "wire_case.h"

struct wire_case wire_case;

SEC("tc")
int wire_count(struct __sk_buff *skb)
{
	const struct wire_case *from = &wire_case;
	struct l2pc_wire_packet packet = {
		.skb = skb,
		.len = from->len,
		.network = from->network,
		.tag = from->tag,
		.type = from->type,
		.segments = from->segments,
		.size = from->size,
		.protocol = from->protocol,
		.transport = from->transport,
		.inner_transport = from->inner_transport,
		.inner = from->inner,
		.inner_protocol = from->inner_protocol,
		.inner_ipproto = from->inner_ipproto,
	};
	struct l2pc_wire wire = {};

	l2pc_wire_count(&packet, &wire);
	wire_case.packets = wire.packets;
	wire_case.bytes = wire.bytes;
	wire_case.malformed = wire.malformed;
	return 0;
}

/* The description that the programs would make of the skb. */
SEC("tc")
int wire_describe(struct __sk_buff *skb)
{
	struct l2pc_wire_packet packet = {};

	super_describe(skb, wire_case.sent, &packet);
	wire_case.len = packet.len;
	wire_case.network = packet.network;
	wire_case.tag = packet.tag;
	wire_case.type = packet.type;
	wire_case.segments = packet.segments;
	wire_case.size = packet.size;
	wire_case.protocol = packet.protocol;
	wire_case.transport = packet.transport;
	wire_case.inner_transport = packet.inner_transport;
	wire_case.inner = packet.inner;
	wire_case.inner_protocol = packet.inner_protocol;
	wire_case.inner_ipproto = packet.inner_ipproto;
	return 0;
}

char _license[] SEC("license") = "GPL";
