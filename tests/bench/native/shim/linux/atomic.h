/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_ATOMIC_H
#define NATIVE_ATOMIC_H

#include <linux/compiler.h>

#define xchg(pointer, value)	__atomic_exchange_n(pointer, value, __ATOMIC_SEQ_CST)
#define cmpxchg(pointer, old, new) ({					\
	__typeof__(*(pointer)) expected_ = (old);			\
	__atomic_compare_exchange_n(pointer, &expected_, new, false,	\
				    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
	expected_; })
#define smp_load_acquire(pointer)	__atomic_load_n(pointer, __ATOMIC_ACQUIRE)
#define smp_store_release(pointer, value) \
	__atomic_store_n(pointer, value, __ATOMIC_RELEASE)

#endif
