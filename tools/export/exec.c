// SPDX-License-Identifier: GPL-2.0
/*
 * From l2pc to l2pc-export, the same program with an HTTP server.
 * Copyright (C) the l2packet_counter authors
 *
 * The server needs 11 libraries more. With them, the dynamic linker would take seven times
 * as many instructions to start l2pc.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "export/export.h"
#include "export/libexec.h"

#define PROGRAM	LIBEXECDIR "/l2pc-export"

int export_exec(char *const argv[])
{
	char path[PATH_MAX + sizeof("-export")];
	ssize_t size = readlink("/proc/self/exe", path, PATH_MAX);

	/* In the tree where it was built, it is beside l2pc. */
	if (size > 0) {
		strcpy(path + size, "-export");
		execv(path, argv);
	}
	execv(PROGRAM, argv);
	error_print("export: cannot run %s: %s%s", PROGRAM, strerror(errno),
		    errno == ENOENT ? " (install the package prometheus-l2pc-exporter, or build with libmicrohttpd and zlib)" : "");
	return STATUS_FAILED;
}
