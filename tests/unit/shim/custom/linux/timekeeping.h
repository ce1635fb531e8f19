/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_TIMEKEEPING_H
#define SHIM_TIMEKEEPING_H

#include <shim.h>

#define ktime_get_boottime_ns()	shim_boottime()
#define ktime_get_boot_fast_ns()	shim_boottime()

#endif
