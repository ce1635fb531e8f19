/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The socket of `l2pc run`: an abstract one, of sequenced packets, in each network
 * namespace. It takes and gives the netlink messages of the family l2pc, and two of nlctrl:
 *
 *   CTRL_CMD_GETFAMILY		the answer has PROTOCOL_FAMILY and PROTOCOL_EVENTS
 *   CTRL_CMD_NEWMCAST_GRP	subscribe to the group CTRL_ATTR_MCAST_GRP_ID
 *
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_PROTOCOL_H
#define L2PC_TOOL_PROTOCOL_H

/* The name, behind a 0 byte. */
#define PROTOCOL_NAME	"l2pc"

/* Ids of the family and of its group of events. */
#define PROTOCOL_FAMILY	0x20
#define PROTOCOL_EVENTS	1

#endif /* L2PC_TOOL_PROTOCOL_H */
