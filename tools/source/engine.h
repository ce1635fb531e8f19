/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Engines: what counts, the module or l2pc run.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_ENGINE_H
#define L2PC_TOOL_ENGINE_H

#include "util/value.h"

/* Where to look for an engine: for the module first, or for only one of them. */
enum engine {
	ENGINE_AUTO,
	ENGINE_MODULE,
	ENGINE_BPF,
};

extern const struct enum_names engine_names;

/* engine_choose() - choose, for every connection after this */
void engine_choose(enum engine engine);

enum engine engine_chosen(void);

/* engine_title() - "the module" or "l2pc run" */
const char *engine_title(enum engine engine);

/*
 * engine_connect() - connect to l2pc run in this network namespace
 *
 * Return: a socket; -ENOENT: it does not run; -EACCES: the socket is not root's, anybody
 * can take an abstract one; or another negative errno
 */
int engine_connect(void);

#endif /* L2PC_TOOL_ENGINE_H */
