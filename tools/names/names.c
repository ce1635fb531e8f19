// SPDX-License-Identifier: GPL-2.0
/*
 * Names of stations: what is known, by address.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdlib.h>
#include <string.h>

#include "names/names.h"
#include "util/clock.h"
#include "util/errors.h"
#include "util/files.h"
#include "util/value.h"

/* In nanoseconds: stations may get other addresses. */
#define EVERY	UINT64_C(10000000000)

static struct label *find_slot(const struct labels *labels, uint64_t key)
{
	size_t i = (key * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (labels->room - 1);

	while (labels->label[i].name && labels->label[i].key != key)
		i = (i + 1) & (labels->room - 1);
	return &labels->label[i];
}

static void grow_labels(struct labels *labels)
{
	struct labels new = { .room = labels->room ? 2 * labels->room : 64, .count = labels->count };

	new.label = calloc(new.room, sizeof(*new.label));
	if (!new.label)
		out_of_memory();
	for (size_t i = 0; i < labels->room; i++)
		if (labels->label[i].name)
			*find_slot(&new, labels->label[i].key) = labels->label[i];
	free(labels->label);
	*labels = new;
}

void labels_put(struct labels *labels, uint64_t key, const char *name, bool replace)
{
	struct label *label;

	if (4 * labels->count >= 3 * labels->room)
		grow_labels(labels);
	label = find_slot(labels, key);
	if (label->name && !replace)
		return;
	labels->count += !label->name;
	free(label->name);
	*label = (struct label){ key, strdup(name) };
	if (!label->name)
		out_of_memory();
}

const char *labels_find(const struct labels *labels, uint64_t key)
{
	return labels->count ? find_slot(labels, key)->name : NULL;
}

void labels_clear(struct labels *labels)
{
	for (size_t i = 0; i < labels->room; i++)
		free(labels->label[i].name);
	free(labels->label);
	*labels = (struct labels){ 0 };
}

static struct labels names;
static bool loaded;

static uint64_t mac_key(const uint8_t mac[6])
{
	uint64_t key = 0;

	for (int i = 0; i < 6; i++)
		key = key << 8 | mac[i];
	return key;
}

void names_put(const uint8_t mac[6], const char *name)
{
	labels_put(&names, mac_key(mac), name, false);
}

void names_load(void)
{
	labels_clear(&names);
	names_read_files();
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
	return labels_find(&names, mac_key(mac));
}

bool names_own(const uint8_t mac[6])
{
	static struct labels own;
	static bool known;

	if (!known) {
		struct interfaces all = { 0 };

		interfaces_read(&all, false);
		for (size_t i = 0; i < all.count; i++) {
			uint8_t address[6];
			char line[64];

			if (sysfs_line(all.name[i], "address", line, sizeof(line)) &&
			    value_mac(line, address))
				labels_put(&own, mac_key(address), all.name[i], false);
		}
		free(all.name);
		known = true;
	}
	return labels_find(&own, mac_key(mac));
}
