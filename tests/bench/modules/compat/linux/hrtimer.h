/* SPDX-License-Identifier: GPL-2.0 */
/* Linux 6.13 added hrtimer_setup(). Before, the timer's function was set directly. */
#ifndef BENCH_COMPAT_HRTIMER_H
#define BENCH_COMPAT_HRTIMER_H

#include_next <linux/hrtimer.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
static inline void compat_hrtimer_setup(struct hrtimer *timer,
					enum hrtimer_restart (*function)(struct hrtimer *),
					clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}

#define hrtimer_setup compat_hrtimer_setup
#endif

#endif
