// SPDX-License-Identifier: GPL-2.0
/*
 * l2pc_wire_count() of the engine, and with every super-packet also the BPF program's: both
 * must give the same. Linked with the unit tests of wire.c, which expect the counts.
 * Copyright (C) the l2packet_counter authors
 *
 * WIRE_OBJECT names the object of wire.bpf.c.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/minmax.h>
#include <linux/types.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "unit.h"
#include "wire.h"
#include "wire_case.h"

#define READ_MOST	(2 * L2PC_WIRE_HEADERS_MAX)
/* BPF_PROG_TEST_RUN refuses less than an Ethernet header and an IP header. */
#define FRAME_LEAST	60U

bool engine_wire_count(const struct l2pc_wire_packet *packet, struct l2pc_wire *wire);

static struct wire_case *shared;
static int count_fd = -1;

static void die(const char *what)
{
	fprintf(stderr, "program.c: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* Before the tests, each of which is a process of its own. */
static void __attribute__((__constructor__)) program_load(void)
{
	const char *name = getenv("WIRE_OBJECT");
	struct bpf_object *object = name ? bpf_object__open_file(name, NULL) : NULL;
	struct bpf_program *program;
	struct bpf_map *map;
	size_t size;

	if (!object)
		die("WIRE_OBJECT");
	bpf_object__for_each_map(map, object)
		if (bpf_map__type(map) == BPF_MAP_TYPE_ARENA)
			bpf_map__set_max_entries(map, 16);
	if (bpf_object__load(object))
		die("cannot load");
	bpf_object__for_each_map(map, object)
		if (strstr(bpf_map__name(map), ".bss"))
			shared = bpf_map__initial_value(map, &size);
	program = bpf_object__find_program_by_name(object, "wire_count");
	if (!shared || !program)
		die("no such program");
	count_fd = bpf_program__fd(program);
}

static void program_count(const struct l2pc_wire_packet *packet, struct l2pc_wire *wire)
{
	static unsigned char frame[READ_MOST];
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame, .repeat = 1);
	u32 readable = packet->readable < READ_MOST ? packet->readable : READ_MOST;

	memset(frame, 0, sizeof(frame));
	memcpy(frame, packet->head, readable);
	options.data_size_in = readable < FRAME_LEAST ? FRAME_LEAST : readable;
	*shared = (struct wire_case){
		.len = packet->len, .network = packet->network, .tag = packet->tag,
		.type = packet->type, .segments = packet->segments, .size = packet->size,
		.protocol = packet->protocol, .transport = packet->transport,
		.inner_transport = packet->inner_transport, .inner = packet->inner,
		.inner_protocol = packet->inner_protocol,
		.inner_ipproto = packet->inner_ipproto,
	};
	if (bpf_prog_test_run_opts(count_fd, &options))
		die("BPF_PROG_TEST_RUN");
	wire->packets = shared->packets;
	wire->bytes = shared->bytes;
	wire->malformed = shared->malformed;
}

bool l2pc_wire_count(const struct l2pc_wire_packet *packet, struct l2pc_wire *wire)
{
	bool done = engine_wire_count(packet, wire);
	struct l2pc_wire other;

	/* A program has all bytes of the skb. */
	if (packet->readable < min(packet->len, L2PC_WIRE_HEADERS_MAX))
		return done;
	program_count(packet, &other);
	CHECK_EQ(other.packets, wire->packets);
	CHECK_EQ(other.bytes, wire->bytes);
	CHECK_EQ(other.malformed, wire->malformed);
	CHECK(other.packets > 0);
	return done;
}
