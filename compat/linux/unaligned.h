/* SPDX-License-Identifier: GPL-2.0 */
/* <linux/unaligned.h>: named <asm/unaligned.h> before 6.12. */
#ifndef L2PC_COMPAT_UNALIGNED_H
#define L2PC_COMPAT_UNALIGNED_H

#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#include_next <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

#endif
