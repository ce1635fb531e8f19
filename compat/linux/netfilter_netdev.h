/* SPDX-License-Identifier: GPL-2.0 */
/*
 * L2PC_EGRESS: the kernel has the egress hook, NF_NETDEV_EGRESS, of 5.16, and was built
 * with it. Otherwise L2PC_NO_EGRESS is the reason. Before 5.16 there is no such header;
 * sparse cannot search for it.
 */
#ifndef L2PC_COMPAT_NETFILTER_NETDEV_H
#define L2PC_COMPAT_NETFILTER_NETDEV_H

#include <linux/netfilter.h>
#include <linux/version.h>

#ifdef __has_include_next
#if __has_include_next(<linux/netfilter_netdev.h>)
#define L2PC_HAS_NETFILTER_NETDEV	1
#endif
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(5, 16, 0)
#define L2PC_HAS_NETFILTER_NETDEV	1
#endif

#ifdef L2PC_HAS_NETFILTER_NETDEV
#include_next <linux/netfilter_netdev.h>
#define L2PC_NO_EGRESS	"this kernel is built without CONFIG_NETFILTER_EGRESS"
#else
#define L2PC_NO_EGRESS	"this kernel is older than 5.16"
#endif

#ifdef CONFIG_NETFILTER_EGRESS
#define L2PC_EGRESS	1
#else
#define L2PC_EGRESS	0
#endif

#endif
