// SPDX-License-Identifier: GPL-2.0
/*
 * Stands in for replay.c where json-c is missing.
 * Copyright (C) the l2packet_counter authors
 */
#include "source/source.h"
#include "util/errors.h"

const struct source_ops source_replay = { .recorded = true };

struct replay *replay_open(const char *name)
{
	(void)name;
	error_print("--replay: not available (l2pc was built without json-c)");
	return NULL;
}
