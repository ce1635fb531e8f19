/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
/* The part that the engine uses, instead of the uapi header of this name. */
#ifndef L2PC_USER_KERNEL_H
#define L2PC_USER_KERNEL_H

#include <linux/array_size.h>
#include <linux/limits.h>

#endif
