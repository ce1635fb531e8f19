// SPDX-License-Identifier: GPL-2.0
/* Archives against a naive model: claim, add, del, find, grow, no memory. */
#include <linux/mm.h>
#include <string.h>

#include "archive.h"
#include "engine.h"

/* --- the model: an array sorted by key --- */

#define MODEL_MAX	4096

static struct l2pc_station model[MODEL_MAX];
static u32 model_used;

static u32 model_at(u64 key)
{
	u32 low = 0, high = model_used;

	while (low < high) {
		u32 middle = (low + high) / 2;

		if (model[middle].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct l2pc_station *model_find(u64 key)
{
	u32 at = model_at(key);

	return at < model_used && model[at].key == key ? &model[at] : NULL;
}

static struct l2pc_station *model_claim(u64 key)
{
	u32 at = model_at(key);

	if (at == model_used || model[at].key != key) {
		CHECK(model_used < MODEL_MAX);
		memmove(&model[at + 1], &model[at],
			(model_used - at) * sizeof(*model));
		memset(&model[at], 0, sizeof(*model));
		model[at].key = key;
		model_used++;
	}
	return &model[at];
}

static void model_del(u64 key)
{
	u32 at = model_at(key);

	memmove(&model[at], &model[at + 1],
		(model_used - at - 1) * sizeof(*model));
	model_used--;
}

static u32 slots_of(const struct l2pc_archive *archive)
{
	return archive->slots ? 1U << archive->bits : 0;
}

static void compare(const struct l2pc_archive *archive)
{
	const struct l2pc_station *station;
	u32 index, seen = 0;

	CHECK_EQ(archive->used, model_used);
	l2pc_archive_for_each(archive, index, station) {
		const struct l2pc_station *expected = model_find(station->key);

		CHECK(expected);
		CHECK(!memcmp(station, expected, sizeof(*station)));
		/* The station is found, in addition to being in the array. */
		CHECK(l2pc_archive_find(archive, station->key) == station);
		seen++;
	}
	CHECK_EQ(seen, model_used);
	CHECK(archive->used <= archive->capacity);
	CHECK(archive->capacity <= 3 * slots_of(archive) / 4);
}

static struct l2pc_archive archive;

static void setup(u64 seed)
{
	u64 words[2];

	unit_seed(seed);
	shim_random_bytes(words, sizeof(words));
	words[1] |= 1ULL << 63 | 1;
	l2pc_archive_init(&archive, words);
	model_used = 0;
}

static void add(u64 key)
{
	struct l2pc_station from = {
		.packets = 1 + unit_below(100), .bytes = unit_below(10000),
		.tx_packets = unit_below(100), .tx_bytes = unit_below(10000),
		.first_seen = unit_below(1000), .last_seen = 1000 + unit_below(1000),
	};
	struct l2pc_station *station = l2pc_archive_claim(&archive, key);
	struct l2pc_station *expected;

	if (!station) {
		/* A claim fails only without memory, and when the capacity is used up. */
		CHECK(shim_failed() > 0);
		CHECK(!model_find(key));
		CHECK_EQ(archive.used, archive.capacity);
		return;
	}
	CHECK_EQ(station->key, key);
	expected = model_claim(key);
	CHECK(!memcmp(station, expected, sizeof(*station)));
	l2pc_station_add(station, &from);
	if (!expected->packets) {
		expected->first_seen = from.first_seen;
		expected->last_seen = from.last_seen;
	}
	if (from.first_seen < expected->first_seen)
		expected->first_seen = from.first_seen;
	if (from.last_seen > expected->last_seen)
		expected->last_seen = from.last_seen;
	expected->packets += from.packets;
	expected->bytes += from.bytes;
	expected->tx_packets += from.tx_packets;
	expected->tx_bytes += from.tx_bytes;
}

static void run(u64 seed, u32 operations, unsigned int permille)
{
	u32 i, universe;

	setup(seed);
	universe = 1U << (2 + unit_below(10));
	shim_faults.permille = permille;
	for (i = 0; i < operations; i++) {
		u64 key = station_key(unit_below(universe));
		struct l2pc_station *station;

		switch (unit_below(8)) {
		default:
			add(key);
			break;
		case 0:
		case 1:
			station = l2pc_archive_find(&archive, key);
			CHECK(!station == !model_find(key));
			if (!station)
				break;
			l2pc_archive_del(&archive, station);
			model_del(key);
			break;
		case 2:
			CHECK(!l2pc_archive_find(&archive, key) == !model_find(key));
			break;
		case 3:
			if (unit_below(100))
				break;
			l2pc_archive_reserve(&archive, unit_below(universe));
			break;
		}
		if (!unit_below(50))
			compare(&archive);
	}
	compare(&archive);
	l2pc_archive_free(&archive);
	l2pc_archive_free(&archive);
	shim_faults.permille = 0;
	CHECK_EQ(shim_live(), 0);
}

TEST(random_operations)
{
	u64 seed;

	for (seed = 0; seed < unit_seeds(300); seed++)
		run(seed, 2000, 0);
}

TEST(random_operations_without_memory)
{
	static const unsigned int permilles[] = { 100, 500, 900, 1000 };
	u64 seed;

	for (seed = 0; seed < unit_seeds(300); seed++)
		run(1000 + seed, 1000, permilles[seed % 4]);
}

TEST(each_allocation_fails_once)
{
	unsigned int nth;
	u32 i;

	for (nth = 1; nth <= 8; nth++) {
		setup(nth);
		shim_faults.nth = nth;
		for (i = 0; i < 1000; i++)
			add(station_key(i));
		shim_faults.nth = 0;
		compare(&archive);
		l2pc_archive_free(&archive);
	}
}

TEST(without_memory_fills_its_capacity)
{
	u32 i;

	setup(1);
	shim_faults.sleeping = true;
	CHECK(!l2pc_archive_claim(&archive, station_key(1)));
	CHECK(!l2pc_archive_find(&archive, station_key(1)));
	CHECK(l2pc_archive_reserve(&archive, 1) < 0);
	shim_faults.sleeping = false;
	CHECK_EQ(l2pc_archive_reserve(&archive, 30), 0);
	CHECK_EQ(slots_of(&archive), 64);
	shim_faults.sleeping = true;
	for (i = 0; i < 40; i++)
		add(station_key(i));
	CHECK_EQ(archive.used, 30);
	/* A station of the archive is found nevertheless. */
	CHECK(l2pc_archive_claim(&archive, station_key(29)));
	shim_faults.sleeping = false;
	compare(&archive);
	/* Later growth allocates slack. */
	add(station_key(1000));
	CHECK_EQ(archive.used, 31);
	CHECK_EQ(archive.capacity, 48);
	CHECK_EQ(slots_of(&archive), 64);
	while (archive.used < 48)
		add(station_key(archive.used));
	CHECK_EQ(slots_of(&archive), 64);
	add(station_key(1001));
	CHECK_EQ(slots_of(&archive), 128);
	compare(&archive);
	l2pc_archive_free(&archive);
}

TEST(reserve_is_enough)
{
	static const u32 sizes[] = { 0, 1, 23, 24, 25, 48, 49, 1000, 3000 };
	u32 s, i;
	size_t allocs;

	for (s = 0; s < sizeof(sizes) / sizeof(*sizes); s++) {
		setup(s);
		CHECK_EQ(l2pc_archive_reserve(&archive, sizes[s]), 0);
		allocs = shim_allocs();
		for (i = 0; i < sizes[s]; i++)
			add(station_key(i));
		CHECK_EQ(shim_allocs(), allocs);
		compare(&archive);
		l2pc_archive_free(&archive);
	}
}

TEST(copy_equals_the_original)
{
	static const u32 sizes[] = { 1, 23, 24, 25, 48, 1000 };
	static const u32 capacities[] = { 0, 24, 1000, 3000 };
	struct l2pc_archive copy;
	u32 s, r, i;

	for (s = 0; s < sizeof(sizes) / sizeof(*sizes); s++) {
		for (r = 0; r < sizeof(capacities) / sizeof(*capacities); r++) {
			setup(s);
			l2pc_archive_init(&copy, (u64[2]){ 1, 2 });
			memcpy(copy.hash_key, archive.hash_key, sizeof(copy.hash_key));
			for (i = 0; i < sizes[s]; i++)
				add(station_key(i));
			for (i = 1; i <= 2; i++) {
				shim_faults.nth = i;
				CHECK(l2pc_archive_copy(&copy, &archive, capacities[r]) < 0);
				CHECK(!copy.used && !copy.slots && !copy.stations);
			}
			shim_faults.nth = 0;
			CHECK_EQ(l2pc_archive_copy(&copy, &archive, capacities[r]), 0);
			CHECK(copy.capacity >= capacities[r]);
			compare(&archive);
			compare(&copy);
			l2pc_archive_free(&archive);
			/* The copy is independent: stations can be added to it. */
			archive = copy;
			for (i = 0; i < 100; i++)
				add(station_key(5000 + i));
			compare(&archive);
			l2pc_archive_free(&archive);
			CHECK_EQ(shim_live(), 0);
		}
	}
}

/* Keys with homes in the last slots: their probe sequences wrap around. */
TEST(del_wraps_around)
{
	u64 seed;

	for (seed = 0; seed < unit_seeds(1000); seed++) {
		u32 used = 0, from = 0;
		u64 keys[20];

		setup(seed);
		l2pc_archive_reserve(&archive, 20);
		CHECK_EQ(slots_of(&archive), 32);
		while (used < 20) {
			u64 key = station_key(++from);
			u32 home = l2pc_hash(archive.hash_key, key) >> 5 & 31;

			if (home < 26 && home > 1)
				continue;
			keys[used++] = key;
			add(key);
		}
		while (used) {
			u32 nth = unit_below(used);

			l2pc_archive_del(&archive,
					 l2pc_archive_find(&archive, keys[nth]));
			model_del(keys[nth]);
			keys[nth] = keys[--used];
			compare(&archive);
		}
		l2pc_archive_free(&archive);
	}
}

/* Delete while walking, as history.c does: repeat the index after del(). */
TEST(del_while_walking)
{
	u64 seed;

	for (seed = 0; seed < unit_seeds(500); seed++) {
		u32 index, i, stations;

		setup(seed);
		stations = 1 + unit_below(200);
		for (i = 0; i < stations; i++)
			add(station_key(unit_below(300)));
		for (index = 0; index < archive.used; ) {
			struct l2pc_station *station = &archive.stations[index];

			if (station->bytes & 1) {
				index++;
				continue;
			}
			model_del(station->key);
			l2pc_archive_del(&archive, station);
		}
		compare(&archive);
		for (i = 0; i < model_used; i++)
			CHECK(model[i].bytes & 1);
		l2pc_archive_free(&archive);
	}
}

/* Measure the slots that a claim passes on average, in the order of a table. */
static double claims_in_table_order(u8 bits, double load)
{
	struct l2pc_writers writers;
	const struct l2pc_cell *cell;
	struct l2pc_table *table;
	u64 distance = 0;
	u32 index, i, stations = (u32)(load * (1U << bits));

	unit_seed(bits);
	CHECK_EQ(l2pc_writers_alloc(&writers, bits, 1 << 20, &ops_ignore), 0);
	l2pc_archive_init(&archive, writers.hash_key);
	table = l2pc_table_alloc(&writers, bits, 0);
	for (i = 0; i < stations; i++)
		l2pc_table_reserve(&writers, table, station_key(i));
	l2pc_table_for_each(table, index, cell) {
		u32 slot;

		if (!cell->key)
			continue;
		CHECK(l2pc_archive_claim(&archive, cell->key));
		for (slot = l2pc_hash(archive.hash_key, cell->key) >> 5;
		     archive.slots[slot & (slots_of(&archive) - 1)] != archive.used;
		     slot++)
			distance++;
	}
	l2pc_archive_free(&archive);
	l2pc_table_free(table);
	l2pc_writers_free(&writers);
	return (double)distance / stations;
}

/*
 * A walk of a table is in the order of its hash. If the archive had the same hash, all
 * stations would cluster while the archive grows.
 */
TEST(folding_a_table_costs_the_same_for_each_station)
{
	static const double loads[] = { 0.39, 0.5, 0.6, 0.7, 0.76 };
	u32 l;

	for (l = 0; l < sizeof(loads) / sizeof(*loads); l++) {
		double mean = claims_in_table_order(14, loads[l]);

		if (mean > 8)
			unit_fail(__FILE__, __LINE__, "load %.2f, 2^14 cells: %.0f slots passed on average",
				  loads[l], mean);
	}
}

TEST(station_add)
{
	struct l2pc_station to = { .key = 1 << 16 };
	const struct l2pc_station sent = {
		.tx_packets = 2, .tx_bytes = 200, .first_seen = 50, .last_seen = 60,
	};
	const struct l2pc_station received = {
		.packets = 4, .bytes = 400, .first_seen = 40, .last_seen = 55,
	};

	/* Timestamps of 0 are not the first ones of either direction. */
	l2pc_station_add(&to, &sent);
	CHECK(!to.packets && !to.bytes && to.tx_packets == 2 && to.tx_bytes == 200);
	CHECK(to.first_seen == 50 && to.last_seen == 60);
	l2pc_station_add(&to, &received);
	l2pc_station_add(&to, &sent);
	CHECK(to.packets == 4 && to.bytes == 400 && to.tx_packets == 4 && to.tx_bytes == 400);
	CHECK(to.first_seen == 40 && to.last_seen == 60);
	CHECK_EQ(to.key, 1 << 16);
}
