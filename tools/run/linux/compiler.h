/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
/* Words that the program reads and writes concurrently. */
#ifndef L2PC_RUN_COMPILER_H
#define L2PC_RUN_COMPILER_H

#include <linux/compiler_types.h>

#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, value)	(*(volatile __typeof__(x) *)&(x) = (value))
#define data_race(expr)		(expr)
#define barrier()		__asm__ __volatile__("" : : : "memory")

#endif
