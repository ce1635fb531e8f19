// SPDX-License-Identifier: GPL-2.0
/*
 * Network interfaces in /sys/class/net.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"
#include "util/files.h"
#include "util/sysfs.h"

static const char *sysfs_path(const char *ifname, const char *name, char path[FILE_PATH])
{
	snprintf(path, FILE_PATH, "/sys/class/net/%.64s/%.64s", ifname, name);
	return path;
}

bool sysfs_exists(const char *ifname, const char *name)
{
	char path[FILE_PATH];

	return file_exists(sysfs_path(ifname, name, path));
}

bool sysfs_line(const char *ifname, const char *name, char *line, size_t size)
{
	char path[FILE_PATH];

	return file_line(sysfs_path(ifname, name, path), line, size);
}

static int compare_interfaces(const void *a, const void *b)
{
	return strcmp(a, b);
}

void interfaces_read(struct interfaces *interfaces, bool ethernet)
{
	DIR *directory = file_directory("/sys/class/net");
	const struct dirent *d;
	char type[16];

	while (directory && (d = readdir(directory))) {
		if (d->d_name[0] == '.' || strlen(d->d_name) >= IF_NAMESIZE)
			continue;
		/* ARPHRD_ETHER */
		if (ethernet && (!sysfs_line(d->d_name, "type", type, sizeof(type)) ||
				 strcmp(type, "1")))
			continue;
		strcpy(list_add(interfaces, name), d->d_name);
	}
	if (directory)
		closedir(directory);
	if (interfaces->count)
		qsort(interfaces->name, interfaces->count, sizeof(*interfaces->name),
		      compare_interfaces);
}
