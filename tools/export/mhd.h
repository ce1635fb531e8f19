/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libmicrohttpd, loaded when it is needed.
 * Copyright (C) the l2packet_counter authors
 *
 * It brings a dozen libraries with it, for encryption that is not used here, which
 * would make each start of the tool take three times as long. ABI of
 * libmicrohttpd.so.12, stable since version 0.9.34.
 */
#ifndef L2PC_TOOL_EXPORT_MHD_H
#define L2PC_TOOL_EXPORT_MHD_H

#include <stdbool.h>

#include <microhttpd.h>

/** struct mhd - its functions, by the names that follow MHD_ */
struct mhd {
	__typeof__(&MHD_start_daemon) start_daemon;
	__typeof__(&MHD_stop_daemon) stop_daemon;
	__typeof__(&MHD_create_response_from_buffer) create_response_from_buffer;
	__typeof__(&MHD_add_response_header) add_response_header;
	__typeof__(&MHD_queue_response) queue_response;
	__typeof__(&MHD_destroy_response) destroy_response;
	__typeof__(&MHD_lookup_connection_value) lookup_connection_value;
	__typeof__(&MHD_set_connection_option) set_connection_option;
};

extern struct mhd mhd;

/** mhd_load() - load it, and fill mhd; false after an error message */
bool mhd_load(void);

#endif /* L2PC_TOOL_EXPORT_MHD_H */
