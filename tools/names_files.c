// SPDX-License-Identifier: GPL-2.0
/*
 * Names from files: the user's own, /etc/ethers, and /etc/hosts.
 * Copyright (C) the l2packet_counter authors
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "files.h"
#include "names.h"
#include "value.h"

/* A line is ADDRESS NAME; # begins a comment. In the user's own file a name goes
 * on to the end of the line and may have spaces in it.
 */
static void take_line(char *line, bool spaces)
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

static void take_file(FILE *file, bool spaces)
{
	char *line = NULL;
	size_t room = 0;

	if (!file)
		return;
	while (getline(&line, &room, file) > 0)
		take_line(line, spaces);
	free(line);
	fclose(file);
}

void names_read_files(void)
{
	char path[FILE_PATH];

	/* The user's own file is where the user says, whatever L2PC_ROOT is. */
	if (file_home(NAMES_FILE, path))
		take_file(fopen(path, "re"), true);
	take_file(file_open("/etc/ethers"), false);
}

struct host {
	char *address;
	char *name;
};

static struct host *hosts;
static size_t host_count;

static int compare(const void *a, const void *b)
{
	const struct host *x = a, *y = b;

	return strcmp(x->address, y->address);
}

static void read_hosts(void)
{
	FILE *file = file_open("/etc/hosts");
	size_t room = 0, line_room = 0;
	char *line = NULL;

	while (file && getline(&line, &line_room, file) > 0) {
		char *save, *address, *name;

		line[strcspn(line, "#\n")] = 0;
		address = strtok_r(line, " \t\r", &save);
		name = address ? strtok_r(NULL, " \t\r", &save) : NULL;
		if (!name)
			continue;
		hosts = array_grow(hosts, &room, host_count, sizeof(*hosts));
		hosts[host_count].address = strdup(address);
		hosts[host_count].name = strdup(name);
		if (!hosts[host_count].address || !hosts[host_count].name)
			out_of_memory();
		host_count++;
	}
	free(line);
	if (file)
		fclose(file);
	if (host_count)
		qsort(hosts, host_count, sizeof(*hosts), compare);
}

const char *names_host(const char *address)
{
	const struct host key = { .address = (char *)address };
	const struct host *found;
	static bool known;

	if (!known)
		read_hosts();
	known = true;
	found = host_count ? bsearch(&key, hosts, host_count, sizeof(*hosts), compare) : NULL;
	return found ? found->name : NULL;
}
