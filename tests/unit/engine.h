/* SPDX-License-Identifier: GPL-2.0 */
/* What all tests of the engine need. */
#ifndef ENGINE_H
#define ENGINE_H

#include "shim.h"
#include "unit.h"
#include "window.h"

/* Station number @n: an address as it could be, and not a group's. */
static inline u64 station_key(u32 n)
{
	return (u64)n << 32 | 0x0002ULL << L2PC_KEY_MAC_SHIFT | L2PC_KEY_STATION;
}

/* What hook.c does with a frame that arrives on @cpu. */
static inline void frames(struct l2pc_writers *writers, int cpu, u64 key,
			  u32 packets, u32 bytes)
{
	shim_softirq_begin(cpu);
	l2pc_writer_count(writers, key, packets, bytes);
	shim_softirq_end();
}

static inline void frame(struct l2pc_writers *writers, int cpu, u64 key)
{
	frames(writers, cpu, key, 1, 60);
}

static inline void wanted_nothing(struct l2pc_writers *writers)
{
	(void)writers;
}

#endif
