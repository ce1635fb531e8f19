// SPDX-License-Identifier: GPL-2.0
/*
 * The order of stations: radix sort, digit by digit.
 * Copyright (C) the l2packet_counter authors
 */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "names/names.h"
#include "output/sort.h"
#include "util/errors.h"

static const char *const sort_strings[] = {
	[SORT_PACKETS] = "packets", [SORT_BYTES] = "bytes", [SORT_LAST] = "last",
	[SORT_FIRST] = "first",	    [SORT_MAC] = "mac",	    [SORT_NAME] = "name",
};

const struct enum_names sort_names = ENUM_NAMES(sort_strings);

#define DIGITS	16
#define VALUES	256

/**
 * struct item - what a station is sorted by
 * @word: sixteen digits: address and VLAN, which decide last, and the number
 * @index: its place before
 */
struct item {
	uint64_t word[2];
	size_t index;
};

/* A frame without a tag comes before VLAN 0, which is something else. */
static uint64_t make_address_key(const struct station *station)
{
	uint64_t key = 0;

	memcpy(&key, station->mac, sizeof(station->mac));
	return be64toh(key) | (station->has & BIT(L2PC_A_STATION_VLAN) ? station->vlan + 1u : 0);
}

/* The smallest number comes first. */
static uint64_t make_key(const struct station *station, enum sort sort)
{
	switch (sort) {
	case SORT_PACKETS:
		return ~station->packets;
	case SORT_BYTES:
		return ~station->bytes;
	case SORT_LAST:
		return ~station->last_seen;
	case SORT_FIRST:
		return station->first_seen;
	default:
		return 0;
	}
}

static unsigned int item_digit(const struct item *item, int digit)
{
	return (uint8_t)(item->word[digit / 8] >> 8 * (digit % 8));
}

/* Copy @from to @to in the order of one digit; those with the same keep their order. */
static void sort_digit(const struct item *from, struct item *to, size_t count, int digit)
{
	size_t place[VALUES] = { 0 }, sum = 0;

	for (size_t i = 0; i < count; i++)
		place[item_digit(&from[i], digit)]++;
	for (int v = 0; v < VALUES; v++) {
		sum += place[v];
		place[v] = sum - place[v];
	}
	for (size_t i = 0; i < count; i++)
		to[place[item_digit(&from[i], digit)]++] = from[i];
}

/* Stations without a name come last. */
static int compare_names(const void *a, const void *b)
{
	const struct station *x = a, *y = b;
	int order = x->name && y->name ? strcmp(x->name, y->name) : !x->name - !y->name;

	return order ? order : station_order(x, y);
}

static void sort_by_name(struct view *view)
{
	for (size_t i = 0; i < view->count; i++)
		view->stations[i].name = names_find(view->stations[i].mac);
	qsort(view->stations, view->count, sizeof(*view->stations), compare_names);
}

void sort_view(struct view *view, enum sort sort)
{
	struct station *stations = view->stations, *sorted;
	uint64_t differs[2] = { 0, 0 };
	size_t count = view->count;
	struct item *items, *from, *to;

	if (!count)
		return;
	if (sort == SORT_NAME) {
		sort_by_name(view);
		return;
	}
	sorted = malloc(count * sizeof(*sorted));
	from = items = malloc(2 * count * sizeof(*items));
	to = items + count;
	if (!items || !sorted)
		out_of_memory();
	for (size_t i = 0; i < count; i++) {
		from[i].word[0] = make_address_key(&stations[i]);
		from[i].word[1] = make_key(&stations[i], sort);
		from[i].index = i;
		differs[0] |= from[i].word[0] ^ from[0].word[0];
		differs[1] |= from[i].word[1] ^ from[0].word[1];
	}
	for (int d = 0; d < DIGITS; d++) {
		struct item *swap = from;

		/* Most numbers are small: a digit that is the same in all is no work. */
		if (!(differs[d / 8] >> 8 * (d % 8) & 0xff))
			continue;
		sort_digit(from, to, count, d);
		from = to;
		to = swap;
	}
	for (size_t i = 0; i < count; i++)
		sorted[i] = stations[from[i].index];
	memcpy(stations, sorted, count * sizeof(*sorted));
	free(sorted);
	free(items);
}
