// SPDX-License-Identifier: GPL-2.0
/*
 * The memory of tables for the engine of `l2pc run`, kmod/engine/platform.h.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/mm.h>

#include "table.h"

#ifdef L2PC_ENGINE_BPF

static struct l2pc_table_nothing nothing;

__attribute__((constructor)) static void none_init(void)
{
	l2pc_table_none_init(&nothing);
}

void *l2pc_memory_alloc(size_t size, int node)
{
	return kvzalloc_node(size, GFP_KERNEL, node);
}

void l2pc_memory_free(void *memory)
{
	kvfree(memory);
}

#endif
