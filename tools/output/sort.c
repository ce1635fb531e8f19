// SPDX-License-Identifier: GPL-2.0
/*
 * Sorting of stations by a number.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdlib.h>
#include <string.h>

#include "output/sort.h"
#include "util/errors.h"

#define DIGITS	16
#define VALUES	256

/**
 * struct item - what a station is sorted by
 * @word: sixteen digits: address and VLAN, which decide last, and the number
 * @index: its place before
 */
struct item {
	uint64_t word[2];
	uint32_t index;
};

/* A frame without a tag before VLAN 0, which is something else. */
static uint64_t address_key(const struct station *station)
{
	const uint8_t *m = station->mac;
	uint64_t address = (uint64_t)m[0] << 40 | (uint64_t)m[1] << 32 | (uint64_t)m[2] << 24 |
			   (uint64_t)m[3] << 16 | (uint64_t)m[4] << 8 | m[5];

	return address << 16 | (station->has & BIT(L2PC_A_STATION_VLAN) ? station->vlan + 1u : 0);
}

static unsigned int item_digit(const struct item *item, int digit)
{
	return (uint8_t)(item->word[digit / 8] >> 8 * (digit % 8));
}

/* From @from to @to, in the order of one digit; what is equal keeps its order. */
static void sort_digit(const struct item *from, struct item *to, size_t count, int digit,
		       const uint32_t *occurs)
{
	size_t place[VALUES], sum = 0;

	for (int v = 0; v < VALUES; v++) {
		place[v] = sum;
		sum += occurs[v];
	}
	for (size_t i = 0; i < count; i++)
		to[place[item_digit(&from[i], digit)]++] = from[i];
}

/* Bring each station to its new place, round by round: without a second array there
 * are fewer pages to be had from the kernel.
 */
static void permute_stations(struct station *stations, size_t count, struct item *items)
{
	for (size_t i = 0; i < count; i++) {
		struct station first = stations[i];
		size_t to = i;

		if (items[i].index == i)
			continue;
		while (items[to].index != i) {
			size_t from = items[to].index;

			stations[to] = stations[from];
			items[to].index = (uint32_t)to;
			to = from;
		}
		stations[to] = first;
		items[to].index = (uint32_t)to;
	}
}

void sort_stations(struct station *stations, size_t count,
		   uint64_t (*key)(const struct station *station))
{
	static uint32_t occurs[DIGITS][VALUES];
	uint64_t differs[2] = { 0, 0 };
	struct item *items, *other, *swap;

	if (count < 2)
		return;
	items = malloc(2 * count * sizeof(*items));
	if (!items)
		out_of_memory();
	memset(occurs, 0, sizeof(occurs));
	other = items + count;
	for (size_t i = 0; i < count; i++) {
		items[i] = (struct item){ { address_key(&stations[i]), key(&stations[i]) },
					  (uint32_t)i };
		differs[0] |= items[i].word[0] ^ items[0].word[0];
		differs[1] |= items[i].word[1] ^ items[0].word[1];
	}
	for (int d = 0; d < DIGITS; d++) {
		/* Most numbers are small: a digit that is the same in all is no work. */
		if (!(differs[d / 8] >> 8 * (d % 8) & 0xff))
			continue;
		for (size_t i = 0; i < count; i++)
			occurs[d][item_digit(&items[i], d)]++;
		sort_digit(items, other, count, d, occurs[d]);
		swap = items;
		items = other;
		other = swap;
	}
	permute_stations(stations, count, items);
	free(items < other ? items : other);
}
