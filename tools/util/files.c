// SPDX-License-Identifier: GPL-2.0
/*
 * Files of the system that the tool reads.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/array.h"
#include "util/files.h"

const char *path_format(const char *format, ...)
{
	static _Thread_local char path[FILE_PATH];
	va_list args;

	va_start(args, format);
	vsnprintf(path, sizeof(path), format, args);
	va_end(args);
	return path;
}

const char *file_path(const char *path)
{
	static _Thread_local char buffer[FILE_PATH];
	const char *root = getenv("L2PC_ROOT");

	snprintf(buffer, sizeof(buffer), "%s%s", root ? root : "", path);
	return buffer;
}

FILE *file_open(const char *path)
{
	return fopen(file_path(path), "re");
}

bool file_exists(const char *path)
{
	return access(file_path(path), F_OK) == 0;
}

DIR *file_directory(const char *path)
{
	return opendir(file_path(path));
}

bool file_line(const char *path, char *line, size_t size)
{
	FILE *file = file_open(path);
	bool got;

	if (!file)
		return false;
	got = fgets(line, (int)size, file);
	fclose(file);
	if (got)
		line[strcspn(line, "\n")] = 0;
	return got;
}

bool file_link(const char *path, char *name, size_t size)
{
	char target[FILE_PATH];
	ssize_t length = readlink(file_path(path), target, sizeof(target) - 1);
	const char *slash;

	if (length < 0)
		return false;
	target[length] = 0;
	slash = strrchr(target, '/');
	snprintf(name, size, "%s", slash ? slash + 1 : target);
	return true;
}

const char *file_home(const char *name, char buffer[FILE_PATH])
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	int size;

	if (config && config[0] == '/')
		size = snprintf(buffer, FILE_PATH, "%s/l2pc/%s", config, name);
	else if (home && home[0] == '/')
		size = snprintf(buffer, FILE_PATH, "%s/.config/l2pc/%s", home, name);
	else
		size = -1;
	errno = size < 0 ? ENOENT : ENAMETOOLONG;
	/* Cut short it would be another file. */
	return size < 0 || size >= FILE_PATH ? NULL : buffer;
}

void file_directories(const char *path)
{
	char copy[FILE_PATH];

	snprintf(copy, sizeof(copy), "%s", path);
	for (char *p = strchr(copy + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = 0;
		mkdir(copy, 0755);
		*p = '/';
	}
}

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
