/* SPDX-License-Identifier: GPL-2.0 */
/* No scheduler. */
#ifndef SHIM_SCHED_H
#define SHIM_SCHED_H

#define cond_resched()	do { } while (0)

#endif
