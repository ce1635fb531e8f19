/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
/* Value-returning atomics: acquire and release, and not full barriers as in the kernel. */
#ifndef L2PC_RUN_ATOMIC_H
#define L2PC_RUN_ATOMIC_H

#include <linux/compiler.h>
#include <linux/types.h>

#define xchg(pointer, value)	__atomic_exchange_n(pointer, value, __ATOMIC_SEQ_CST)

#define cmpxchg(pointer, old, new) ({					\
	__typeof__(*(pointer)) expected_ = (old);			\
	__atomic_compare_exchange_n(pointer, &expected_, new, false,	\
				    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
	expected_; })

#define smp_mb()	__atomic_thread_fence(__ATOMIC_SEQ_CST)
#define smp_load_acquire(pointer)	__atomic_load_n(pointer, __ATOMIC_ACQUIRE)

/* One thread only. */
typedef struct { long counter; } atomic_long_t;
#define ATOMIC_LONG_INIT(value)	{ value }

static inline long atomic_long_add_return(long value, atomic_long_t *to)
{
	return to->counter += value;
}

static inline void atomic_long_sub(long value, atomic_long_t *from)
{
	from->counter -= value;
}

typedef struct { s64 counter; } atomic64_t;
#define ATOMIC64_INIT(value)	{ value }

static inline s64 atomic64_read(const atomic64_t *from)
{
	return from->counter;
}

static inline void atomic64_set(atomic64_t *to, s64 value)
{
	to->counter = value;
}

#endif
