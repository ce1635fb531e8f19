/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
/* As in include/vdso/bits.h. */
#ifndef L2PC_USER_BITS_H
#define L2PC_USER_BITS_H

#define BIT_ULL(nr)	(1ULL << (nr))

#endif
