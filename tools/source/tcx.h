/* SPDX-License-Identifier: GPL-2.0 */
/*
 * BPF programs at tcx ingress of an interface, in the order in which they run.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_TCX_H
#define L2PC_TOOL_TCX_H

#include <stdint.h>

#define TCX_PROGRAMS	64

struct tcx_program {
	uint32_t id;
	char name[16];	/* empty when it cannot be read */
};

/*
 * tcx_read() - read the programs of an interface
 *
 * Return: their number; 0 also where it cannot be read: without CAP_NET_ADMIN, or before
 * Linux 6.6
 */
unsigned int tcx_read(const char *ifname, struct tcx_program programs[TCX_PROGRAMS]);

#endif /* L2PC_TOOL_TCX_H */
