/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fibers: CPUs and processes of which one runs at a time, and which change over
 * at every shared access the code under test makes, or not, as a seed decides.
 * Unlike threads they repeat a bad interleaving exactly, and find the rare ones.
 * What they cannot find is a missing barrier: that is for thread.c under TSan.
 */
#ifndef FIBER_H
#define FIBER_H

#include <stdint.h>

/* One in so many shared accesses is followed by a change of fiber. */
extern unsigned int fiber_stickiness;

void fiber_start(void (*run)(void *argument), void *argument);

/* Until all are done. The order follows from unit_seed(). */
void fiber_run_all(void);

/* Let others run; in softirq too. */
void fiber_yield(void);

#endif
