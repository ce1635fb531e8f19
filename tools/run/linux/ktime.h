/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
#ifndef L2PC_RUN_KTIME_H
#define L2PC_RUN_KTIME_H

#include <linux/jiffies.h>
#include <linux/timekeeping.h>

#endif
