/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Replacing a file: readers see the old one or the new one, never a part.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_REPLACE_H
#define L2PC_TOOL_REPLACE_H

#include <stdio.h>

/* A file that is to take the place of another. */
struct replace {
	FILE *file;		/* to be written to */
	char *name;		/* of the old file */
	char *temporary;	/* of the new one */
};

/**
 * replace_begin() - create the new file next to the old one
 * @replace: to be filled
 * @name: the file to be replaced, if it is there; or a link to it
 *
 * The new file has the user, group and mode of the old one.
 *
 * Return: 0, or a negative errno with nothing to end; -EINVAL: @name is not a regular
 * file; -ENOTSUP: user, group or mode cannot be kept
 */
int replace_begin(struct replace *replace, const char *name);

/**
 * replace_end() - put the new file in its place, on disk
 * @replace: closed and freed
 * @error: 0, or a negative errno: the new file is removed, and the old one stays
 *
 * Return: 0, @error, or a negative errno
 */
int replace_end(struct replace *replace, int error);

/** replace_text() - describe an error of these functions */
const char *replace_text(int error);

/**
 * lock_acquire() - lock a file that is read, changed and replaced, by FILE.lock
 * @name: the file, or a link to it; FILE.lock is made where it is missing, and stays
 *
 * Return: a file descriptor, which is closed to unlock; or a negative errno. -EBUSY:
 * another process has held the lock for LOCK_SECONDS
 */
int lock_acquire(const char *name);

/** lock_print_busy() - report that another process holds the lock, which @verb took */
void lock_print_busy(const char *name, const char *verb);

#endif /* L2PC_TOOL_REPLACE_H */
