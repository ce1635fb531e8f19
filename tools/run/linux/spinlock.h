/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
/* One thread. */
#ifndef L2PC_RUN_SPINLOCK_H
#define L2PC_RUN_SPINLOCK_H

typedef struct { int unused; } raw_spinlock_t;

#define DEFINE_RAW_SPINLOCK(name)		raw_spinlock_t name
#define raw_spin_lock_irqsave(lock, flags)	((void)(lock), (void)((flags) = 0))
#define raw_spin_unlock_irqrestore(lock, flags)	((void)(lock), (void)(flags))

#endif
