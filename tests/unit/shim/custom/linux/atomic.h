/* SPDX-License-Identifier: GPL-2.0 */
/* Value-returning kernel atomics are full barriers. */
#ifndef SHIM_ATOMIC_H
#define SHIM_ATOMIC_H

#include <linux/compiler.h>
#include <linux/types.h>

#define xchg(pointer, value) ({						\
	shim_point();							\
	__atomic_exchange_n(pointer, value, __ATOMIC_SEQ_CST); })

#define cmpxchg(pointer, old, new) ({					\
	__typeof__(*(pointer)) expected_ = (old);			\
	shim_point();							\
	__atomic_compare_exchange_n(pointer, &expected_, new, false,	\
				    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
	expected_; })

#define smp_load_acquire(pointer) \
	({ shim_point(); __atomic_load_n(pointer, __ATOMIC_ACQUIRE); })
#define smp_store_release(pointer, value) \
	({ shim_point(); __atomic_store_n(pointer, value, __ATOMIC_RELEASE); })
typedef struct { long counter; } atomic_long_t;
#define ATOMIC_LONG_INIT(value)	{ value }

static inline long atomic_long_add_return(long value, atomic_long_t *to)
{
	return __atomic_add_fetch(&to->counter, value, __ATOMIC_SEQ_CST);
}

static inline void atomic_long_sub(long value, atomic_long_t *from)
{
	__atomic_sub_fetch(&from->counter, value, __ATOMIC_RELAXED);
}

typedef struct { s64 counter; } atomic64_t;
#define ATOMIC64_INIT(value)	{ value }

static inline s64 atomic64_read(const atomic64_t *from)
{
	return __atomic_load_n(&from->counter, __ATOMIC_RELAXED);
}

static inline void atomic64_set(atomic64_t *to, s64 value)
{
	__atomic_store_n(&to->counter, value, __ATOMIC_RELAXED);
}

/* TSan knows no fences, but operations. */
#define smp_mb()	({ int fence_ = 0; __atomic_fetch_add(&fence_, 1, __ATOMIC_SEQ_CST); \
	(void)fence_; })

#endif
