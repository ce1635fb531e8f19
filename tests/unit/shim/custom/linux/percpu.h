/* SPDX-License-Identifier: GPL-2.0 */
/* Per-CPU variables are arrays. Only a task in softirq is on a CPU. */
#ifndef SHIM_PERCPU_H
#define SHIM_PERCPU_H

#include <linux/compiler.h>
#include <shim.h>

#define SHIM_PERCPU_STRIDE	512

#define shim_percpu_at(pointer, cpu) \
	((__typeof__(pointer))((char *)(pointer) + \
			       (size_t)(cpu) * SHIM_PERCPU_STRIDE))

#define alloc_percpu(type) ({						\
	_Static_assert(sizeof(type) <= SHIM_PERCPU_STRIDE, #type);	\
	(type *)shim_alloc(SHIM_CPUS * SHIM_PERCPU_STRIDE, GFP_KERNEL | __GFP_ZERO, \
			   SHIM_PERCPU); })
#define free_percpu(pointer)		shim_free(pointer, SHIM_PERCPU)

#define per_cpu_ptr(pointer, cpu)	shim_percpu_at(pointer, cpu)
#define this_cpu_ptr(pointer)		shim_percpu_at(pointer, shim_cpu())
#define this_cpu_read(lvalue)		READ_ONCE(*shim_percpu_at(&(lvalue), shim_cpu()))
#define for_each_possible_cpu(cpu)	for ((cpu) = 0; (cpu) < SHIM_CPUS; (cpu)++)
#define num_possible_cpus()		SHIM_CPUS

#endif
