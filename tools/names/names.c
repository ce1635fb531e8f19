// SPDX-License-Identifier: GPL-2.0
/*
 * Names of stations by address, from files.
 * Copyright (C) the l2packet_counter authors
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "names/labels.h"
#include "names/names.h"
#include "util/clock.h"
#include "util/files.h"
#include "util/text.h"
#include "util/value.h"

/* In nanoseconds: stations may get other addresses. */
#define EVERY	UINT64_C(10000000000)

static struct labels names;
static bool loaded;

void names_put(const uint8_t mac[6], const char *name)
{
	labels_put(&names, mac_number(mac), name, false);
}

/* A line is ADDRESS NAME; # begins a comment. In the user's own file a name goes
 * on to the end of the line and may have spaces in it.
 */
static void read_line(char *line, bool spaces)
{
	uint8_t mac[6];
	char *name, *end;
	size_t size;

	line += strspn(line, " \t");
	size = value_mac(line, mac);
	if (!size || !isspace((unsigned char)line[size]))
		return;
	name = line + size;
	name += strspn(name, " \t");
	name[strcspn(name, spaces ? "#\r\n" : " \t#\r\n")] = 0;
	for (end = name + strlen(name); end > name && isspace((unsigned char)end[-1]); end--)
		end[-1] = 0;
	if (*name)
		names_put(mac, name);
}

static void read_file(FILE *file, bool spaces)
{
	char *line = NULL;
	size_t room = 0;

	if (!file)
		return;
	for (bool first = true; getline(&line, &room, file) > 0; first = false)
		read_line(first ? line + text_mark(line) : line, spaces);
	free(line);
	fclose(file);
}

static void read_files(void)
{
	char path[FILE_PATH];

	/* The user's own file is where the user says, whatever L2PC_ROOT is. */
	if (file_home(NAMES_FILE, path))
		read_file(fopen(path, "re"), true);
	read_file(file_open("/etc/ethers"), false);
}

void names_load(void)
{
	labels_clear(&names);
	read_files();
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
	return labels_find(&names, mac_number(mac));
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
				labels_put(&own, mac_number(address), all.name[i], false);
		}
		free(all.name);
		known = true;
	}
	return labels_find(&own, mac_number(mac));
}
