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
#include <stdbool.h>
#include <stdio.h>

#define FILE_PATH	512

/**
 * path_format() - put a path together
 * @format: as of printf()
 *
 * Return: a buffer of this thread, until its next call
 */
const char *path_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** file_path() - where a file is @path: absolute @buffer: put there */
const char *file_path(const char *path, char buffer[FILE_PATH]);

/** file_open() - for reading, NULL when that is not possible @path: absolute */
FILE *file_open(const char *path);

/** file_exists() - is there such a file? @path: absolute */
bool file_exists(const char *path);

/** file_directory() - for reading, or NULL @path: absolute */
DIR *file_directory(const char *path);

/**
 * file_line() - the first line of a file
 * @path: absolute
 * @line: put there, without its end
 * @size: bytes at @line
 *
 * Return: is there one?
 */
bool file_line(const char *path, char *line, size_t size);

/**
 * file_link() - the last part of what a symbolic link says
 * @path: absolute
 * @name: put there
 * @size: bytes at @name
 *
 * Return: is it a link?
 */
bool file_link(const char *path, char *name, size_t size);

/** file_home() - $XDG_CONFIG_HOME/l2pc/NAME @name: its NAME @buffer: put there
 *
 * Return: NULL when there is neither XDG_CONFIG_HOME nor HOME, errno is ENOENT then; or
 * when there is no room for it: ENAMETOOLONG.
 */
const char *file_home(const char *name, char buffer[FILE_PATH]);

/** file_directories() - make those above a file that are not there @path: absolute */
void file_directories(const char *path);

#endif /* L2PC_TOOL_FILES_H */
