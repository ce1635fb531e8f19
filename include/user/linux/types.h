/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
/* glibc includes this file as well, and needs the system's own. */
#ifndef L2PC_USER_TYPES_H
#define L2PC_USER_TYPES_H

#include_next <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed char s8;
typedef short s16;
typedef int s32;
typedef long long s64;
typedef unsigned int gfp_t;

#ifndef BITS_PER_LONG
#define BITS_PER_LONG	(8 * __SIZEOF_LONG__)
#endif

#endif
