/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
/* A single node. */
#ifndef L2PC_USER_TOPOLOGY_H
#define L2PC_USER_TOPOLOGY_H

#define cpu_to_node(cpu)	((void)(cpu), 0)

#endif
