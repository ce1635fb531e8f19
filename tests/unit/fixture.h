/* SPDX-License-Identifier: GPL-2.0 */
/* A window for the tests of close, bounds, floods, timestamps and memory. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "engine.h"
#include "sizes.h"

#define WINDOW		L2PC_VIEW_WINDOW
#define PREVIOUS	L2PC_VIEW_PREVIOUS
#define LIFETIME	L2PC_VIEW_LIFETIME
#define NS_PER_JIFFY	(NSEC_PER_SEC / HZ)

extern struct l2pc_counts counts;
extern const struct l2pc_writers_ops window_ops;
extern bool window_spare_wanted;
/* Simulate a flood that is faster than the work item. */
extern bool window_worker_late;
/* Number of frames of other CPUs, counted wherever the code under test can be interrupted. */
extern u32 window_intruders;

void window_setup(u32 max_stations);
void window_teardown(void);
/* Count a frame of a station on @cpu. The work item runs when it is requested. */
void window_count(int cpu, u32 station);
/* Get a station's frames in a view. */
u64 window_packets(enum l2pc_view which, u32 station);
/* Count a frame on another CPU, sometimes: for shim_thread.point. */
void window_others_count(void);

#endif /* FIXTURE_H */
