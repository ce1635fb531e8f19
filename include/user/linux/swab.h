/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
#ifndef L2PC_USER_SWAB_H
#define L2PC_USER_SWAB_H

#define swab64(x)	__builtin_bswap64(x)

#endif
