/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory that the packet path reaches where the kernel has no BPF arena: array maps in a
 * map of maps, each mapped at the address of its slot.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_RUN_MAPS_H
#define L2PC_TOOL_RUN_MAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * maps_init() - make the map of maps, and reserve addresses for its slots
 * @is_stored: whether programs find a map at a slot
 *
 * Return: 0 or a negative errno
 */
int maps_init(bool (*is_stored)(uint32_t index));

/* maps_start(), maps_end() - the addresses of all slots */
uintptr_t maps_start(void);
uintptr_t maps_end(void);

/* maps_fd() - the map of maps */
int maps_fd(void);

/*
 * maps_table_new() - make the map of a slot, which the program can look up
 * @slot: address of a slot that has none
 * @size: bytes, a multiple of the page size
 *
 * Return: 0 or a negative errno
 */
int maps_table_new(uintptr_t slot, size_t size);

/*
 * maps_writers_new() - make a port's array of settings and writers at a slot
 * @count: number of elements of L2PC_BPF_STRIDE bytes
 *
 * Return: its file descriptor, or a negative errno
 */
int maps_writers_new(uintptr_t slot, unsigned int count);

#endif /* L2PC_TOOL_RUN_MAPS_H */
