// SPDX-License-Identifier: GPL-2.0
/* The window of fixture.h. */
#include <string.h>

#include "fixture.h"

struct l2pc_counts counts;
bool window_spare_wanted;
/* Simulate a flood that is faster than the work item. */
bool window_worker_late;

static void request_spare(struct l2pc_writers *writers)
{
	CHECK(writers == &counts.writers);
	window_spare_wanted = true;
}

const struct l2pc_writers_ops window_ops = {
	.request_spare = request_spare,
	.request_scan = request_ignore,
};

/* Number of frames of other CPUs, counted wherever the code under test can be interrupted. */
u32 window_intruders;

void window_others_count(void)
{
	if (shim_self()->softirq || unit_below(4))
		return;
	window_intruders++;
	frame(&counts.writers, unit_below(SHIM_CPUS), station_key(unit_below(40)));
}

void window_setup(u32 max_stations)
{
	unit_seed(max_stations);
	window_intruders = 0;
	window_spare_wanted = window_worker_late = false;
	CHECK_EQ(l2pc_counts_init(&counts, 5, max_stations, &window_ops), 0);
}

void window_teardown(void)
{
	shim_thread.point = NULL;
	memset(&shim_faults, 0, sizeof(shim_faults));
	l2pc_counts_free(&counts);
	CHECK_EQ(shim_live(), 0);
}

void window_count(int cpu, u32 station)
{
	frame(&counts.writers, cpu, station_key(station));
	/* Run the work item as soon as possible. */
	if (window_spare_wanted && !window_worker_late) {
		window_spare_wanted = false;
		l2pc_counts_grow(&counts);
	}
}

u64 window_packets(enum l2pc_view which, u32 station)
{
	return view_packets(&counts, which, station_key(station));
}
