/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
#ifndef L2PC_RUN_SLAB_H
#define L2PC_RUN_SLAB_H

#include <linux/mm.h>

#endif
