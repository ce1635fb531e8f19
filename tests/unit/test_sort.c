// SPDX-License-Identifier: GPL-2.0
/* Sorting against qsort(): busiest first, ties by address; stations without frames left out. */
#include <linux/mm.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "sort.h"

/* Get the address in reading order, octet by octet, without the swap of sort.c. */
static u64 mac_of(u64 key)
{
	u64 mac = 0;
	int octet;

	for (octet = 0; octet < 6; octet++)
		mac = mac << 8 | (key >> (L2PC_KEY_MAC_SHIFT + 8 * octet) & 0xff);
	return mac;
}

static int compare(const void *a, const void *b)
{
	const struct l2pc_sort_row *x = a, *y = b;

	if (x->packets != y->packets)
		return x->packets > y->packets ? -1 : 1;
	return x->mac < y->mac ? -1 : x->mac > y->mac;
}

static void check(struct l2pc_station *stations, u32 count)
{
	struct l2pc_snapshot snapshot = { .stations = stations, .count = count };
	struct l2pc_sort_row *expected = malloc(count * sizeof(*expected));
	u32 made = ~0U, received = 0, i;
	struct l2pc_sort_row *rows = l2pc_sort_snapshot(&snapshot, &made);

	CHECK(rows);
	for (i = 0; i < count; i++) {
		if (!stations[i].packets)
			continue;
		expected[received].mac = mac_of(stations[i].key);
		expected[received++].packets = stations[i].packets;
	}
	CHECK_EQ(made, received);
	qsort(expected, received, sizeof(*expected), compare);
	for (i = 0; i < received; i++) {
		CHECK_EQ(rows[i].mac, expected[i].mac);
		CHECK_EQ(rows[i].packets, expected[i].packets);
	}
	CHECK_EQ(shim_live(), 1);
	kvfree(rows);
	free(expected);
}

static struct l2pc_station stations[5000];

TEST(order_and_ties)
{
	static const u64 packets[] = { 5, 7, 5, 0, 7, ~0ULL, 1 };
	u32 i;

	for (i = 0; i < 7; i++) {
		stations[i].key = station_key(100 - i);
		stations[i].packets = packets[i];
	}
	check(stations, 7);
	check(stations, 1);
}

/* Frames were only sent to the first three: the fourth is the only row, or there is none. */
TEST(only_received_frames_make_rows)
{
	u32 i;

	for (i = 0; i < 4; i++) {
		stations[i].key = station_key(1 + i);
		stations[i].packets = i == 3;
		stations[i].tx_packets = 9;
	}
	check(stations, 4);
	check(stations, 3);
}

/* 02:00:00:00:00:01 comes before 02:00:00:00:01:00: octets in reading order. */
TEST(addresses_in_reading_order)
{
	struct l2pc_snapshot snapshot = { .stations = stations, .count = 2 };
	struct l2pc_sort_row *rows;
	u32 count;

	stations[0].key = 0x0001000000028000ULL;
	stations[1].key = 0x0100000000028000ULL;
	stations[0].packets = stations[1].packets = 3;
	rows = l2pc_sort_snapshot(&snapshot, &count);
	CHECK_EQ(rows[0].mac, 0x020000000001ULL);
	CHECK_EQ(rows[1].mac, 0x020000000100ULL);
	kvfree(rows);
}

/* Each byte of a count and of an address decides the order by itself. */
TEST(every_byte_counts)
{
	u32 i, byte;

	for (byte = 0; byte < 8; byte++) {
		for (i = 0; i < 256; i++) {
			stations[i].key = station_key(i * 7 % 256);
			stations[i].packets = (u64)(i * 37 % 256) << (8 * byte);
		}
		check(stations, 256);
	}
	for (byte = 0; byte < 6; byte++) {
		for (i = 0; i < 256; i++) {
			stations[i].key = (u64)(i * 37 % 256) <<
				(8 * byte + L2PC_KEY_MAC_SHIFT) | L2PC_KEY_STATION;
			stations[i].packets = 9;
		}
		check(stations, 256);
	}
}

TEST(random_counts)
{
	u32 seed, i, count;

	for (seed = 0; seed < 300; seed++) {
		int shift, ties;

		unit_seed(seed);
		count = 1 + unit_below(seed % 30 ? 300 : 5000);
		shift = unit_below(64);
		ties = unit_below(2);
		for (i = 0; i < count; i++) {
			stations[i].key = unit_random() & L2PC_KEY_MAC_MASK;
			stations[i].packets = unit_random() >> shift;
			if (ties)
				stations[i].packets %= 7;
			/* Counts close to the maximum. */
			if (!unit_below(10))
				stations[i].packets = ~(u64)unit_below(3);
			if (!unit_below(10))
				stations[i].packets = 0xffff + unit_below(2);
		}
		check(stations, count);
	}
}

TEST(no_memory)
{
	struct l2pc_snapshot snapshot = { .stations = stations, .count = 10 };
	unsigned int nth;
	u32 count;

	for (nth = 1; nth <= 3; nth++) {
		shim_faults.nth = nth;
		CHECK(!l2pc_sort_snapshot(&snapshot, &count));
		CHECK_EQ(shim_live(), 0);
	}
}
