/* SPDX-License-Identifier: GPL-2.0 */
/* Nothing to be scheduled away from. */
#ifndef SHIM_SCHED_H
#define SHIM_SCHED_H

#define cond_resched()	do { } while (0)

#endif
