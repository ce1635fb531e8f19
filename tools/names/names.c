// SPDX-License-Identifier: GPL-2.0
/*
 * Names of stations: what is known, by address.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdlib.h>
#include <string.h>

#include "names/names.h"
#include "util/array.h"
#include "util/clock.h"
#include "util/errors.h"
#include "util/files.h"
#include "util/value.h"

/* In nanoseconds: somebody may get another address meanwhile. */
#define EVERY	UINT64_C(10000000000)

struct entry {
	uint64_t key;
	char *name;
};

/* Open addressing; keys have bit 48 set, so that 0 is a free place. */
static struct entry *entries;
static size_t room, count;
static bool loaded;

static uint64_t mac_key(const uint8_t mac[6])
{
	uint64_t key = 1;

	for (int i = 0; i < 6; i++)
		key = key << 8 | mac[i];
	return key;
}

static struct entry *find_slot(uint64_t key)
{
	size_t i = (key * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (room - 1);

	while (entries[i].key && entries[i].key != key)
		i = (i + 1) & (room - 1);
	return &entries[i];
}

static void grow_table(void)
{
	struct entry *old = entries;
	size_t old_room = room;

	room = room ? 2 * room : 64;
	entries = calloc(room, sizeof(*entries));
	if (!entries)
		out_of_memory();
	for (size_t i = 0; i < old_room; i++)
		if (old[i].key)
			*find_slot(old[i].key) = old[i];
	free(old);
}

void names_put(const uint8_t mac[6], const char *name)
{
	struct entry *entry;

	if (4 * count >= 3 * room)
		grow_table();
	entry = find_slot(mac_key(mac));
	if (entry->key)
		return;
	entry->name = strdup(name);
	if (!entry->name)
		out_of_memory();
	entry->key = mac_key(mac);
	count++;
}

static void clear_table(void)
{
	for (size_t i = 0; i < room; i++) {
		free(entries[i].name);
		entries[i] = (struct entry){ 0 };
	}
	count = 0;
}

void names_load(void)
{
	clear_table();
	names_read_files();
	names_read_hosts();
	names_read_neighbours();
	loaded = true;
}

void names_refresh(void)
{
	static uint64_t last;
	uint64_t now = clock_boot();

	if (loaded && now - last < EVERY)
		return;
	last = now;
	names_load();
}

const char *names_find(const uint8_t mac[6])
{
	if (!loaded)
		names_load();
	return count ? find_slot(mac_key(mac))->name : NULL;
}

bool names_own(const uint8_t mac[6])
{
	static uint8_t (*own)[6];
	static size_t own_count;
	static bool known;

	if (!known) {
		DIR *directory = file_directory("/sys/class/net");
		const struct dirent *d;
		size_t own_room = 0;

		known = true;
		while (directory && (d = readdir(directory))) {
			char path[FILE_PATH], line[64];

			snprintf(path, sizeof(path), "/sys/class/net/%.64s/address", d->d_name);
			if (d->d_name[0] == '.' || !file_line(path, line, sizeof(line)))
				continue;
			own = array_grow(own, &own_room, own_count, sizeof(*own));
			if (value_mac(line, own[own_count]))
				own_count++;
		}
		if (directory)
			closedir(directory);
	}
	for (size_t i = 0; i < own_count; i++)
		if (!memcmp(own[i], mac, 6))
			return true;
	return false;
}
