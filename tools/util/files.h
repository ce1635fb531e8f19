/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files of the system that the tool reads: /etc, /sys, /proc, /usr/share.
 * Copyright (C) the l2packet_counter authors
 *
 * L2PC_ROOT stands for / in all of them, so that tests can show another machine.
 */
#ifndef L2PC_TOOL_FILES_H
#define L2PC_TOOL_FILES_H

#include <dirent.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>

#define FILE_PATH	512

/** path_format() - printf() of a path, into a buffer of this thread until its next call */
const char *path_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** file_path() - put L2PC_ROOT before an absolute path, in another buffer of this thread */
const char *file_path(const char *path);

/** file_open() - open a file for reading, or return NULL */
FILE *file_open(const char *path);

/** file_exists() - check for a file or folder */
bool file_exists(const char *path);

/** file_directory() - open a folder, or return NULL */
DIR *file_directory(const char *path);

/** file_line() - read the first line of a file, without its end. Return: there is one */
bool file_line(const char *path, char *line, size_t size);

/** file_link() - read the last part of a symbolic link. Return: it is one */
bool file_link(const char *path, char *name, size_t size);

/**
 * file_home() - put together $XDG_CONFIG_HOME/l2pc/NAME
 * @name: its NAME
 * @buffer: for the path
 *
 * Return: @buffer, or NULL: errno is ENOENT when there is neither XDG_CONFIG_HOME nor
 * HOME, ENAMETOOLONG when there is no room for it.
 */
const char *file_home(const char *name, char buffer[FILE_PATH]);

/** file_directories() - make the folders above a file that are missing */
void file_directories(const char *path);

/** struct interfaces - names of interfaces: @count of them, room for @room */
struct interfaces {
	char (*name)[IF_NAMESIZE];
	size_t count;
	size_t room;
};

/** interfaces_read() - append all interfaces, or Ethernet devices only, sorted by name */
void interfaces_read(struct interfaces *interfaces, bool ethernet);

/** sysfs_exists() - check for the file or folder @name of an interface; "" is its folder */
bool sysfs_exists(const char *ifname, const char *name);

/** sysfs_line() - read the first line of the file @name of an interface */
bool sysfs_line(const char *ifname, const char *name, char *line, size_t size);

#endif /* L2PC_TOOL_FILES_H */
