/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
/* jhash_2words(), Bob Jenkins' lookup3 as in the kernel's <linux/jhash.h>. */
#ifndef L2PC_USER_JHASH_H
#define L2PC_USER_JHASH_H

#include <linux/types.h>

static inline u32 shim_rol32(u32 word, unsigned int shift)
{
	return word << shift | word >> (32 - shift);
}

static inline u32 jhash_2words(u32 a, u32 b, u32 initval)
{
	u32 c = initval + 0xdeadbeef + (2 << 2);

	a += c;
	b += c;
	c ^= b; c -= shim_rol32(b, 14);
	a ^= c; a -= shim_rol32(c, 11);
	b ^= a; b -= shim_rol32(a, 25);
	c ^= b; c -= shim_rol32(b, 16);
	a ^= c; a -= shim_rol32(c, 4);
	b ^= a; b -= shim_rol32(a, 14);
	c ^= b; c -= shim_rol32(b, 24);
	return c;
}

#endif
