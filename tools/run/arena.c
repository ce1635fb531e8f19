// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that the packet path reaches: tables and writers, in a BPF arena.
 * Copyright (C) the l2packet_counter authors
 *
 * Blocks are powers of two of pages. A free block is used again, split if it is bigger
 * than needed: the kernel takes 11 to 25 microseconds to free a page of an arena, and
 * about as long to give it. So a port's tables after a flood stay with this process.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "run/arena.h"
#include "run/program.h"
#include "platform.h"

/* The smallest page of any kernel. */
#define PAGE_MIN	4096UL
#define ORDERS		21

int arena_cpus;

/* A free block. Its first bytes link it. */
struct block {
	struct block *next;
};

static struct block *free_blocks[ORDERS];
static unsigned long page, start, unused;
/* By page: the order of the block that starts there. */
static unsigned char orders[L2PC_BPF_ARENA_SIZE / PAGE_MIN];

static unsigned char *block_order(const void *block)
{
	return &orders[((unsigned long)block - start) / page];
}

static void *block_new(int order)
{
	unsigned long size = page << order;
	void *block = (void *)unused;

	if (unused + size > start + L2PC_BPF_ARENA_SIZE || program_pages(unused, size / page))
		return NULL;
	unused += size;
	return block;
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
	block = block_take(order);
	if (!block)
		block = block_new(order);
	if (block)
		*block_order(block) = (unsigned char)order;
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
	start = (unsigned long)program_arena();
	/* The first page stays free: no table has the address 0 in its lower 32 bits. */
	unused = start + page;
	nothing = l2pc_memory_alloc(sizeof(*nothing), 0);
	if (!nothing)
		return -ENOMEM;
	l2pc_table_none_init(nothing);
	return 0;
}

void *arena_percpu_alloc(void)
{
	struct l2pc_bpf_port *port;

	port = l2pc_memory_alloc(sizeof(*port) + (size_t)arena_cpus * L2PC_BPF_STRIDE, 0);
	return port ? port + 1 : NULL;
}

struct l2pc_bpf_port *arena_port(void *writers)
{
	return (struct l2pc_bpf_port *)writers - 1;
}

void arena_percpu_free(void *writers)
{
	if (writers)
		l2pc_memory_free(arena_port(writers));
}
