// SPDX-License-Identifier: GPL-2.0
/*
 * Archives: sets of stations, added up over CPUs and over time.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "archive.h"
#include "area.h"
#include "table.h"

#define ARCHIVE_MIN_BITS	5
#define ARCHIVE_MAX_BITS	26

static u32 archive_home(const struct l2pc_archive *archive, u64 key)
{
	/* Bits 0 to 4 of the hash are unusable, see l2pc_hash(). */
	return (l2pc_hash(archive->hash_key, key) >> 5) &
		((1U << archive->bits) - 1);
}

static u32 archive_next(const struct l2pc_archive *archive, u32 slot)
{
	return (slot + 1) & ((1U << archive->bits) - 1);
}

/* Find a station's slot, or the empty slot to insert it in. Inline: once a cell. */
static __always_inline u32 *archive_probe(const struct l2pc_archive *archive, u64 key)
{
	u32 slot = archive_home(archive, key);
	u32 entry;

	while ((entry = archive->slots[slot]) &&
	       archive->stations[entry - 1].key != key)
		slot = archive_next(archive, slot);
	return &archive->slots[slot];
}

/**
 * l2pc_archive_init() - initialise an empty archive, without allocating
 * @archive: filled in
 * @hash_key: the port's hash key
 */
void l2pc_archive_init(struct l2pc_archive *archive, const u64 hash_key[2])
{
	memset(archive, 0, sizeof(*archive));
	/*
	 * Swap the two words, so that slots are in another order than cells. Stations inserted
	 * in the order of a hash with the same key would cluster.
	 */
	archive->hash_key[0] = hash_key[1];
	archive->hash_key[1] = hash_key[0] | 1ULL << 63 | 1;
}

/**
 * l2pc_archive_free() - empty an archive and free its memory
 * @archive: may be used again immediately
 */
void l2pc_archive_free(struct l2pc_archive *archive)
{
	l2pc_area_free(archive->slots);
	l2pc_area_free(archive->stations);
	archive->slots = NULL;
	archive->stations = NULL;
	archive->bits = 0;
	archive->capacity = 0;
	archive->used = 0;
}

/* Bound the load: at most three quarters of the slots are used. */
static u32 archive_capacity_max(u32 bits)
{
	return (3ULL << bits) / 4;
}

static u32 archive_bits_for(u32 stations)
{
	u32 bits = ARCHIVE_MIN_BITS;

	while (bits < ARCHIVE_MAX_BITS && archive_capacity_max(bits) < stations)
		bits++;
	return bits;
}

/* Allocate no more than requested: most archives are built, read once and freed. */
static u32 archive_first_capacity(u32 bits, u32 stations)
{
	return clamp(stations, archive_capacity_max(ARCHIVE_MIN_BITS),
		     archive_capacity_max(bits));
}

/* Allocate an archive's memory, and insert all stations of another of the same hash. */
static int archive_build(struct l2pc_archive *archive,
			 const struct l2pc_archive *from, u32 bits, u32 capacity)
{
	const struct l2pc_station *station;
	u32 index, slot;

	archive->slots = l2pc_area_array(1UL << bits, sizeof(*archive->slots),
					 GFP_KERNEL | __GFP_NOWARN | __GFP_ZERO);
	archive->stations = l2pc_area_array(capacity, sizeof(*archive->stations),
					    GFP_KERNEL | __GFP_NOWARN);
	if (!archive->slots || !archive->stations) {
		l2pc_archive_free(archive);
		return -ENOMEM;
	}
	archive->bits = bits;
	archive->capacity = capacity;
	archive->used = from->used;
	l2pc_archive_for_each(from, index, station) {
		archive->stations[index] = *station;
		/* The stations differ from each other, so search for empty slots only. */
		for (slot = archive_home(archive, station->key); archive->slots[slot];
		     slot = archive_next(archive, slot))
			;
		archive->slots[slot] = index + 1;
	}
	return 0;
}

static int archive_resize(struct l2pc_archive *archive, u32 bits, u32 capacity)
{
	struct l2pc_archive other = *archive;

	if (archive_build(&other, archive, bits, capacity))
		return -ENOMEM;
	l2pc_area_free(archive->slots);
	l2pc_area_free(archive->stations);
	*archive = other;
	return 0;
}

/**
 * l2pc_archive_copy() - start an archive as a copy of another
 * @archive: an empty archive with the same hash key
 * @from: the archive to copy
 * @stations: number of stations to allocate memory for, or @from's if that is larger
 *
 * Cheaper than claiming the stations one by one.
 *
 * Context: process, may sleep.
 * Return: 0, or -ENOMEM with @archive empty.
 */
int l2pc_archive_copy(struct l2pc_archive *archive,
		      const struct l2pc_archive *from, u32 stations)
{
	u32 bits;

	stations = max(stations, from->used);
	bits = archive_bits_for(stations);
	return archive_build(archive, from, bits, archive_first_capacity(bits, stations));
}

/**
 * l2pc_archive_reserve() - allocate memory for a number of stations
 * @archive: the archive
 * @stations: number of stations in all
 *
 * Context: process, may sleep.
 * Return: 0, or -ENOMEM with the archive unchanged.
 */
int l2pc_archive_reserve(struct l2pc_archive *archive, u32 stations)
{
	u32 bits = max(archive_bits_for(stations), archive->bits);
	u32 capacity = archive_capacity_max(bits);

	/* An idle port has no memory for stations. */
	if (!stations && !archive->slots)
		return 0;
	if (!archive->slots)
		capacity = archive_first_capacity(bits, stations);
	else if (stations <= archive->capacity || capacity == archive->capacity)
		return 0;
	return archive_resize(archive, bits, capacity);
}

/**
 * l2pc_archive_trim() - shrink an archive that is mostly empty
 * @archive: the archive
 *
 * Context: process, may sleep. Without memory for the copy the archive is unchanged.
 */
void l2pc_archive_trim(struct l2pc_archive *archive)
{
	/* Keep one size of slack: the same number of stations may come back soon. */
	u32 bits = archive_bits_for(archive->used) + 1;

	if (archive->slots && bits < archive->bits)
		archive_resize(archive, bits, archive_capacity_max(bits));
}

/**
 * l2pc_archive_find() - find a station
 * @archive: the archive
 * @key: the station
 *
 * Return: the station, or NULL.
 */
struct l2pc_station *l2pc_archive_find(const struct l2pc_archive *archive,
				       u64 key)
{
	u32 entry;

	if (!archive->used)
		return NULL;
	entry = *archive_probe(archive, key);
	return entry ? &archive->stations[entry - 1] : NULL;
}

/**
 * l2pc_archive_claim() - find a station, or insert it
 * @archive: the archive
 * @key: the station
 *
 * Context: process, may sleep.
 * Return: the station, with all counts 0 if it is new; NULL when the archive is full
 * and cannot grow.
 */
struct l2pc_station *l2pc_archive_claim(struct l2pc_archive *archive, u64 key)
{
	struct l2pc_station *station;
	u32 *slot = NULL;

	if (archive->slots) {
		slot = archive_probe(archive, key);
		if (*slot)
			return &archive->stations[*slot - 1];
	}
	if (archive->used >= archive->capacity) {
		if (l2pc_archive_reserve(archive, archive->used + 1) ||
		    archive->used >= archive->capacity)
			return NULL;
		slot = archive_probe(archive, key);
	}
	station = &archive->stations[archive->used];
	*station = (struct l2pc_station){ .key = key };
	*slot = ++archive->used;
	return station;
}

/*
 * Empty a slot, and move later stations of the same probe sequence back, so that no
 * tombstones remain (Knuth, TAOCP 3, 6.4, algorithm R).
 */
static void archive_empty_slot(struct l2pc_archive *archive, u32 hole)
{
	u32 mask = (1U << archive->bits) - 1;
	u32 slot = hole;

	for (;;) {
		u32 home, entry;

		slot = archive_next(archive, slot);
		entry = archive->slots[slot];
		if (!entry)
			break;
		home = archive_home(archive, archive->stations[entry - 1].key);
		/* A station cannot move to a slot before its home. */
		if (((slot - home) & mask) < ((slot - hole) & mask))
			continue;
		archive->slots[hole] = entry;
		hole = slot;
	}
	archive->slots[hole] = 0;
}

/**
 * l2pc_archive_del() - remove a station
 * @archive: the archive
 * @station: a station of it; the last station moves to this index
 */
void l2pc_archive_del(struct l2pc_archive *archive,
		      struct l2pc_station *station)
{
	const struct l2pc_station *last = &archive->stations[archive->used - 1];

	archive_empty_slot(archive, archive_probe(archive, station->key) -
				    archive->slots);
	if (station != last) {
		*archive_probe(archive, last->key) = station - archive->stations + 1;
		*station = *last;
	}
	archive->used--;
}
