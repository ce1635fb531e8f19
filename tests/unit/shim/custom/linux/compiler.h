/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Each access is a C11 atomic access, so that TSan sees what the kernel's memory model
 * promises and no more. A READ_ONCE() of a pointer orders later reads through it (address
 * dependency). C11 has no working consume, so it is an acquire; other types are
 * relaxed. As in the kernel, more than a word is not a single access. Another simulated
 * CPU may run at each access.
 */
#ifndef SHIM_COMPILER_H
#define SHIM_COMPILER_H

#include <linux/compiler_types.h>
#include <linux/types.h>
#include <shim.h>

#define shim_is_pointer(x)	(__builtin_classify_type(x) == 5)
#define shim_is_long(x)		(sizeof(x) > sizeof(long))
#define shim_volatile(x)	(*(volatile __typeof__(x) *)&(x))
#define shim_consume(x)							\
	__builtin_choose_expr(shim_is_pointer(x),			\
			      __atomic_load_n(&(x), __ATOMIC_ACQUIRE),	\
	__builtin_choose_expr(shim_is_long(x), shim_volatile(x),	\
			      __atomic_load_n(&(x), __ATOMIC_RELAXED)))

#define READ_ONCE(x)		({ shim_point(); shim_consume(x); })
#define WRITE_ONCE(x, value) ({						\
	shim_point();							\
	if (shim_is_long(x))						\
		shim_volatile(x) = (value);				\
	else								\
		__atomic_store_n(&(x), (value), __ATOMIC_RELAXED); })

/* data_race(): the race of this access is intended. */
#define data_race(expr) ({						\
	shim_point();							\
	shim_ignore_begin();						\
	__auto_type race_ = (expr);					\
	shim_ignore_end();						\
	race_; })

#define barrier()		__asm__ __volatile__ ("" : : : "memory")

#endif
