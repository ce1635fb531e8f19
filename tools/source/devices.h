/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Interfaces, as the kernel's own netlink families show them: kind, XDP programs, LRO,
 * hardware offload.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_DEVICES_H
#define L2PC_TOOL_DEVICES_H

#include "source/model.h"

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
	uint8_t identity[6];		/* its permanent address; all zero: none of its own */
};

/**
 * devices_read() - ask the kernel about the interfaces of this network namespace
 * @flowtables: also for flowtables
 *
 * Parts that cannot be read, because the kernel has no such family or the caller has no
 * CAP_NET_ADMIN, stay empty.
 */
void devices_read(bool flowtables);

/**
 * devices_read_links() - read names, kinds, XDP programs and permanent addresses only
 *
 * The permanent address is that of the hardware, whatever name or address the device has
 * now. Devices on top of others, as VLANs, and devices that share one have none.
 */
void devices_read_links(void);

/** devices_find() - find an interface by its name, or return NULL */
const struct device *devices_find(const char *name);

/** devices_flowtable() - the offloaded flowtable that an interface is in, or NULL */
const char *devices_flowtable(const char *name);

#endif /* L2PC_TOOL_DEVICES_H */
