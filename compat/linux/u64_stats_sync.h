/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Before 6.1 a 32-bit kernel for one CPU (no CONFIG_SMP) has no sequence here:
 * u64_stats_fetch_begin() only keeps others from being scheduled, and a softirq may
 * still write between a reader's two loads. What keeps interrupts off keeps softirqs
 * off too. Later kernels always have the sequence, and by and by not these any more.
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
