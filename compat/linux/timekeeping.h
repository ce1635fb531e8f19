/* SPDX-License-Identifier: GPL-2.0 */
/*
 * <linux/timekeeping.h> of 5.10 does not compile by itself: it needs <linux/ktime.h>,
 * which includes it at its end. Without an include guard here, so that this inner
 * inclusion reaches the kernel's own header.
 */
#include <linux/ktime.h>
#include_next <linux/timekeeping.h>
