/* SPDX-License-Identifier: GPL-2.0 */
/* Both clocks stand still until the test advances them. */
#ifndef SHIM_JIFFIES_H
#define SHIM_JIFFIES_H

#include <linux/types.h>
#include <shim.h>

#define HZ		SHIM_HZ
#define NSEC_PER_SEC	1000000000ULL
#define TICK_NSEC	(1000000000UL / HZ)

/* C11 atomic: writing it does not race with readers. */
extern _Atomic unsigned long jiffies;

static inline u64 get_jiffies_64(void)
{
	return shim_jiffies_64();
}

static inline u64 jiffies64_to_nsecs(u64 count)
{
	return count * (NSEC_PER_SEC / HZ);
}

static inline u64 nsecs_to_jiffies64(u64 ns)
{
	return ns / (NSEC_PER_SEC / HZ);
}

#endif
