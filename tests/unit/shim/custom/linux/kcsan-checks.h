/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For TSan: a plain read and an atomic write of the same word by its only writer.
 * Readers use atomic reads and may run concurrently. A second writer's pair is a data
 * race with this one.
 */
#ifndef SHIM_KCSAN_CHECKS_H
#define SHIM_KCSAN_CHECKS_H

#define ASSERT_EXCLUSIVE_WRITER(x)					\
	do {								\
		__auto_type plain_ = *(volatile __typeof__(x) *)&(x);	\
		__atomic_store_n(&(x), plain_, __ATOMIC_RELAXED);	\
	} while (0)

#endif
