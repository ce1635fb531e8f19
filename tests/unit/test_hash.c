// SPDX-License-Identifier: GPL-2.0
/*
 * l2pc_hash() on realistic addresses. Real networks' addresses are not random: vendors
 * count, hypervisors count in strides, administrators write decimals. With every hash key
 * a table's probes must be those of a random function.
 *
 * Tables are filled cell by cell with the table's own geometry (home, mate, next). Only
 * the hash is replaced by the two others for comparison: a random function, and a single
 * round of the same multiply. The single round must fail, or this test could not see the
 * difference.
 */
#include <linux/mm.h>
#include <math.h>
#include <string.h>

#include "engine.h"

typedef u64 (*hash_function)(const u64 hash_key[2], u64 key);

static u64 hash_ours(const u64 hash_key[2], u64 key)
{
	return l2pc_hash(hash_key, key);
}

/* A strong mixer of both, as good as a random function. */
static u64 hash_random(const u64 hash_key[2], u64 key)
{
	u64 x = key ^ hash_key[0];
	int round;

	for (round = 0; round < 3; round++) {
		x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
		x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
		x ^= x >> 31 ^ hash_key[1];
	}
	return x;
}

#ifdef __SIZEOF_INT128__
static u64 hash_one_round(const u64 hash_key[2], u64 key)
{
	unsigned __int128 product = (unsigned __int128)(key ^ hash_key[0]) * hash_key[1];

	return (u64)product ^ (u64)(product >> 64);
}
#endif

/* --- addresses, first octet on the wire first --- */

static u64 address(u64 octets)
{
	u64 wire = __builtin_bswap64(octets << 16);

	return wire << L2PC_KEY_MAC_SHIFT | L2PC_KEY_STATION;
}

static u64 last_octets(u32 n) { return address(0x525400000000ULL + n); }
static u64 first_octets(u32 n) { return address((u64)n << 25 | 0x020000000001ULL); }
static u64 middle_octets(u32 n) { return address(0x020000000010ULL | (u64)n << 12); }
static u64 stride_2(u32 n) { return address(0x001b21000000ULL + 2ULL * n); }
static u64 stride_16(u32 n) { return address(0x001b21000000ULL + 16ULL * n); }
static u64 stride_256(u32 n) { return address(0x001b21000000ULL + 256ULL * n); }
static u64 stride_65536(u32 n) { return address(0x020000000000ULL + 65536ULL * n); }

/* 02:00:00:12:34:56 for number 123456, as administrators write it. */
static u64 decimal(u32 n)
{
	u64 octets = 0x020000000000ULL;
	int shift;

	for (shift = 0; n; shift += 4, n /= 10)
		octets |= (u64)(n % 10) << shift;
	return address(octets);
}

/* Two vendors, both with consecutive addresses. */
static u64 two_vendors(u32 n)
{
	return address((n & 1 ? 0x3cfdfe000000ULL : 0x001b21000000ULL) + n / 2);
}

/* Docker: 02:42 and the IPv4 address. */
static u64 docker(u32 n)
{
	return address(0x0242ac110000ULL + ((u64)(n >> 8) << 16 | (n & 0xff)));
}

/* A single address in many VLANs. */
static u64 vlans(u32 n)
{
	return address(0x525400123400ULL + n / 4094) | KEY_TAGGED |
		(n % 4094 + 1);
}

/* Only low bits of each octet vary. */
static u64 sparse(u32 n)
{
	u64 octets = 0x020000000000ULL;
	int octet;

	for (octet = 0; octet < 6; octet++)
		octets |= (u64)(n >> (3 * octet) & 7) << (8 * octet + 2 * (octet == 5));
	return address(octets);
}

static const struct {
	const char *name;
	u64 (*address)(u32 n);
} patterns[] = {
	{ "last octets", last_octets }, { "first octets", first_octets },
	{ "middle octets", middle_octets }, { "stride 2", stride_2 },
	{ "stride 16", stride_16 }, { "stride 256", stride_256 },
	{ "stride 65536", stride_65536 }, { "decimal", decimal },
	{ "two vendors", two_vendors }, { "docker", docker },
	{ "vlans", vlans }, { "sparse", sparse },
};

#define PATTERNS	(sizeof(patterns) / sizeof(*patterns))

/* --- probes --- */

static struct l2pc_writers writers;

/* Fill a table. Returns the 64-byte probes to find each of @stations, summed. */
static u64 fill(struct l2pc_table *table, hash_function hash,
		u64 (*address_of)(u32 n), u32 stations)
{
	u64 probes = 0;
	u32 n;

	for (n = 0; n < stations; n++) {
		u64 key = address_of(n);
		unsigned long offset = (u32)hash(table->hash_key, key) & table->offset_mask;

		for (;;) {
			struct l2pc_cell *cell = l2pc_table_at(table, offset);
			struct l2pc_cell *mate = l2pc_table_at(table, l2pc_table_mate(offset));

			probes++;
			if (!cell->key || !mate->key) {
				*(cell->key ? &mate->key : &cell->key) = key;
				break;
			}
			CHECK(cell->key != key && mate->key != key);
			offset = l2pc_table_next(table, offset);
		}
	}
	return probes;
}

struct result {
	double mean;
	double worst;
};

static struct result measure(hash_function hash, u64 (*address_of)(u32 n),
			     u8 bits, double load, u32 seeds)
{
	u32 stations = (u32)(load * (1U << bits));
	struct l2pc_table *table = l2pc_table_alloc(&writers, bits, 0);
	struct result result = {};
	u32 seed, n;

	unit_seed(bits);
	for (seed = 0; seed < seeds; seed++) {
		double mean;

		shim_random_bytes(table->hash_key, sizeof(table->hash_key));
		table->hash_key[1] |= 1ULL << 63 | 1;
		for (n = 0; n < l2pc_table_cells(table); n++)
			((struct l2pc_cell *)l2pc_table_cell(table, n))->key = 0;
		mean = (double)fill(table, hash, address_of, stations) / stations;
		result.mean += mean / seeds;
		if (mean > result.worst)
			result.worst = mean;
	}
	l2pc_table_free(table);
	return result;
}

/* Many hash keys for tables that are filled quickly; fewer for big ones. */
static const struct {
	u8 bits;
	u32 seeds;
} sizes[] = { { 8, 1500 }, { 10, 400 }, { 12, 100 }, { 14, 25 }, { 16, 8 } };

static const double loads[] = { 0.38, 0.766 };

/*
 * Check whether @hash is as good as a random function on a pattern: its mean over the
 * hash keys within 3 %, its worst key not much worse than the random function's.
 */
static bool good(hash_function hash, u64 (*address_of)(u32 n), const char *name,
		 bool report)
{
	unsigned int s, l;

	for (s = 0; s < sizeof(sizes) / sizeof(*sizes); s++)
		for (l = 0; l < 2; l++) {
			struct result ours = measure(hash, address_of,
						     sizes[s].bits, loads[l],
						     sizes[s].seeds);
			struct result random = measure(hash_random, address_of,
						       sizes[s].bits, loads[l],
						       sizes[s].seeds);

			if (getenv("HASH_VERBOSE"))
				fprintf(stderr, "%-14s 2^%-2u %.3f: mean %.3f (%.3f) worst %.3f (%.3f)\n",
					name, sizes[s].bits, loads[l], ours.mean,
					random.mean, ours.worst, random.worst);
			if (fabs(ours.mean / random.mean - 1) < 0.03 &&
			    ours.worst < 1 + (random.worst - 1) * 1.6)
				continue;
			if (report)
				unit_fail(__FILE__, __LINE__,
					  "%s, 2^%u cells, load %.3f: mean %.3f probes (random %.3f), worst seed %.3f (random %.3f)",
					  name, sizes[s].bits, loads[l],
					  ours.mean, random.mean, ours.worst,
					  random.worst);
			return false;
		}
	return true;
}

static void setup(void)
{
	CHECK_EQ(l2pc_writers_alloc(&writers, 8, 1 << 20, &ops_ignore), 0);
}

TEST(structured_addresses_probe_like_random_ones)
{
	unsigned int p;

	setup();
	for (p = 0; p < PATTERNS; p++)
		good(hash_ours, patterns[p].address, patterns[p].name, true);
	l2pc_writers_free(&writers);
}

#ifdef __SIZEOF_INT128__
/* Proves that the bound above is strict: a single round exceeds it. */
TEST(one_round_is_not_enough)
{
	unsigned int p, bad = 0;

	setup();
	for (p = 0; p < PATTERNS; p++)
		bad += !good(hash_one_round, patterns[p].address,
			     patterns[p].name, false);
	CHECK(bad >= 3);
	l2pc_writers_free(&writers);
}
#endif

/* fill() uses the same cells as the table itself. */
TEST(fill_has_the_geometry_of_the_table)
{
	struct l2pc_table *table, *model;
	u32 n;

	unit_seed(1);
	setup();
	table = l2pc_table_alloc(&writers, 10, 0);
	model = l2pc_table_alloc(&writers, 10, 0);
	for (n = 0; n < 700; n++)
		CHECK(l2pc_table_reserve(&writers, table, decimal(n)));
	fill(model, hash_ours, decimal, 700);
	for (n = 0; n < l2pc_table_cells(table); n++)
		CHECK_EQ(l2pc_table_cell(table, n)->key,
			 l2pc_table_cell(model, n)->key);
	l2pc_table_free(table);
	l2pc_table_free(model);
	l2pc_writers_free(&writers);
}
