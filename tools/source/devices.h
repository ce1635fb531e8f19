/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Interfaces, as the kernel's own netlink families show them: kind, XDP programs, LRO,
 * hardware offload.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_DEVICES_H
#define L2PC_TOOL_DEVICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/l2packet_counter.h>

/* Where an XDP program runs. */
enum xdp_mode {
	XDP_NATIVE,
	XDP_GENERIC,
	XDP_OFFLOADED,
	XDP_MODES
};

struct device {
	char name[L2PC_NAME_MAX + 1];
	char kind[32];			/* as `ip -d link` shows it, or empty */
	uint32_t xdp[XDP_MODES];	/* ids of the XDP programs that run there, or 0 */
	bool lro;			/* large-receive-offload is on */
};

/* An interface of a flowtable that has flags offload. */
struct offload {
	char device[L2PC_NAME_MAX + 1];
	bool is_prefix;			/* @device is the beginning of names */
	char flowtable[128];		/* "f of table inet fw" */
};

struct devices {
	struct device *device;
	size_t count, room;
	struct {
		struct offload *offload;
		size_t count, room;
	} offloads;
};

/**
 * devices_read() - ask the kernel
 * @devices: to be filled
 * @flowtables: also for flowtables
 *
 * Parts that cannot be read, because the kernel has no such family or the caller has no
 * CAP_NET_ADMIN, stay empty.
 */
void devices_read(struct devices *devices, bool flowtables);

/** devices_find() - find an interface by its name, or return NULL */
const struct device *devices_find(const struct devices *devices, const char *name);

/** devices_offload() - the offloaded flowtable that an interface is in, or NULL */
const char *devices_offload(const struct devices *devices, const char *name);

/** devices_free() - free what was read */
void devices_free(struct devices *devices);

#endif /* L2PC_TOOL_DEVICES_H */
