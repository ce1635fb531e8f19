// SPDX-License-Identifier: GPL-2.0
/*
 * The module, where it is loaded as well: no interface is counted by both.
 * Copyright (C) the l2packet_counter authors
 */
#include <string.h>

#include "run/links.h"
#include "run/module.h"
#include "source/source.h"

bool module_counts(const struct link_info *link)
{
	struct ports ports = { 0 };
	bool counts = false;

	engine_ports(ENGINE_MODULE, &ports);
	for (size_t i = 0; i < ports.count; i++)
		/* Of a device that was just renamed, the module may still have the old name. */
		counts |= ports.port[i].value[L2PC_A_PORT_IFINDEX] == (uint64_t)link->ifindex ||
			  !strcmp(ports.port[i].ifname, link->name);
	ports_free(&ports);
	return counts;
}
