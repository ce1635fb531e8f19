// SPDX-License-Identifier: GPL-2.0
/*
 * libmicrohttpd, loaded when it is needed.
 * Copyright (C) the l2packet_counter authors
 */
#include <dlfcn.h>
#include <stddef.h>

#include "export/mhd.h"
#include "source/model.h"
#include "util/errors.h"

struct mhd mhd;

static const struct {
	const char *name;
	size_t place;
} functions[] = {
	{ "MHD_start_daemon", offsetof(struct mhd, start_daemon) },
	{ "MHD_stop_daemon", offsetof(struct mhd, stop_daemon) },
	{ "MHD_create_response_from_buffer", offsetof(struct mhd, create_response_from_buffer) },
	{ "MHD_add_response_header", offsetof(struct mhd, add_response_header) },
	{ "MHD_queue_response", offsetof(struct mhd, queue_response) },
	{ "MHD_destroy_response", offsetof(struct mhd, destroy_response) },
	{ "MHD_lookup_connection_value", offsetof(struct mhd, lookup_connection_value) },
	{ "MHD_set_connection_option", offsetof(struct mhd, set_connection_option) },
};

bool mhd_load(void)
{
	void *library = dlopen("libmicrohttpd.so.12", RTLD_NOW | RTLD_LOCAL);

	if (!library) {
		error_print("cannot serve: %s; sudo apt install libmicrohttpd12", dlerror());
		return false;
	}
	for (size_t i = 0; i < ARRAY_SIZE(functions); i++) {
		/* POSIX has dlsym() return functions in a void *. */
		void **place = (void **)((char *)&mhd + functions[i].place);

		*place = dlsym(library, functions[i].name);
		if (!*place) {
			error_print("cannot serve: %s", dlerror());
			return false;
		}
	}
	return true;
}
