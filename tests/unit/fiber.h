/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fibers: simulated CPUs and processes. A single one runs at a time. A seed decides at
 * every shared access of the code under test whether another one continues. Unlike
 * threads, fibers repeat a bad interleaving exactly, and reach rare ones. Missing
 * barriers have no effect here: test_thread.c finds those under TSan.
 */
#ifndef FIBER_H
#define FIBER_H

#include <stdint.h>

/* On average one in so many shared accesses switches to another fiber. */
extern unsigned int fiber_stickiness;

void fiber_start(void (*run)(void *argument), void *argument);

/* Run all fibers until they are done. The order follows from unit_seed(). */
void fiber_run_all(void);

/* Let other fibers run; in softirq as well. */
void fiber_yield(void);

#endif
