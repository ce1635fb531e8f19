// SPDX-License-Identifier: GPL-2.0
/*
 * Names from files: the user's own, /etc/ethers, and /etc/hosts.
 * Copyright (C) the l2packet_counter authors
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "names/names.h"
#include "util/array.h"
#include "util/errors.h"
#include "util/files.h"
#include "util/value.h"

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
	while (getline(&line, &room, file) > 0)
		read_line(line, spaces);
	free(line);
	fclose(file);
}

void names_read_files(void)
{
	char path[FILE_PATH];

	/* The user's own file is where the user says, whatever L2PC_ROOT is. */
	if (file_home(NAMES_FILE, path))
		read_file(fopen(path, "re"), true);
	read_file(file_open("/etc/ethers"), false);
}

struct host {
	char *address;
	char *name;
	size_t line;
};

static struct host *hosts;
static size_t host_count, host_room;

/* Of lines of one address the first counts, as for resolvers. */
static int compare_hosts(const void *a, const void *b)
{
	const struct host *x = a, *y = b;
	int order = strcmp(x->address, y->address);

	return order ? order : (x->line > y->line) - (x->line < y->line);
}

static void free_hosts(void)
{
	for (size_t i = 0; i < host_count; i++) {
		free(hosts[i].address);
		free(hosts[i].name);
	}
	host_count = 0;
}

/* As names_read_neighbours() writes it; false: it is no address. */
static bool normalize_address(const char *text, char plain[INET6_ADDRSTRLEN])
{
	uint8_t address[sizeof(struct in6_addr)];
	int family = strchr(text, ':') ? AF_INET6 : AF_INET;

	return inet_pton(family, text, address) == 1 &&
	       inet_ntop(family, address, plain, INET6_ADDRSTRLEN);
}

void names_read_hosts(void)
{
	FILE *file = file_open("/etc/hosts");
	char *line = NULL, plain[INET6_ADDRSTRLEN];
	size_t line_room = 0;

	free_hosts();
	while (file && getline(&line, &line_room, file) > 0) {
		char *save, *address, *name;

		line[strcspn(line, "#\n")] = 0;
		address = strtok_r(line, " \t\r", &save);
		name = address ? strtok_r(NULL, " \t\r", &save) : NULL;
		if (!name || !normalize_address(address, plain))
			continue;
		hosts = array_grow(hosts, &host_room, host_count, sizeof(*hosts));
		hosts[host_count] = (struct host){ strdup(plain), strdup(name), host_count };
		if (!hosts[host_count].address || !hosts[host_count].name)
			out_of_memory();
		host_count++;
	}
	free(line);
	if (file)
		fclose(file);
	if (host_count)
		qsort(hosts, host_count, sizeof(*hosts), compare_hosts);
}

const char *names_host(const char *address)
{
	size_t low = 0, high = host_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(hosts[middle].address, address) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < host_count && !strcmp(hosts[low].address, address) ? hosts[low].name : NULL;
}
