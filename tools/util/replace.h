/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Replacing a file: who reads it sees the old one or the new one, never a part.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_REPLACE_H
#define L2PC_TOOL_REPLACE_H

#include <stdio.h>

/**
 * struct replace - a file that is to take the place of another
 * @file: to be written to
 * @name: of that other
 * @temporary: its name meanwhile
 */
struct replace {
	FILE *file;
	char *name;
	char *temporary;
};

/**
 * replace_target() - which file is replaced: of a link what it leads to
 * @name: the file or link; it need not be there
 *
 * Return: its path, to be freed
 */
char *replace_target(const char *name);

/**
 * replace_begin() - a file beside another, which others may read as well
 * @replace: put there
 * @name: the file that is replaced, if it is there; or a link to it
 *
 * It belongs to the same user and group as the one that was there, and may be read and
 * written by the same.
 *
 * Return: 0, or a negative errno with nothing to end; -EINVAL: what is there is no
 * file; -ENOTSUP: that cannot be kept
 */
int replace_begin(struct replace *replace, const char *name);

/**
 * replace_end() - put it in its place, on disk, if all went well until here
 * @replace: closed and freed
 * @error: 0, or a negative errno: what was written goes, and the old one stays
 *
 * Return: 0, @error, or what went wrong now
 */
int replace_end(struct replace *replace, int error);

/** replace_text() - what went wrong, for people @error: of one of these */
const char *replace_text(int error);

#endif /* L2PC_TOOL_REPLACE_H */
