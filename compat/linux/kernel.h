/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hex_byte_pack(): moved from <linux/kernel.h> to <linux/hex.h>. <linux/kernel.h>
 * included that header for some releases, and no longer does in 7.2.
 */
#ifndef L2PC_COMPAT_KERNEL_H
#define L2PC_COMPAT_KERNEL_H

#include_next <linux/kernel.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#include <linux/hex.h>
#endif

#endif
