// SPDX-License-Identifier: GPL-2.0
/*
 * In the place of http.c where libmicrohttpd or zlib was not there.
 * Copyright (C) the l2packet_counter authors
 */
#include <unistd.h>

#include "export/export.h"
#include "util/errors.h"

bool export_serves(void)
{
	error_print(
		"this l2pc was built without libmicrohttpd and zlib: it has --textfile and --ipfix only");
	return false;
}

int export_serve(struct export *export, int socket, const char *where)
{
	(void)export, (void)where;
	close(socket);
	return STATUS_FAILED;
}
