/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
#ifndef L2PC_RUN_RANDOM_H
#define L2PC_RUN_RANDOM_H

#include <stdlib.h>
#include <sys/random.h>

/* Of so few bytes a system that has booted always has enough. */
#define get_random_bytes(to, size)	\
	do { if (getrandom(to, size, 0) != (ssize_t)(size)) abort(); } while (0)

#endif
