/* SPDX-License-Identifier: GPL-2.0 */
/*
 * genl_info_dump(): new in 6.6. Before, genl_dumpit_info() returned another structure,
 * which has the attributes as well.
 */
#ifndef L2PC_COMPAT_GENETLINK_H
#define L2PC_COMPAT_GENETLINK_H

#include_next <net/genetlink.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
#define genl_info_dump(cb)	genl_dumpit_info(cb)
#endif

#endif
