/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Before 6.1 a 32-bit kernel for one CPU (no CONFIG_SMP) has no sequence here.
 * u64_stats_fetch_begin() only disables preemption, so a softirq may write between a
 * reader's two loads. The _irq variants disable interrupts, and with them softirqs.
 * Later kernels always have the sequence; newer ones lack the _irq variants.
 */
#ifndef L2PC_COMPAT_U64_STATS_SYNC_H
#define L2PC_COMPAT_U64_STATS_SYNC_H

#include_next <linux/u64_stats_sync.h>
#include <linux/version.h>

#if BITS_PER_LONG == 32 && !defined(CONFIG_SMP) && \
	LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#define u64_stats_fetch_begin	u64_stats_fetch_begin_irq
#define u64_stats_fetch_retry	u64_stats_fetch_retry_irq
#endif

#endif
