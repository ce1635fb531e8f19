/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory that the packet path reaches: tables and writers, in a BPF arena or in maps.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_RUN_ARENA_H
#define L2PC_TOOL_RUN_ARENA_H

#include <stddef.h>

#include "shared.h"

/* Number of possible CPUs. */
extern int arena_cpus;

/*
 * arena_init() - put l2pc_table_none into the memory of program_init()
 *
 * Return: 0 or a negative errno
 */
int arena_init(void);

/* arena_percpu_alloc() - allocate writers of all CPUs, behind settings; NULL: no memory */
void *arena_percpu_alloc(void);

void arena_percpu_free(void *writers);

/* arena_port() - the settings in front of writers */
struct l2pc_bpf_port *arena_port(void *writers);

/* arena_port_fd() - their map; -1: they are in the arena */
int arena_port_fd(const void *writers);

#endif /* L2PC_TOOL_RUN_ARENA_H */
