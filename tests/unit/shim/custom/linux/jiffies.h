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

/* As the kernel's, which goes by way of an unsigned int of microseconds. */
static inline u64 jiffies_to_nsecs(unsigned long count)
{
	return (u64)(u32)(count * (1000000 / HZ)) * 1000;
}

static inline u64 jiffies64_to_nsecs(u64 count)
{
	return count * (NSEC_PER_SEC / HZ);
}

#endif
