/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Patterns: globs over names of interfaces, whose devices become ports by themselves.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_RUN_PATTERN_H
#define L2PC_TOOL_RUN_PATTERN_H

#include "run/list.h"

struct link_info;

/*
 * pattern_add() - count every interface that matches, now and later
 * @why: set to a message after an error, or to NULL
 *
 * Return: 0 or a negative errno
 */
int pattern_add(const char *glob, const struct run_settings *settings, const char **why);

/* pattern_del() - delete a pattern and its ports. Return: 0 or -ENOENT */
int pattern_del(const char *glob);

/* pattern_after() - the first pattern whose serial is greater, or NULL */
const struct pattern_run *pattern_after(uint64_t serial);

/* pattern_take() - make a device a port if a pattern matches it, and it is none */
void pattern_take(const struct link_info *link);

#endif /* L2PC_TOOL_RUN_PATTERN_H */
