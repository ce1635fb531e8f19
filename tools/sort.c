// SPDX-License-Identifier: GPL-2.0
/*
 * Sorting of stations by a number.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "sort.h"

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
static uint64_t address_of(const struct station *station)
{
	uint64_t address = 0;

	for (int i = 0; i < 6; i++)
		address = address << 8 | station->mac[i];
	return address << 16 | (station->has & BIT(L2PC_A_STATION_VLAN) ? station->vlan + 1u : 0);
}

static unsigned int digit_of(const struct item *item, int digit)
{
	return (uint8_t)(item->word[digit / 8] >> 8 * (digit % 8));
}

/* From @from to @to, in the order of one digit; what is equal keeps its order. */
static void pass(const struct item *from, struct item *to, size_t count, int digit,
		 const uint32_t *occurs)
{
	size_t place[VALUES], sum = 0;

	for (int v = 0; v < VALUES; v++) {
		place[v] = sum;
		sum += occurs[v];
	}
	for (size_t i = 0; i < count; i++)
		to[place[digit_of(&from[i], digit)]++] = from[i];
}

static void permute(struct station *stations, size_t count, const struct item *items)
{
	struct station *copy = malloc(count * sizeof(*copy));

	if (!copy)
		out_of_memory();
	memcpy(copy, stations, count * sizeof(*copy));
	for (size_t i = 0; i < count; i++)
		stations[i] = copy[items[i].index];
	free(copy);
}

void sort_stations(struct station *stations, size_t count,
		   uint64_t (*key)(const struct station *station))
{
	static uint32_t occurs[DIGITS][VALUES];
	struct item *items, *other, *swap;

	if (count < 2)
		return;
	items = malloc(2 * count * sizeof(*items));
	if (!items)
		out_of_memory();
	memset(occurs, 0, sizeof(occurs));
	other = items + count;
	for (size_t i = 0; i < count; i++) {
		items[i] = (struct item){ { address_of(&stations[i]), key(&stations[i]) }, (uint32_t)i };
		for (int d = 0; d < DIGITS; d++)
			occurs[d][digit_of(&items[i], d)]++;
	}
	for (int d = 0; d < DIGITS; d++) {
		/* Most numbers are small: a digit that is the same in all is no work. */
		if (occurs[d][digit_of(&items[0], d)] == count)
			continue;
		pass(items, other, count, d, occurs[d]);
		swap = items;
		items = other;
		other = swap;
	}
	permute(stations, count, items);
	free(items < other ? items : other);
}
