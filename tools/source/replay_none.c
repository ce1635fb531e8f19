// SPDX-License-Identifier: GPL-2.0
/*
 * In the place of replay.c where json-c was not there.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>

#include "source/replay.h"
#include "util/errors.h"

struct replay *replay_open(const char *name)
{
	(void)name;
	error_print("--replay needs json-c, and this l2pc was built without it");
	return NULL;
}

void replay_close(struct replay *replay)
{
	(void)replay;
}

int replay_look(const struct replay *replay, enum l2pc_view view)
{
	(void)replay, (void)view;
	return -ENODATA;
}

int replay_walk(struct replay *replay, const char *ifname, enum l2pc_view view,
		const struct walker *walker, void *data)
{
	(void)replay, (void)ifname, (void)view, (void)walker, (void)data;
	return -ENODATA;
}

int replay_ports(struct replay *replay, const char *ifname, struct ports *ports)
{
	(void)replay, (void)ifname, (void)ports;
	return -ENODATA;
}

int replay_explain(struct replay *replay, int error, const char *ifname)
{
	(void)replay, (void)error, (void)ifname;
	return STATUS_FAILED;
}
