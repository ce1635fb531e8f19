/* SPDX-License-Identifier: GPL-2.0 */
#include <linux/jiffies.h>
#include <linux/timekeeping.h>
