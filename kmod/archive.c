// SPDX-License-Identifier: GPL-2.0
/*
 * Archives: stations added up over CPUs and over time.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "archive.h"
#include "table.h"

#define ARCHIVE_MIN_BITS	5
#define ARCHIVE_MAX_BITS	26

static u32 archive_home(const struct l2pc_archive *archive, u64 key)
{
	/* The low five bits are not for use: see l2pc_hash(). */
	return (l2pc_hash(archive->seed, key) >> 5) &
		((1U << archive->bits) - 1);
}

static u32 archive_next(const struct l2pc_archive *archive, u32 index)
{
	return (index + 1) & ((1U << archive->bits) - 1);
}

static struct l2pc_station *archive_probe(const struct l2pc_archive *archive,
					  u64 key)
{
	u32 index = archive_home(archive, key);

	while (archive->slots[index].key && archive->slots[index].key != key)
		index = archive_next(archive, index);
	return &archive->slots[index];
}

/**
 * l2pc_archive_init() - make an empty archive; allocates nothing
 * @archive: filled in
 * @seed: the port's hash key
 */
void l2pc_archive_init(struct l2pc_archive *archive, const u64 seed[2])
{
	memset(archive, 0, sizeof(*archive));
	/*
	 * Not the order in which tables are walked: filling a hash in the order
	 * of another one of the same key piles the stations up.
	 */
	archive->seed[0] = seed[1];
	archive->seed[1] = seed[0] | 1ULL << 63 | 1;
}

/**
 * l2pc_archive_free() - empty an archive and give its memory back
 * @archive: may be used again at once
 */
void l2pc_archive_free(struct l2pc_archive *archive)
{
	kvfree(archive->slots);
	archive->slots = NULL;
	archive->bits = 0;
	archive->used = 0;
}

/* Log2 of the least slots of which so many stations fill three quarters. */
static u32 archive_bits_for(u32 stations)
{
	u32 bits = ARCHIVE_MIN_BITS;

	while (bits < ARCHIVE_MAX_BITS && (3ULL << bits) / 4 < stations)
		bits++;
	return bits;
}

static int archive_resize(struct l2pc_archive *archive, u32 bits)
{
	struct l2pc_archive other = *archive;
	struct l2pc_station *station;
	u32 index;

	other.bits = bits;
	other.slots = kvcalloc(1UL << bits, sizeof(*other.slots),
			       GFP_KERNEL | __GFP_NOWARN);
	if (!other.slots)
		return -ENOMEM;
	l2pc_archive_for_each(archive, index, station) {
		*archive_probe(&other, station->key) = *station;
	}
	kvfree(archive->slots);
	*archive = other;
	return 0;
}

/**
 * l2pc_archive_reserve() - make room
 * @archive: the archive
 * @stations: how many it shall hold in all
 *
 * Context: process, may sleep.
 * Return: 0, or -ENOMEM with the archive as it was.
 */
int l2pc_archive_reserve(struct l2pc_archive *archive, u32 stations)
{
	u32 bits = archive_bits_for(stations);

	if (archive->slots && bits <= archive->bits)
		return 0;
	return archive_resize(archive, bits);
}

/**
 * l2pc_archive_trim() - give back memory when most of it is not used any more
 * @archive: the archive
 *
 * Context: process, may sleep. Without memory to move to nothing happens.
 */
void l2pc_archive_trim(struct l2pc_archive *archive)
{
	u32 bits = archive_bits_for(archive->used);

	/* One size of slack: what was needed now may be needed soon. */
	if (archive->slots && bits + 1 < archive->bits)
		archive_resize(archive, bits + 1);
}

/**
 * l2pc_archive_find() - look a station up
 * @archive: the archive
 * @key: the station
 *
 * Return: the station, or NULL.
 */
struct l2pc_station *l2pc_archive_find(const struct l2pc_archive *archive,
				       u64 key)
{
	struct l2pc_station *station;

	if (!archive->used)
		return NULL;
	station = archive_probe(archive, key);
	return station->key ? station : NULL;
}

/**
 * l2pc_archive_claim() - find a station, or make a slot for it
 * @archive: the archive
 * @key: the station
 *
 * Context: process, may sleep.
 * Return: the station, new ones with all counts 0; NULL when the archive is
 * full and cannot grow.
 */
struct l2pc_station *l2pc_archive_claim(struct l2pc_archive *archive, u64 key)
{
	u32 slots = l2pc_archive_slots(archive);
	struct l2pc_station *station;

	if (slots) {
		station = archive_probe(archive, key);
		if (station->key)
			return station;
	}
	if (archive->used >= (u64)slots * 3 / 4) {
		/* Without memory it fills up to 15/16, then refuses. */
		l2pc_archive_reserve(archive, archive->used + 1);
		slots = l2pc_archive_slots(archive);
		if (archive->used >= (u64)slots * 15 / 16)
			return NULL;
		station = archive_probe(archive, key);
	}
	station->key = key;
	archive->used++;
	return station;
}

/**
 * l2pc_archive_del() - take a station out
 * @archive: the archive
 * @station: a station in it; its slot may hold another one afterwards
 *
 * Moves later stations of the same probe sequence back, so that no tombstones
 * remain (Knuth, TAOCP 3, 6.4, algorithm R).
 */
void l2pc_archive_del(struct l2pc_archive *archive,
		      struct l2pc_station *station)
{
	u32 mask = (1U << archive->bits) - 1;
	u32 hole = station - archive->slots;
	u32 index = hole;

	for (;;) {
		u32 home;

		index = archive_next(archive, index);
		if (!archive->slots[index].key)
			break;
		home = archive_home(archive, archive->slots[index].key);
		/* May it move back to the hole without passing its home? */
		if (((index - home) & mask) < ((index - hole) & mask))
			continue;
		archive->slots[hole] = archive->slots[index];
		hole = index;
	}
	memset(&archive->slots[hole], 0, sizeof(archive->slots[hole]));
	archive->used--;
}

/**
 * l2pc_station_add() - add one station's counts to another's
 * @to: the sum; a slot just claimed has packets 0 and takes @from's stamps
 * @from: what is added
 */
void l2pc_station_add(struct l2pc_station *to, const struct l2pc_station *from)
{
	if (!to->packets) {
		to->first_seen = from->first_seen;
		to->last_seen = from->last_seen;
	} else {
		to->first_seen = min(to->first_seen, from->first_seen);
		to->last_seen = max(to->last_seen, from->last_seen);
	}
	to->packets += from->packets;
	to->bytes += from->bytes;
}
