/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_SPINLOCK_H
#define SHIM_SPINLOCK_H

#include <stdbool.h>

typedef struct { bool locked; } raw_spinlock_t;

#define DEFINE_RAW_SPINLOCK(name)	raw_spinlock_t name

static inline void shim_spin_lock(raw_spinlock_t *lock)
{
	while (__atomic_test_and_set(&lock->locked, __ATOMIC_ACQUIRE))
		;
}

#define raw_spin_lock_irqsave(lock, flags)	((void)((flags) = 0), shim_spin_lock(lock))
#define raw_spin_unlock_irqrestore(lock, flags)	\
	((void)(flags), __atomic_clear(&(lock)->locked, __ATOMIC_RELEASE))

#endif
