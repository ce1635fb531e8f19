/* SPDX-License-Identifier: GPL-2.0 */
/*
 * L2PC_GSO_JUMBO: super-packets of IPv6 BIG TCP have a jumbo payload option, which
 * ipv6_gso_segment() removes. True from 5.19 on, and no longer in 7.0.
 */
#ifndef L2PC_COMPAT_IPV6_H
#define L2PC_COMPAT_IPV6_H

#include_next <net/ipv6.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 19, 0) || LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
#define L2PC_GSO_JUMBO	0
#else
#define L2PC_GSO_JUMBO	1
#endif

#endif
