// SPDX-License-Identifier: GPL-2.0
/*
 * Names from files: the user's own, and /etc/ethers.
 * Copyright (C) the l2packet_counter authors
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "names/names.h"
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
