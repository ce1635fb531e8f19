/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
#ifndef L2PC_RUN_TIMEKEEPING_H
#define L2PC_RUN_TIMEKEEPING_H

#include "run/clock.h"

#define ktime_get_boottime_ns()	run_boottime()
#define ktime_get_boot_fast_ns()	run_boottime()

#endif
