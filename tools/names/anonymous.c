// SPDX-License-Identifier: GPL-2.0
/*
 * Other addresses in the place of the real ones: a keyed hash, SipHash-2-4.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "names/names.h"
#include "util/errors.h"

#define ROTATE(x, n)	((x) << (n) | (x) >> (64 - (n)))

static void sip_rounds(uint64_t v[4], int count)
{
	while (count--) {
		v[0] += v[1], v[1] = ROTATE(v[1], 13), v[1] ^= v[0], v[0] = ROTATE(v[0], 32);
		v[2] += v[3], v[3] = ROTATE(v[3], 16), v[3] ^= v[2];
		v[0] += v[3], v[3] = ROTATE(v[3], 21), v[3] ^= v[0];
		v[2] += v[1], v[1] = ROTATE(v[1], 17), v[1] ^= v[2], v[2] = ROTATE(v[2], 32);
	}
}

static uint64_t siphash(const uint64_t key[2], const void *data, size_t size)
{
	const uint8_t *p = data;
	uint64_t v[4] = {
		key[0] ^ UINT64_C(0x736f6d6570736575), key[1] ^ UINT64_C(0x646f72616e646f6d),
		key[0] ^ UINT64_C(0x6c7967656e657261), key[1] ^ UINT64_C(0x7465646279746573),
	};

	/* The last word has the rest of the text, and its size. */
	for (size_t at = 0; at <= size; at += 8) {
		uint64_t word = at + 8 > size ? (uint64_t)size << 56 : 0;

		for (size_t i = at; i < size && i < at + 8; i++)
			word |= (uint64_t)p[i] << 8 * (i - at);
		v[3] ^= word;
		sip_rounds(v, 2);
		v[0] ^= word;
	}
	v[2] ^= 0xff;
	sip_rounds(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* A key that was typed may have any length. */
static void make_key(uint64_t key[2])
{
	const char *typed = getenv("L2PC_ANONYMIZE_KEY");

	if (typed && typed[0]) {
		const uint64_t one[2] = { 1, 0 }, two[2] = { 2, 0 };

		key[0] = siphash(one, typed, strlen(typed));
		key[1] = siphash(two, typed, strlen(typed));
	} else if (getrandom(key, 2 * sizeof(key[0]), 0) != 2 * sizeof(key[0])) {
		error_print("cannot read random numbers");
		exit(STATUS_FAILED);
	}
}

void anonymous_mac(uint8_t mac[6])
{
	static uint64_t key[2];
	static bool known;
	uint64_t hash;

	if (!known)
		make_key(key);
	known = true;
	hash = siphash(key, mac, 6);
	for (int i = 0; i < 6; i++)
		mac[i] = (uint8_t)(hash >> 8 * i);
	mac[0] = (uint8_t)((mac[0] | 2) & ~1);
}
