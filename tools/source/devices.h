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

/**
 * struct device - an interface
 * @name: its name
 * @kind: its kind as `ip -d link` shows it, or empty
 * @xdp: ids of the XDP programs that run there, 0 for none
 * @lro: large-receive-offload is on
 */
struct device {
	char name[L2PC_NAME_MAX + 1];
	char kind[32];
	uint32_t xdp[XDP_MODES];
	bool lro;
};

/**
 * struct offload - an interface of a flowtable that has flags offload
 * @device: its name, or the beginning of its name
 * @is_prefix: @device is a beginning
 * @flowtable: "f of table inet fw"
 */
struct offload {
	char device[L2PC_NAME_MAX + 1];
	bool is_prefix;
	char flowtable[128];
};

/**
 * struct devices - all that is known
 * @device: @count interfaces, of room for @room
 * @count: how many
 * @room: how many there is room for
 * @offload: @offloads interfaces of flowtables, of room for @offload_room
 * @offloads: how many
 * @offload_room: how many there is room for
 */
struct devices {
	struct device *device;
	size_t count;
	size_t room;
	struct offload *offload;
	size_t offloads;
	size_t offload_room;
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

/** devices_find() - an interface by its name, or NULL @devices: of these @name: the name */
const struct device *devices_find(const struct devices *devices, const char *name);

/**
 * devices_offload() - is an interface in a flowtable with flags offload?
 * @devices: of these
 * @name: of the interface
 *
 * Return: the flowtable, as "f of table inet fw", or NULL
 */
const char *devices_offload(const struct devices *devices, const char *name);

/** devices_free() - free what was read @devices: to be emptied */
void devices_free(struct devices *devices);

#endif /* L2PC_TOOL_DEVICES_H */
