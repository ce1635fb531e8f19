// SPDX-License-Identifier: GPL-2.0
/*
 * Sorting of stations.
 * Copyright (C) the l2packet_counter authors
 *
 * Instructions for 100,000 stations (callgrind, -O2):
 *
 *	qsort()                      113 million
 *	radix sort                    29 million
 *	the first 20 in a heap         5 million
 *
 * `l2pc -j show` takes 190 million in all, with the kernel's part: hence the radix sort.
 */
#include <stdlib.h>
#include <string.h>

#include "names/names.h"
#include "output/sort.h"
#include "util/rank.h"

#define DIGITS	16
#define VALUES	256
#define FEW	1000	/* items that are merged */

static const char *const sort_strings[] = {
	[SORT_PACKETS] = "packets", [SORT_BYTES] = "bytes", [SORT_LAST] = "last",
	[SORT_FIRST] = "first",	    [SORT_MAC] = "mac",	    [SORT_NAME] = "name",
	[SORT_RX_PACKETS] = "rx-packets", [SORT_RX_BYTES] = "rx-bytes",
	[SORT_TX_PACKETS] = "tx-packets", [SORT_TX_BYTES] = "tx-bytes",
};

const struct enum_names sort_names = ENUM_NAMES(sort_strings);

/* Sixteen digits: address and VLAN, which decide last, and the number. The smallest item
 * comes first.
 */
struct item {
	uint64_t word[2];
	uint32_t index;
};

/* The order: qsort() passes no argument. */
static enum sort sort_by;
static bool sort_reverse;

/* The smallest number comes first. */
static inline uint64_t number_of(const struct station *s)
{
	switch (sort_by) {
	case SORT_PACKETS:
		return ~add_counts(s->packets, s->tx_packets);
	case SORT_BYTES:
		return ~add_counts(s->bytes, s->tx_bytes);
	case SORT_LAST:
		return ~s->last_seen;
	case SORT_FIRST:
		return s->first_seen;
	case SORT_RX_PACKETS:
		return ~s->packets;
	case SORT_RX_BYTES:
		return ~s->bytes;
	case SORT_TX_PACKETS:
		return ~s->tx_packets;
	case SORT_TX_BYTES:
		return ~s->tx_bytes;
	default:
		return 0;
	}
}

static inline struct item item_of(const struct station *station)
{
	/* A frame without a tag comes before VLAN 0, which is something else. */
	uint64_t vlan = station->has & BIT(L2PC_A_STATION_VLAN) ? station->vlan + 1u : 0;
	uint64_t number = number_of(station);
	uint64_t flip = sort_reverse ? UINT64_MAX : 0;

	return (struct item){ { (mac_number(station->mac) << 16 | vlan) ^ flip, number ^ flip }, 0 };
}

static int compare_stations(const void *a, const void *b)
{
	const struct item x = item_of(a), y = item_of(b);

	if (x.word[1] != y.word[1])
		return x.word[1] < y.word[1] ? -1 : 1;
	return (x.word[0] > y.word[0]) - (x.word[0] < y.word[0]);
}

/* Stations without a name come last. */
static int compare_names(const void *a, const void *b)
{
	const struct station *x = a, *y = b;
	int order = x->name && y->name ? strcmp(x->name, y->name) : !x->name - !y->name;

	if (sort_reverse)
		order = -order;
	return order ? order : compare_stations(x, y);
}

/* Move each station to its place, cycle by cycle: a second array would take new pages. */
static void permute(struct station *stations, size_t count, struct item *items)
{
	for (size_t i = 0; i < count; i++) {
		struct station first = stations[i];
		size_t to = i, from;

		for (; (from = items[to].index) != i; to = from) {
			stations[to] = stations[from];
			items[to].index = (uint32_t)to;
		}
		stations[to] = first;
		items[to].index = (uint32_t)to;
	}
}

static inline uint8_t digit_of(const struct item *item, int digit)
{
	return (uint8_t)(item->word[digit / 8] >> 8 * (digit % 8));
}

/*
 * Sort by one digit after the other; what is equal in one keeps its order. @differs: bits
 * that are not the same in all items. Return: the sorted array, which is one of the two.
 */
static struct item *sort_radix(struct item *from, struct item *to, size_t count,
			       const uint64_t differs[2])
{
	struct item *swap;

	for (int d = 0; d < DIGITS; d++) {
		size_t place[VALUES + 1] = { 0 };

		/* Most numbers are small. */
		if (!(differs[d / 8] >> 8 * (d % 8) & 0xff))
			continue;
		for (size_t i = 0; i < count; i++)
			place[digit_of(&from[i], d) + 1]++;
		for (int v = 1; v < VALUES; v++)
			place[v] += place[v - 1];
		for (size_t i = 0; i < count; i++)
			to[place[digit_of(&from[i], d)]++] = from[i];
		swap = from;
		from = to;
		to = swap;
	}
	return from;
}

static inline bool is_before(const struct item *x, const struct item *y)
{
	return x->word[1] != y->word[1] ? x->word[1] < y->word[1] : x->word[0] < y->word[0];
}

/* Merge sorted runs of @run items, two by two. */
static void merge_runs(const struct item *from, struct item *to, size_t count, size_t run)
{
	for (size_t start = 0; start < count; start += 2 * run) {
		size_t middle = start + run < count ? start + run : count, x = start, y = middle;
		size_t end = middle + run < count ? middle + run : count;

		while (x < middle && y < end)
			*to++ = is_before(&from[y], &from[x]) ? from[y++] : from[x++];
		while (x < middle)
			*to++ = from[x++];
		while (y < end)
			*to++ = from[y++];
	}
}

/* As sort_radix(). Its counts are for all values of a digit, which few items do not have. */
static struct item *sort_merge(struct item *from, struct item *to, size_t count)
{
	struct item *swap;

	for (size_t run = 1; run < count; run *= 2) {
		merge_runs(from, to, count, run);
		swap = from;
		from = to;
		to = swap;
	}
	return from;
}

static void sort_stations(struct station *stations, size_t count)
{
	struct item *items = malloc(2 * count * sizeof(*items));
	uint64_t differs[2] = { 0, 0 };

	if (!items)
		out_of_memory();
	for (size_t i = 0; i < count; i++) {
		items[i] = item_of(&stations[i]);
		items[i].index = (uint32_t)i;
		differs[0] |= items[i].word[0] ^ items[0].word[0];
		differs[1] |= items[i].word[1] ^ items[0].word[1];
	}
	permute(stations, count, count < FEW ? sort_merge(items, items + count, count) :
					       sort_radix(items, items + count, count, differs));
	free(items);
}

void sort_view(struct view *view, enum sort sort, bool reverse, size_t wanted)
{
	sort_by = sort;
	sort_reverse = reverse;
	if (sort == SORT_NAME)
		for (size_t i = 0; i < view->count; i++)
			view->stations[i].name = names_find(view->stations[i].mac);
	if (sort != SORT_NAME && view->count > 1 && wanted > view->count / 8)
		sort_stations(view->stations, view->count);
	else
		rank_first(view->stations, view->count, sizeof(*view->stations), wanted,
			   sort == SORT_NAME ? compare_names : compare_stations);
}
