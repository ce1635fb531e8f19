/* SPDX-License-Identifier: GPL-2.0 */
/*
 * In 5.10 <linux/timekeeping.h> takes for granted what <linux/ktime.h> brings,
 * which includes it at its end: it does not compile by itself. No guard here: that
 * inner inclusion has to reach the kernel's own.
 */
#include <linux/ktime.h>
#include_next <linux/timekeeping.h>
