// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer on the files that have names and vendors of stations.
 * Copyright (C) the l2packet_counter authors
 *
 * L2PC_ROOT is a directory whose files are links to one descriptor each, which is open
 * while that file is fuzzed. Some of the tool's sources are included here, because they
 * read only once what must be read again for each input.
 */
#define _GNU_SOURCE	/* memfd_create, tdestroy */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/clock.h"
#include "fuzz.h"
#include "util/text.h"

#include "names/vendor.c"
#include "names/names.c"
#include "names/neighbours.c"
#include "source/devices.c"

enum { OWN = 100, ETHERS, HOSTS, OUI };

void fuzz_files_init(const char *program)
{
	static const struct {
		const char *name;
		int fd;
	} files[] = {
		{ "etc", 0 }, { "etc/ethers", ETHERS }, { "etc/hosts", HOSTS },
		{ "usr", 0 }, { "usr/share", 0 }, { "usr/share/ieee-data", 0 },
		{ "usr/share/ieee-data/oui.csv", OUI }, { "l2pc", 0 }, { "l2pc/" NAMES_FILE, OWN },
	};
	const char *slash = strrchr(program, '/');
	char root[512], path[1024], target[32], *whole;

	snprintf(root, sizeof(root), "%.*sroot", slash ? (int)(slash + 1 - program) : 0, program);
	mkdir(root, 0755);
	whole = realpath(root, NULL);
	if (!whole)
		abort();
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		snprintf(path, sizeof(path), "%s/%s", whole, files[i].name);
		snprintf(target, sizeof(target), "/proc/self/fd/%d", files[i].fd);
		if (!files[i].fd)
			mkdir(path, 0755);
		else
			symlink(target, path);
	}
	setenv("L2PC_ROOT", whole, 1);
	setenv("XDG_CONFIG_HOME", whole, 1);
	free(whole);
}

static void open_as(int fd)
{
	int file = fuzz_file();

	if (dup2(file, fd) != fd)
		abort();
	close(file);
}

/* Write a view with the addresses at the start of the file's lines. */
static void write_stations(void)
{
	const struct options options = { .given = OPTION(STATISTICS) };
	struct station stations[16] = { 0 };
	struct view view = { .ifname = "eth0", .stations = stations };
	struct views views = { .view = &view, .count = 1 };
	char *text = strndup((const char *)input, left), *save;

	for (char *line = strtok_r(text, "\n", &save); line && view.count < 16;
	     line = strtok_r(NULL, "\n", &save)) {
		struct station *station = &stations[view.count];

		if (!value_mac(line, station->mac))
			continue;
		station->has = BIT(L2PC_A_STATION_MAC) | BIT(L2PC_A_STATION_PACKETS);
		view.count++;
	}
	fuzz_write(&views, &options);
	free(text);
}

void fuzz_names(void)
{
	for (int fd = OWN; fd <= ETHERS; fd++) {
		open_as(fd);
		names_load();
		write_stations();
		close(fd);
	}
}

/* Check that neighbours with the same address have the same name, and the others none. */
void fuzz_hosts(void)
{
	struct neighbour neighbours[4] = { 0 };
	struct table table = { .neighbour = neighbours, .count = 4 };

	set_address(&neighbours[0], AF_INET, &(struct in_addr){ 0 });
	set_address(&neighbours[1], AF_INET6, &in6addr_any);
	set_address(&neighbours[2], AF_INET6, &in6addr_loopback);
	set_address(&neighbours[3], AF_INET6, &in6addr_loopback);
	open_as(HOSTS);
	read_hosts(&table);
	close(HOSTS);
	if (!neighbours[2].name != !neighbours[3].name ||
	    (neighbours[2].name && strcmp(neighbours[2].name, neighbours[3].name)))
		abort();
	for (size_t i = 0; i < table.count; i++)
		free(neighbours[i].name);
}

/* Check that a block's first address has a vendor; look up the address before it as well. */
static void check_block(uint64_t key)
{
	for (int before = 0; before < 2; before++) {
		uint64_t address = (key >> 8) - (uint64_t)before;
		uint8_t mac[6];

		for (int byte = 0; byte < 6; byte++)
			mac[byte] = (uint8_t)(address >> (40 - 8 * byte));
		if (!ieee_find(mac) && !before)
			abort();
	}
}

void fuzz_vendors(void)
{
	open_as(OUI);
	ieee_load(false);
	close(OUI);
	for (size_t i = 0; i < blocks.count; i++)
		check_block(blocks.label[i].key);
	labels_clear(&blocks);
}

/* Read messages about interfaces, and check that names are strings of valid length. */
void fuzz_devices(void)
{
	devices_read(true);
	for (size_t i = 0; i < devices.count; i++) {
		const struct device *device = &devices.device[i];

		if (!device->name[0] || strlen(device->name) > L2PC_NAME_MAX ||
		    strlen(device->kind) >= sizeof(device->kind) || !devices_find(device->name))
			abort();
	}
	for (size_t i = 0; i < offloads.count; i++)
		if (!devices_flowtable(offloads.offload[i].device))
			abort();
}
