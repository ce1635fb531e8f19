/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Per-CPU variables: each thread is a CPU. The kernel addresses them relative to %gs in
 * one load; here the offset is a separate load.
 */
#ifndef NATIVE_PERCPU_H
#define NATIVE_PERCPU_H

#include <linux/compiler.h>
#include <stdlib.h>

#define NATIVE_CPUS	2
#define NATIVE_STRIDE	4096

extern __thread unsigned long native_offset;

#define per_cpu_ptr(pointer, cpu) \
	((__typeof__(pointer))((char *)(pointer) + (cpu) * NATIVE_STRIDE))
#define this_cpu_ptr(pointer) \
	((__typeof__(pointer))((char *)(pointer) + native_offset))
#define this_cpu_read(lvalue)	READ_ONCE(*this_cpu_ptr(&(lvalue)))
#define for_each_possible_cpu(cpu)	for ((cpu) = 0; (cpu) < NATIVE_CPUS; (cpu)++)

void *native_zeroed(size_t size);

#define alloc_percpu(type) ({						\
	_Static_assert(sizeof(type) <= NATIVE_STRIDE, #type);		\
	(type *)native_zeroed(NATIVE_CPUS * NATIVE_STRIDE); })
#define free_percpu(pointer)	free(pointer)

#endif
