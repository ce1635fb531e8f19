/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hex_byte_pack() and its like moved from <linux/kernel.h> to <linux/hex.h>,
 * which <linux/kernel.h> included for a while, but in 7.2 no longer does.
 */
#ifndef L2PC_COMPAT_KERNEL_H
#define L2PC_COMPAT_KERNEL_H

#include_next <linux/kernel.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#include <linux/hex.h>
#endif

#endif
