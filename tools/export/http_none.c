// SPDX-License-Identifier: GPL-2.0
/*
 * Replaces http.c where libmicrohttpd or zlib is missing.
 * Copyright (C) the l2packet_counter authors
 */
#include "export/export.h"
#include "util/errors.h"

int export_serve(struct export *export, const char *address)
{
	(void)export, (void)address;
	error_print("this l2pc was built without libmicrohttpd and zlib: it has --textfile and --ipfix only");
	return STATUS_FAILED;
}
