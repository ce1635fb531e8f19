// SPDX-License-Identifier: GPL-2.0
/*
 * Network interfaces in /sys/class/net.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdlib.h>
#include <string.h>

#include "util/array.h"
#include "util/files.h"
#include "util/sysfs.h"

bool sysfs_exists(const char *ifname, const char *name)
{
	return file_exists(path_format("/sys/class/net/%s/%s", ifname, name));
}

bool sysfs_line(const char *ifname, const char *name, char *line, size_t size)
{
	return file_line(path_format("/sys/class/net/%s/%s", ifname, name), line, size);
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
