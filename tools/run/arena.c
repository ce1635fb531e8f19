// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that the packet path reaches: tables and writers, in a BPF arena or in maps.
 * Copyright (C) the l2packet_counter authors
 *
 * Blocks are powers of two of pages. In an arena a free block is used again, split if it
 * is bigger than needed: the kernel takes 11 to 25 microseconds to free a page of an arena,
 * and about as long to give it. Without an arena a block is a map, at a slot of its own,
 * which is used again as a whole: a new one waits for a grace period. So a port's tables
 * after a flood stay with this process.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/arena.h"
#include "run/maps.h"
#include "run/program.h"
#include "platform.h"

/* The smallest page of any kernel. */
#define PAGE_MIN	4096UL
#define ORDERS		21

/* A map that is this much bigger than needed, as log2, is taken before a new one is made. */
#define WHOLE_MORE	2

int arena_cpus;

/* A free block. Its first bytes link it. */
struct block {
	struct block *next;
};

static struct block *free_blocks[ORDERS];
/* Addresses of blocks are multiples of a step: a page, or a slot. */
static unsigned long page, step, start, unused, end;
static bool in_maps;
/* By step: the order of the block that starts there. */
static unsigned char orders[L2PC_BPF_ARENA_SIZE / PAGE_MIN];

/* The map of writers, by slot. */
static int *port_fds;
static struct block *free_ports;

static unsigned long step_of(const void *block)
{
	return ((unsigned long)block - start) / step;
}

static unsigned char *block_order(const void *block)
{
	return &orders[step_of(block)];
}

static void *block_new(int order)
{
	unsigned long size = page << order;
	void *block = (void *)unused;

	if (in_maps ? size > step : size > end - unused)
		return NULL;
	if (unused >= end || (in_maps ? maps_table_new(unused, size) :
					program_pages(unused, size / page)))
		return NULL;
	unused += in_maps ? step : size;
	*block_order(block) = (unsigned char)order;
	return block;
}

/* Take a free block of an order, or of the next bigger ones up to @most. */
static void *block_take_whole(int order, int most)
{
	struct block *block;

	for (int from = order; from < ORDERS && from <= most; from++) {
		block = free_blocks[from];
		if (!block)
			continue;
		free_blocks[from] = block->next;
		memset(block, 0, page << order);
		return block;
	}
	return NULL;
}

static void *block_take(int order)
{
	struct block *block;
	int from = order;

	while (from < ORDERS && !free_blocks[from])
		from++;
	if (from == ORDERS)
		return NULL;
	block = free_blocks[from];
	free_blocks[from] = block->next;
	while (from > order) {
		struct block *half = (struct block *)((char *)block + (page << --from));

		*block_order(half) = (unsigned char)from;
		half->next = free_blocks[from];
		free_blocks[from] = half;
	}
	memset(block, 0, page << order);
	*block_order(block) = (unsigned char)order;
	return block;
}

void *l2pc_memory_alloc(size_t size, int node)
{
	void *block;
	int order = 0;

	(void)node;
	while (page << order < size)
		order++;
	if (order >= ORDERS)
		return NULL;
	block = in_maps ? block_take_whole(order, order + WHOLE_MORE) : block_take(order);
	if (!block)
		block = block_new(order);
	if (!block && in_maps)
		block = block_take_whole(order, ORDERS);
	return block;
}

void l2pc_memory_free(void *memory)
{
	struct block *block = memory;
	int order;

	if (!block)
		return;
	order = *block_order(block);
	block->next = free_blocks[order];
	free_blocks[order] = block;
}

int arena_init(void)
{
	struct l2pc_table_nothing *nothing;

	arena_cpus = program_cpus();
	page = (unsigned long)sysconf(_SC_PAGESIZE);
	in_maps = !program_arena();
	start = in_maps ? maps_start() : (unsigned long)program_arena();
	end = in_maps ? maps_end() : start + L2PC_BPF_ARENA_SIZE;
	step = in_maps ? 1UL << L2PC_BPF_SLOT_SHIFT : page;
	/* The first page stays free: no table has the address 0 in its lower 32 bits. */
	unused = in_maps ? start : start + page;
	if (in_maps) {
		port_fds = calloc((end - start) / step, sizeof(*port_fds));
		if (!port_fds)
			return -ENOMEM;
	}
	nothing = l2pc_memory_alloc(sizeof(*nothing), 0);
	if (!nothing)
		return -ENOMEM;
	l2pc_table_none_init(nothing);
	return 0;
}

/* Without an arena writers are an array of their own, which the program looks up at once. */
static void *port_block_new(size_t size)
{
	void *block = free_ports ? (void *)free_ports : (void *)unused;
	int fd;

	if (free_ports) {
		free_ports = free_ports->next;
		memset(block, 0, size);
		return block;
	}
	if (unused >= end)
		return NULL;
	fd = maps_writers_new(unused, (unsigned int)(size / L2PC_BPF_STRIDE));
	if (fd < 0)
		return NULL;
	port_fds[step_of(block)] = fd;
	unused += step;
	return block;
}

void *arena_percpu_alloc(void)
{
	size_t size = (size_t)(arena_cpus + 1) * L2PC_BPF_STRIDE;
	struct l2pc_bpf_port *port;

	_Static_assert(sizeof(*port) == L2PC_BPF_STRIDE, "settings are in front of writers");
	port = in_maps ? port_block_new(size) : l2pc_memory_alloc(size, 0);
	return port ? port + 1 : NULL;
}

struct l2pc_bpf_port *arena_port(void *writers)
{
	return (struct l2pc_bpf_port *)writers - 1;
}

int arena_port_fd(const void *writers)
{
	return in_maps ? port_fds[step_of(writers)] : -1;
}

void arena_percpu_free(void *writers)
{
	struct block *block;

	if (!writers)
		return;
	block = (struct block *)arena_port(writers);
	if (!in_maps) {
		l2pc_memory_free(block);
		return;
	}
	block->next = free_ports;
	free_ports = block;
}
