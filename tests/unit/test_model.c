// SPDX-License-Identifier: GPL-2.0
/*
 * Windows against a naive model, with random operations: thousands of seeds.
 *
 * exact: max_stations is out of reach and memory plentiful. Every station of every view
 *	is the model's, timestamps included.
 * bounded: max_stations changes, allocations fail. The totals of every view are the
 *	model's, a station has at most its frames, and missing frames are untracked.
 * interrupted: other CPUs count at every step of the operations. Each frame is in
 *	exactly one window, and in lifetime.
 *
 * Half of the frames are sent ones. Counting them is turned on and off, which changes
 * the sizes of tables.
 */
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <string.h>

#define STATIONS	2048
#include "model.h"

static void count(void)
{
	u32 n = unit_below(4) ? unit_below(1 + universe / 8) : unit_below(universe);
	u32 packets = unit_below(8) ? 1 : 1 + unit_below(45);
	u32 bytes = 60 + unit_below(65000);

	model_count(n, unit_below(SHIM_CPUS), packets, bytes);
}

static void others_count(void)
{
	if (!shim_self()->softirq && !unit_below(30))
		count();
}

/* Check a view with VLANs added up: the same totals, and the sum of each address. */
static void check_masked(enum l2pc_view which, const struct model *model,
			 bool exact)
{
	struct l2pc_snapshot snapshot = view(&counts, which, L2PC_KEY_MASK_NO_VLAN);
	u32 i, n;

	CHECK_EQ(snapshot.totals.packets, model->total.packets);
	CHECK_EQ(snapshot.totals.tx_packets, model->total.tx_packets);
	for (i = 0; exact && i < snapshot.count; i++) {
		const struct l2pc_station *station = &snapshot.stations[i];
		u64 packets = 0, tx_packets = 0;

		n = station->key >> 32;
		if (n < STATIONS && n % 3) {
			packets += model->stations[n].packets;
			tx_packets += model->stations[n].tx_packets;
		}
		if (n && (n - 1) % 3 == 0) {
			packets += model->stations[n - 1].packets;
			tx_packets += model->stations[n - 1].tx_packets;
		}
		CHECK_EQ(station->packets, packets);
		CHECK_EQ(station->tx_packets, tx_packets);
	}
	l2pc_snapshot_free(&snapshot);
}

static void close_window(void)
{
	u64 before = open_window.total.packets;
	struct shim_faults faults = shim_faults;
	void (*point)(void) = shim_thread.point;

	l2pc_window_close(&counts, NULL);
	memset(&shim_faults, 0, sizeof(shim_faults));
	shim_thread.point = NULL;
	model_closed(before);
	CHECK_EQ(view_total(&counts, L2PC_VIEW_WINDOW), open_window.total.packets);
	shim_thread.point = point;
	shim_faults = faults;
}

static void run(u64 seed, u32 operations, bool bounded)
{
	bool exact = !bounded;
	u32 i;

	unit_seed(seed);
	model_init();
	universe = 1 + unit_below(1U << (3 + unit_below(9)));
	universe = universe < STATIONS ? universe : STATIONS - 1;
	shim_set_jiffies(0xffffffffUL - unit_below(3000));
	shim_set_boottime(shim_boottime() + 3600 * NSEC_PER_SEC);
	clock_restart();
	CHECK_EQ(l2pc_counts_init(&counts, 5 + unit_below(3),
				  bounded ? model_bounds[unit_below(8)] : 100000, &model_ops), 0);
	l2pc_counts_set_tx(&counts, unit_below(4));
	if (interrupted)
		shim_thread.point = others_count;
	for (i = 0; i < operations; i++) {
		switch (unit_below(200)) {
		case 0 ... 1:
			close_window();
			break;
		case 2 ... 3:
			l2pc_counts_rotate(&counts);
			break;
		case 4:
			l2pc_counts_grow(&counts);
			break;
		case 5 ... 14:
			if (spare_wanted)
				l2pc_counts_grow(&counts);
			spare_wanted = false;
			break;
		case 15 ... 24:
			shim_tick(unit_below(5));
			break;
		case 25:
			if (bounded)
				l2pc_counts_set_max_stations(&counts,
							     model_bounds[unit_below(8)]);
			break;
		case 26:
			if (bounded) {
				shim_faults.permille = unit_below(3) ?
					0 : unit_below(1001);
				shim_faults.atomic = !unit_below(4);
				shim_faults.sleeping = !unit_below(4);
			}
			break;
		case 29:
			l2pc_counts_set_tx(&counts, unit_below(2));
			break;
		case 27 ... 28: {
			struct shim_faults faults = shim_faults;
			void (*point)(void) = shim_thread.point;

			shim_thread.point = NULL;
			memset(&shim_faults, 0, sizeof(shim_faults));
			model_check(L2PC_VIEW_LIFETIME, &lifetime, exact);
			model_check(L2PC_VIEW_WINDOW, &open_window, exact && !interrupted);
			model_check(L2PC_VIEW_PREVIOUS, &previous, exact && !interrupted);
			check_masked(L2PC_VIEW_LIFETIME, &lifetime, exact);
			check_masked(L2PC_VIEW_WINDOW, &open_window,
				     exact && !interrupted);
			shim_faults = faults;
			shim_thread.point = point;
			break;
		}
		default:
			count();
		}
	}
	shim_thread.point = NULL;
	memset(&shim_faults, 0, sizeof(shim_faults));
	model_check(L2PC_VIEW_LIFETIME, &lifetime, exact);
	model_check(L2PC_VIEW_WINDOW, &open_window, exact && !interrupted);
	l2pc_counts_free(&counts);
	CHECK_EQ(shim_live(), 0);
}

TEST(exact)
{
	u64 seed;

	for (seed = 0; seed < unit_seeds(1000); seed++)
		run(seed, 1500, false);
}

TEST(bounded_and_without_memory)
{
	u64 seed;

	for (seed = 0; seed < unit_seeds(1000); seed++)
		run(10000 + seed, 1500, true);
}

TEST(exact_while_other_cpus_count)
{
	u64 seed;

	interrupted = true;
	for (seed = 0; seed < unit_seeds(400); seed++)
		run(20000 + seed, 1000, false);
}

TEST(bounded_while_other_cpus_count)
{
	u64 seed;

	interrupted = true;
	for (seed = 0; seed < unit_seeds(400); seed++)
		run(30000 + seed, 1000, true);
}
