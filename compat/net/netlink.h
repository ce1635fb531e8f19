/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nla_strscpy(): new in 5.11, replaces nla_strlcpy(). A policy's range is const since
 * 6.7; earlier kernels do not write to it either.
 */
#ifndef L2PC_COMPAT_NETLINK_H
#define L2PC_COMPAT_NETLINK_H

#include_next <net/netlink.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 11, 0)
#define nla_strscpy(dst, nla, size)	nla_strlcpy(dst, nla, size)
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
#undef NLA_POLICY_FULL_RANGE
#define NLA_POLICY_FULL_RANGE(tp, _range) {				\
	.type = (tp),							\
	.validation_type = NLA_VALIDATE_RANGE_PTR,			\
	.range = (struct netlink_range_validation *)(_range),		\
}
#endif

#endif
