/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
/* <linux/in.h> includes this file as well, and needs the system's own. */
#ifndef L2PC_USER_SWAB_H
#define L2PC_USER_SWAB_H

#include_next <linux/swab.h>

#define swab64(x)	__builtin_bswap64(x)

#endif
