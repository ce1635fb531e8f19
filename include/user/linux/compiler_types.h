/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
#ifndef L2PC_USER_COMPILER_TYPES_H
#define L2PC_USER_COMPILER_TYPES_H

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#undef __always_inline
#define __always_inline		inline __attribute__((__always_inline__))
#define noinline		__attribute__((__noinline__))
#define __aligned(x)		__attribute__((__aligned__(x)))
#define __maybe_unused		__attribute__((__unused__))
#define __percpu
#define fallthrough		__attribute__((__fallthrough__))
#define OPTIMIZER_HIDE_VAR(x)	__asm__ ("" : "=r" (x) : "0" (x))

#endif
