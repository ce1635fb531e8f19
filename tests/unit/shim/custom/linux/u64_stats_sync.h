/* SPDX-License-Identifier: GPL-2.0 */
/* BITS_PER_LONG=32 is emulated with a sequence counter. */
#ifndef SHIM_U64_STATS_SYNC_H
#define SHIM_U64_STATS_SYNC_H

#include <linux/compiler.h>
#include <linux/types.h>

#if BITS_PER_LONG == 64

#include_next <linux/u64_stats_sync.h>

#else

struct u64_stats_sync { unsigned int sequence; };

#define u64_stats_init(sync)		((sync)->sequence = 0)
#define u64_stats_update_begin(sync)					\
	do {								\
		shim_assert(!((sync)->sequence & 1), "nested update");	\
		__atomic_fetch_add(&(sync)->sequence, 1, __ATOMIC_SEQ_CST); \
	} while (0)
#define u64_stats_update_end(sync)					\
	do {								\
		shim_assert((sync)->sequence & 1, "end without begin");	\
		__atomic_fetch_add(&(sync)->sequence, 1, __ATOMIC_SEQ_CST); \
	} while (0)

static inline unsigned int
u64_stats_fetch_begin(const struct u64_stats_sync *sync)
{
	unsigned int start;

	while ((start = __atomic_load_n(&sync->sequence, __ATOMIC_SEQ_CST)) & 1)
		shim_wait();
	return start;
}

static inline bool u64_stats_fetch_retry(const struct u64_stats_sync *sync,
					 unsigned int start)
{
	/* The reads in between come before the read of the sequence. */
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return __atomic_load_n(&sync->sequence, __ATOMIC_SEQ_CST) != start;
}

#endif
#endif
