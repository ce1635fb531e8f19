// SPDX-License-Identifier: GPL-2.0
/*
 * Who made a station: from systemd's hardware database, else from ieee-data.
 * Copyright (C) the l2packet_counter authors
 *
 * libsystemd is loaded when the first vendor is asked for and only where there
 * is a database: it brings half a dozen libraries with it, which would make each
 * start of the tool slower. ABI of libsystemd.so.0, stable since version 209.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "names/ieee.h"
#include "names/names.h"
#include "util/files.h"

static struct hwdb {
	void *hwdb;
	int (*get)(void *hwdb, const char *modalias, const char *key, const char **value);
} hwdb;

static bool hwdb_exists(void)
{
	static const char *const places[] = {
		"/etc/systemd/hwdb/hwdb.bin", "/etc/udev/hwdb.bin", "/usr/lib/systemd/hwdb/hwdb.bin",
		"/usr/lib/udev/hwdb.bin", "/lib/udev/hwdb.bin",
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (file_exists(places[i]))
			return true;
	return false;
}

static void hwdb_open(void)
{
	int (*make)(void **hwdb);
	void *library;

	if (!hwdb_exists())
		return;
	library = dlopen("libsystemd.so.0", RTLD_NOW | RTLD_LOCAL);
	if (!library)
		return;
	/* POSIX has dlsym() return functions in a void *. */
	*(void **)&make = dlsym(library, "sd_hwdb_new");
	*(void **)&hwdb.get = dlsym(library, "sd_hwdb_get");
	if (!make || !hwdb.get || make(&hwdb.hwdb) < 0)
		hwdb.hwdb = NULL;
}

static const char *from_hwdb(const uint8_t mac[6])
{
	char modalias[sizeof("OUI:001122334455")];
	const char *value;

	snprintf(modalias, sizeof(modalias), "OUI:%02X%02X%02X%02X%02X%02X", mac[0], mac[1], mac[2],
		 mac[3], mac[4], mac[5]);
	return hwdb.get(hwdb.hwdb, modalias, "ID_OUI_FROM_DATABASE", &value) < 0 ? NULL : value;
}

const char *names_vendor(const uint8_t mac[6])
{
	static bool known;

	/* Nobody gave a local address to a vendor. */
	if (names_local(mac))
		return NULL;
	if (!known) {
		hwdb_open();
		if (!hwdb.hwdb)
			ieee_load();
		known = true;
	}
	return hwdb.hwdb ? from_hwdb(mac) : ieee_find(mac);
}
