/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
/* Every allocation may sleep. */
#ifndef L2PC_RUN_GFP_H
#define L2PC_RUN_GFP_H

#define __GFP_NOWARN		0U
#define __GFP_ZERO		1U
#define __GFP_NORETRY		0U
#define __GFP_ACCOUNT		0U
#define GFP_KERNEL		0U
#define GFP_KERNEL_ACCOUNT	0U

#define PAGE_SIZE		4096UL

#endif
