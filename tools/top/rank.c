// SPDX-License-Identifier: GPL-2.0
/*
 * The order of top's stations.
 * Copyright (C) the l2packet_counter authors
 *
 * Of 100,000 stations, the first twenty are found and sorted in 10 million instructions
 * (callgrind, -O2), of the 100 million that a refresh takes with the kernel's part.
 */
#define _GNU_SOURCE	/* strcasestr */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "names/names.h"
#include "top/top.h"
#include "util/rank.h"

static const char *const sort_strings[] = {
	[TOP_RATE] = "rate",   [TOP_BYTE_RATE] = "byte-rate", [TOP_PACKETS] = "packets",
	[TOP_BYTES] = "bytes", [TOP_LAST] = "last",	      [TOP_FIRST] = "first",
	[TOP_MAC] = "mac",     [TOP_NAME] = "name",
	[TOP_RX_RATE] = "rx-rate", [TOP_RX_BYTE_RATE] = "rx-byte-rate",
	[TOP_RX_PACKETS] = "rx-packets", [TOP_RX_BYTES] = "rx-bytes",
	[TOP_TX_RATE] = "tx-rate", [TOP_TX_BYTE_RATE] = "tx-byte-rate",
	[TOP_TX_PACKETS] = "tx-packets", [TOP_TX_BYTES] = "tx-bytes",
};

const struct enum_names top_sort_names = ENUM_NAMES(sort_strings);

double top_rate(const struct top *top, const struct entry *entry, float new)
{
	double seconds = store_port(&top->store, entry->delta.port)->seconds;

	return seconds > 0 ? (double)new / seconds : 0;
}

bool top_has_tx(const struct top *top)
{
	for (size_t i = 0; i < top->store.delta.ports; i++)
		if ((top->shown < 0 || (size_t)top->shown == i) && store_has(&top->store, i) &&
		    totals_has_tx(&store_port(&top->store, i)->view.totals))
			return true;
	return false;
}

static int order(uint64_t x, uint64_t y)
{
	return (x > y) - (x < y);
}

/* As top_rate() says, without a division where none is needed. */
static int order_rates(const struct top *top, const struct entry *x, float new_x,
		       const struct entry *y, float new_y)
{
	double of_x = store_port(&top->store, x->delta.port)->seconds;
	double of_y = store_port(&top->store, y->delta.port)->seconds;
	double rate_x = of_x > 0 ? (double)new_x : 0, rate_y = of_y > 0 ? (double)new_y : 0;

	if (x->delta.port != y->delta.port) {
		rate_x *= of_y > 0 ? of_y : 1;
		rate_y *= of_x > 0 ? of_x : 1;
	}
	return (rate_x > rate_y) - (rate_x < rate_y);
}

void top_mac(const struct top *top, const struct entry *entry, uint8_t mac[6])
{
	memcpy(mac, entry->delta.mac, sizeof(entry->delta.mac));
	if (options_have(top->options, OPT_ANONYMIZE))
		anonymous_mac(mac);
}

/* By what is shown: the order would tell the addresses. */
static int order_addresses(const struct top *top, const struct entry *x, const struct entry *y)
{
	uint8_t a[6], b[6];

	top_mac(top, x, a);
	top_mac(top, y, b);
	return order(mac_number(a), mac_number(b));
}

static int order_names(const struct entry *x, const struct entry *y)
{
	const char *a = names_find(x->delta.mac), *b = names_find(y->delta.mac);

	if (!a || !b)
		return !a - !b;
	return strcmp(a, b);
}

/* The top whose stations are ranked: qsort() passes no argument. */
static const struct top *ranking;

/* The order of stations by number. Never 0: the screen must not jump. */
static int compare_entries(const void *a, const void *b)
{
	const struct top *top = ranking;
	const struct entry *x = store_entry(&top->store, *(const uint32_t *)a);
	const struct entry *y = store_entry(&top->store, *(const uint32_t *)b);
	int result = 0;

	switch (top->sort) {
	case TOP_RATE:
		result = order_rates(top, y, y->new_packets[RX] + y->new_packets[TX], x,
				     x->new_packets[RX] + x->new_packets[TX]);
		break;
	case TOP_BYTE_RATE:
		result = order_rates(top, y, y->new_bytes[RX] + y->new_bytes[TX], x,
				     x->new_bytes[RX] + x->new_bytes[TX]);
		break;
	case TOP_BYTES:
		result = order(add_counts(y->delta.bytes, y->delta.tx_bytes),
			       add_counts(x->delta.bytes, x->delta.tx_bytes));
		break;
	case TOP_RX_RATE:
		result = order_rates(top, y, y->new_packets[RX], x, x->new_packets[RX]);
		break;
	case TOP_RX_BYTE_RATE:
		result = order_rates(top, y, y->new_bytes[RX], x, x->new_bytes[RX]);
		break;
	case TOP_RX_PACKETS:
		result = order(y->delta.packets, x->delta.packets);
		break;
	case TOP_RX_BYTES:
		result = order(y->delta.bytes, x->delta.bytes);
		break;
	case TOP_TX_RATE:
		result = order_rates(top, y, y->new_packets[TX], x, x->new_packets[TX]);
		break;
	case TOP_TX_BYTE_RATE:
		result = order_rates(top, y, y->new_bytes[TX], x, x->new_bytes[TX]);
		break;
	case TOP_TX_PACKETS:
		result = order(y->delta.tx_packets, x->delta.tx_packets);
		break;
	case TOP_TX_BYTES:
		result = order(y->delta.tx_bytes, x->delta.tx_bytes);
		break;
	case TOP_LAST:
		result = order(y->last_seen, x->last_seen);
		break;
	case TOP_FIRST:
		result = order(x->first_seen, y->first_seen);
		break;
	case TOP_NAME:
		if (!options_have(top->options, OPT_ANONYMIZE))
			result = order_names(x, y);
		break;
	case TOP_PACKETS:
	case TOP_MAC:
	case TOP_SORTS:
		break;
	}
	/* Of those that are quiet now, the busiest first. */
	if (!result && top_sort_sum(top->sort) < TOP_LAST)
		result = order(add_counts(y->delta.packets, y->delta.tx_packets),
			       add_counts(x->delta.packets, x->delta.tx_packets));
	if (!result)
		result = order_addresses(top, x, y);
	if (!result)
		result = order((uint16_t)(x->delta.vlan + 1), (uint16_t)(y->delta.vlan + 1));
	if (!result)
		result = order(x->delta.port, y->delta.port);
	return top->reverse ? -result : result;
}

/* Does the filter's text stand in address, name or vendor? */
static bool has_text(const struct top *top, const struct entry *entry)
{
	char text[MAC_SIZE];
	const char *who;
	uint8_t mac[6];

	top_mac(top, entry, mac);
	if (strcasestr(text_mac(mac, text), top->filter))
		return true;
	if (options_have(top->options, OPT_ANONYMIZE))
		return false;
	who = names_find(entry->delta.mac);
	if (who && strcasestr(who, top->filter))
		return true;
	who = names_local(entry->delta.mac) ? "local" : names_vendor(entry->delta.mac);
	return who && strcasestr(who, top->filter);
}

static bool takes(const struct top *top, const struct entry *entry)
{
	const struct station station = {
		.has = entry->delta.vlan == NO_VLAN ? 0 : BIT(L2PC_A_STATION_VLAN),
		.vlan = entry->delta.vlan,
		.packets = entry->delta.packets,
		.tx_packets = entry->delta.tx_packets,
		.last_seen = entry->last_seen,
		.mac = { entry->delta.mac[0], entry->delta.mac[1], entry->delta.mac[2], entry->delta.mac[3],
			 entry->delta.mac[4], entry->delta.mac[5] },
	};

	if (top->shown >= 0 && entry->delta.port != (uint32_t)top->shown)
		return false;
	if (!select_matches(top->options, &station,
			    store_port(&top->store, entry->delta.port)->view.now))
		return false;
	return !top->filter[0] || has_text(top, entry);
}

void top_rank(struct top *top)
{
	bool all = top->shown < 0 && !top->filter[0] && select_matches_all(top->options);
	size_t wanted;

	if (top->ranked_room < top->store.delta.stations) {
		top->ranked_room = top->store.delta.station_room;
		free(top->ranked);
		top->ranked = malloc(top->ranked_room * sizeof(*top->ranked));
		if (!top->ranked)
			out_of_memory();
	}
	top->matching = 0;
	for (size_t i = 0; i < top->store.delta.stations; i++)
		if (all || takes(top, store_entry(&top->store, i)))
			top->ranked[top->matching++] = (uint32_t)i;
	wanted = top->scroll + top->rows;
	if (wanted > top->matching)
		wanted = top->matching;
	if (!wanted)
		return;
	ranking = top;
	rank_first(top->ranked, top->matching, sizeof(*top->ranked), wanted, compare_entries);
}
