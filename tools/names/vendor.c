// SPDX-License-Identifier: GPL-2.0
/*
 * Vendors of stations: from systemd's hardware database, else from the IEEE's lists as the
 * package ieee-data installs them.
 * Copyright (C) the l2packet_counter authors
 *
 * libsystemd is loaded for the first vendor, and only where there is a database: it brings
 * half a dozen libraries with it, which would make each start of the tool slower. ABI of
 * libsystemd.so.0, stable since version 209.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names/labels.h"
#include "names/names.h"
#include "util/files.h"
#include "util/value.h"

/* The smallest block of addresses that the IEEE assigns has 36 bits in common. */
#define BLOCK_BITS_MAX	36U
#define FOUND_BITS	12

static struct hwdb {
	void *hwdb;
	int (*get)(void *hwdb, const char *modalias, const char *key, const char **value);
} hwdb;

static bool hwdb_exists(void)
{
	static const char *const files[] = {
		"/etc/systemd/hwdb/hwdb.bin", "/etc/udev/hwdb.bin", "/usr/lib/systemd/hwdb/hwdb.bin",
		"/usr/lib/udev/hwdb.bin", "/lib/udev/hwdb.bin",
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (file_exists(files[i]))
			return true;
	return false;
}

static void hwdb_open(void)
{
	int (*make)(void **hwdb);
	void *library;

	if (!hwdb_exists())
		return;
	library = dlopen("libsystemd.so.0", RTLD_NOW | RTLD_LOCAL);
	if (!library)
		return;
	/* POSIX has dlsym() return functions in a void *. */
	*(void **)&make = dlsym(library, "sd_hwdb_new");
	*(void **)&hwdb.get = dlsym(library, "sd_hwdb_get");
	if (!make || !hwdb.get || make(&hwdb.hwdb) < 0)
		hwdb.hwdb = NULL;
}

/* A block of addresses: those that have the first @bits of @address. */
static uint64_t make_block(uint64_t address, unsigned int bits)
{
	return address >> (48 - bits) << (48 - bits) << 8 | bits;
}

/* "OUI:001122334455" */
static const char *hwdb_search(const uint8_t mac[6])
{
	static const char digits[] = "0123456789ABCDEF";
	char modalias[] = "OUI:............", *p = modalias + strlen("OUI:");
	const char *value;

	for (int i = 0; i < 6; i++) {
		*p++ = digits[mac[i] >> 4];
		*p++ = digits[mac[i] & 15];
	}
	return hwdb.get(hwdb.hwdb, modalias, "ID_OUI_FROM_DATABASE", &value) < 0 ? NULL : value;
}

/* A search takes 5,000 instructions. Stations of one vendor often share a block. */
static const char *hwdb_find(const uint8_t mac[6])
{
	static struct {
		uint64_t block;
		const char *vendor;	/* points into the database, which is mapped */
	} found[1 << FOUND_BITS];
	uint64_t block = make_block(mac_number(mac), BLOCK_BITS_MAX);
	size_t i = index_number(block, 0) >> (32 - FOUND_BITS);

	if (found[i].block != block) {
		found[i].vendor = hwdb_search(mac);
		found[i].block = block;
	}
	return found[i].vendor;
}

static struct labels blocks;

/* MA-L,002272,"American Micro-Fuel, Inc.",address */
static void parse_line(const char *line)
{
	const char *digits = strchr(line, ',');
	uint64_t prefix;
	unsigned int bits;
	char name[128], *p;
	size_t size = 0;
	bool quoted;

	/* A line that is being written has no end yet. */
	if (!digits || !strchr(digits, '\n'))
		return;
	/* strtoull() alone takes blanks, a sign and 0x, too. */
	bits = 4 * (unsigned int)strspn(++digits, "0123456789ABCDEFabcdef");
	prefix = strtoull(digits, &p, 16);
	if ((bits != 24 && bits != 28 && bits != BLOCK_BITS_MAX) || *p++ != ',')
		return;
	quoted = *p == '"';
	for (p += quoted; *p != '\n' && *p != '\r' && size < sizeof(name) - 1; p++) {
		if (!quoted && *p == ',')
			break;
		/* A quote within quotes is written twice. */
		if (quoted && *p == '"' && *++p != '"')
			break;
		name[size++] = *p;
	}
	name[size] = 0;
	labels_put(&blocks, make_block(prefix << (48 - bits), bits), name, true);
}

/* The first list has the blocks of 24 bits, which are most of it all. */
static void ieee_load(bool small_only)
{
	static const char *const lists[] = { "oui", "mam", "oui36", "iab" };
	char *line = NULL;
	size_t room = 0;

	for (size_t i = small_only; i < ARRAY_SIZE(lists); i++) {
		FILE *file = file_open(path_format("/usr/share/ieee-data/%s.csv", lists[i]));

		while (file && getline(&line, &room, file) > 0)
			parse_line(line);
		if (file)
			fclose(file);
	}
	free(line);
}

/* Of blocks in blocks the smallest counts. */
static const char *ieee_find(const uint8_t mac[6])
{
	static const unsigned int bits[] = { BLOCK_BITS_MAX, 28, 24 };
	const char *name = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(bits) && !name; i++)
		name = labels_find(&blocks, make_block(mac_number(mac), bits[i]));
	return name;
}

/*
 * The database lacks some of the small blocks: of those there is only the authority that
 * has the block around them. The lists have them, where the package is installed.
 */
static const char *small_find(const uint8_t mac[6], const char *vendor)
{
	static bool known;
	const char *name;

	if (!vendor || strcmp(vendor, "IEEE Registration Authority") != 0)
		return vendor;
	if (!known)
		ieee_load(true);
	known = true;
	name = ieee_find(mac);
	return name ? name : vendor;
}

const char *names_vendor(const uint8_t mac[6])
{
	static bool known;

	/* A local address was not assigned to a vendor. */
	if (names_local(mac))
		return NULL;
	if (!known) {
		hwdb_open();
		if (!hwdb.hwdb)
			ieee_load(false);
		known = true;
	}
	return hwdb.hwdb ? small_find(mac, hwdb_find(mac)) : ieee_find(mac);
}
