// SPDX-License-Identifier: GPL-2.0
/*
 * What stands in for the files that need a library which is missing.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>

#include "cmd/verb.h"
#include "export/export.h"
#include "run/run.h"
#include "source/source.h"
#include "top/top.h"

#define WEAK	__attribute__((weak))

/* For source/replay_read.c. */
WEAK int replay_read(struct recording *file, struct views *views, struct ports *ports)
{
	(void)file, (void)views, (void)ports;
	error_print("--replay: not available (l2pc was built without json-c)");
	return -EBADMSG;
}

/* For top/screen.c. */
WEAK int top_screen(struct top *top)
{
	(void)top;
	error_print("top: needs --batch (l2pc was built without ncursesw)");
	return STATUS_FAILED;
}

/* For history/, cmd/save.c and cmd/history.c. */
WEAK int verb_save(const struct call *call)
{
	(void)call;
	error_print("save: not available (l2pc was built without SQLite)");
	return STATUS_FAILED;
}

WEAK int verb_history(const struct call *call)
{
	(void)call;
	error_print("history: not available (l2pc was built without SQLite)");
	return STATUS_FAILED;
}

WEAK int save_views(const struct options *options, const char *ifname, struct views *views)
{
	(void)options, (void)ifname, (void)views;
	error_print("--all-time: not available (l2pc was built without SQLite)");
	return STATUS_FAILED;
}

/* For export/history.c. */
WEAK int export_history(export_parameter *get, void *data, FILE *file, char *why, size_t size)
{
	(void)get, (void)data, (void)file;
	snprintf(why, size, "not available (l2pc was built without SQLite)\n");
	return STATUS_FAILED;
}

/* For run/. */
WEAK int run_until_signal(const struct nlmsghdr *add)
{
	(void)add;
	error_print("run: not available (l2pc was built %s)",
		    sizeof(void *) < 8 ? "for 32 bits" : "without libbpf 1.5");
	return STATUS_FAILED;
}
