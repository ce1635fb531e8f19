/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
/* Like the kernel's, these refuse to compare different types. */
#ifndef L2PC_USER_MINMAX_H
#define L2PC_USER_MINMAX_H

#include <linux/array_size.h>

#define shim_compare(x, y, op) ({					\
	__auto_type x_ = (x);						\
	__auto_type y_ = (y);						\
	_Static_assert(__builtin_types_compatible_p(__typeof__(x_),	\
						    __typeof__(y_)),	\
		       "min/max of different types");			\
	x_ op y_ ? x_ : y_; })

#define min(x, y)		shim_compare(x, y, <)
#define max(x, y)		shim_compare(x, y, >)
#define min3(x, y, z)		min((__typeof__(x))min(x, y), z)
#define max3(x, y, z)		max((__typeof__(x))max(x, y), z)
#define min_t(type, x, y)	min((type)(x), (type)(y))
#define max_t(type, x, y)	max((type)(x), (type)(y))
#define clamp(x, low, high)	min((__typeof__(x))max(x, low), high)
#define clamp_t(type, x, low, high) \
	min_t(type, max_t(type, x, low), high)
#define swap(a, b) \
	do { __typeof__(a) swap_ = (a); (a) = (b); (b) = swap_; } while (0)

#endif
