/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
/* Writers of all possible CPUs, in the arena. */
#ifndef L2PC_RUN_PERCPU_H
#define L2PC_RUN_PERCPU_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "run/arena.h"

#define run_percpu_at(pointer, cpu) \
	((__typeof__(pointer))((char *)(pointer) + (size_t)(cpu) * L2PC_BPF_STRIDE))

#define alloc_percpu(type) ({						\
	_Static_assert(sizeof(type) <= L2PC_BPF_STRIDE, #type);		\
	(type *)arena_percpu_alloc(); })
#define free_percpu(pointer)		arena_percpu_free(pointer)

#define per_cpu_ptr(pointer, cpu)	run_percpu_at(pointer, cpu)
#define for_each_possible_cpu(cpu)	for ((cpu) = 0; (cpu) < arena_cpus; (cpu)++)
#define num_possible_cpus()		arena_cpus

#endif
