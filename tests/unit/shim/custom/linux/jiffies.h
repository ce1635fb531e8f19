/* SPDX-License-Identifier: GPL-2.0 */
/* Both clocks stand still until the test moves them. */
#ifndef SHIM_JIFFIES_H
#define SHIM_JIFFIES_H

#include <linux/types.h>
#include <shim.h>

#define HZ		SHIM_HZ
#define NSEC_PER_SEC	1000000000ULL

/* C11 atomic: the thread that moves it races with nobody who reads it. */
extern _Atomic unsigned long jiffies;

static inline u64 jiffies_to_nsecs(unsigned long count)
{
	return count * (NSEC_PER_SEC / HZ);
}

#endif
