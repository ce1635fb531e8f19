/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hash of stations, in C and in BPF C.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_HASH_H
#define L2PC_HASH_H

#include <linux/types.h>

#include "layout.h"

#ifdef L2PC_ENGINE_BPF

/**
 * l2pc_hash() - hash a station
 * @hash_key: two random words
 * @key: the station
 *
 * BPF multiplies to 64 bits only. So this multiplies by a random word twice, and folds
 * the upper half in before, between and after. tests/unit/test_hash.c passes, as with the
 * hash below. Fifteen similar ones, of one multiplication or with other shifts, do not.
 *
 * Return: the hash; only bits 5 and up are usable.
 */
static __always_inline u64 l2pc_hash(const u64 L2PC_ARENA *hash_key, u64 key)
{
	u64 factor = hash_key[1];

	key ^= hash_key[0];
	key ^= key >> 32;
	key *= factor;
	key ^= key >> 29;
	key *= factor;
	return key ^ key >> 32;
}

#elif BITS_PER_LONG == 64

/*
 * Multiply 64 x 64 to 128 bits. Inline assembly on x86: for a 128-bit variable the
 * compiler aligns the stack, four instructions a packet.
 */
static __always_inline u64 l2pc_multiply(u64 a, u64 b, u64 *high)
{
#ifdef __x86_64__
	asm("mulq %3" : "=a" (a), "=d" (*high) : "0" (a), "rm" (b) : "cc");
	return a;
#else
	unsigned __int128 product = (unsigned __int128)a * b;

	*high = product >> 64;
	return product;
#endif
}

/**
 * l2pc_hash() - hash a station
 * @hash_key: two random words
 * @key: the station
 *
 * Multiplies by a random word, folds in half, and multiplies again. With one round, or
 * with a plain multiply-shift, some hash keys map structured addresses to few cells
 * (mean probes of several hundred). With two rounds, probe lengths are those of a
 * random function: tests/unit/test_hash.c measures both.
 *
 * Return: the hash; only bits 5 and up are usable.
 */
static __always_inline u64 l2pc_hash(const u64 hash_key[2], u64 key)
{
	u64 high;

	key = l2pc_multiply(key ^ hash_key[0], hash_key[1], &high);
	l2pc_multiply(key ^ high, hash_key[1], &high);
	return high;
}

#else

#include <linux/jhash.h>

/* On 32 bit: the kernel's own hash. */
static __always_inline u64 l2pc_hash(const u64 hash_key[2], u64 key)
{
	return jhash_2words((u32)key, (u32)(key >> 32), (u32)hash_key[0]);
}

#endif

#endif /* L2PC_HASH_H */
