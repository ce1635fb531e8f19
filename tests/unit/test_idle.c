// SPDX-License-Identifier: GPL-2.0
/* Idle counts: when they are idle, the frame that ends it, and windows that are skipped. */
#include <linux/limits.h>
#include <string.h>

#include "fixture.h"
#include "idle.h"

static const struct l2pc_duties close_only = { .close = true };
static const struct l2pc_duties expire_only = { .expire = true };
static const struct l2pc_duties none;
static u32 woken;

static void request_ignored(struct l2pc_writers *writers)
{
}

/* What worker_request_scan() does. */
static void request_scan(struct l2pc_writers *writers)
{
	woken += READ_ONCE(writers->idle);
}

static const struct l2pc_writers_ops idle_ops = {
	.request_spare = request_ignored,
	.request_scan = request_scan,
};

static void idle_setup(void)
{
	woken = 0;
	CHECK_EQ(l2pc_counts_init(&counts, 5, 1000, &idle_ops), 0);
}

static void skip(int cpu)
{
	shim_softirq_begin(cpu);
	l2pc_writer_skip(&counts.writers, L2PC_SKIPPED_MULTICAST);
	shim_softirq_end();
}

TEST(idle_without_frames)
{
	idle_setup();
	CHECK(l2pc_counts_enter_idle(&counts, close_only));
	frame(&counts.writers, 1, station_key(1));
	CHECK_EQ(woken, 1);
	/* Only the first frame that finds no cell asks. */
	frame(&counts.writers, 1, station_key(1));
	CHECK_EQ(woken, 1);
	WRITE_ONCE(counts.writers.idle, false);
	CHECK(!l2pc_counts_enter_idle(&counts, close_only));
	CHECK(!l2pc_counts_enter_idle(&counts, none));
	CHECK(!counts.writers.idle);
	/* The window with the frame, and one without. */
	l2pc_window_close(&counts, NULL);
	CHECK(!l2pc_counts_enter_idle(&counts, close_only));
	l2pc_window_close(&counts, NULL);
	CHECK(!l2pc_counts_enter_idle(&counts, expire_only));
	CHECK(l2pc_counts_enter_idle(&counts, close_only));
	frame(&counts.writers, 2, station_key(1));
	CHECK_EQ(woken, 2);
	CHECK_EQ(window_packets(WINDOW, 1), 1);
	CHECK_EQ(window_packets(LIFETIME, 1), 3);
	window_teardown();
}

TEST(idle_with_folded_frames)
{
	idle_setup();
	frame(&counts.writers, 0, station_key(1));
	l2pc_counts_rotate(&counts);
	l2pc_counts_rotate(&counts);
	/* Nothing to fold; but a window to close, and a station to expire. */
	CHECK(!l2pc_counts_enter_idle(&counts, close_only));
	CHECK(!l2pc_counts_enter_idle(&counts, expire_only));
	CHECK(l2pc_counts_enter_idle(&counts, none));
	window_teardown();
}

TEST(idle_ends_with_a_skipped_frame)
{
	idle_setup();
	skip(0);
	CHECK_EQ(woken, 0);
	CHECK(!l2pc_counts_enter_idle(&counts, close_only));
	l2pc_window_close(&counts, NULL);
	CHECK(l2pc_counts_enter_idle(&counts, close_only));
	skip(3);
	CHECK_EQ(woken, 1);
	window_teardown();
}

TEST(idle_windows_are_skipped)
{
	struct l2pc_totals closed, open, lifetime;
	u64 added;

	idle_setup();
	added = counts.opened;
	frame(&counts.writers, 0, station_key(1));
	l2pc_window_close(&counts, NULL);
	shim_set_boottime(added + 1000);
	/* One window, from its own opening. */
	l2pc_window_skip(&counts, 1, 300, 100, &closed);
	CHECK_EQ(closed.id, 2);
	CHECK_EQ(closed.opened, added);
	CHECK_EQ(closed.closed, added + 700);
	CHECK(!closed.packets && !closed.stations);
	CHECK_EQ(view_total(&counts, PREVIOUS), 0);
	CHECK_EQ(view_total(&counts, LIFETIME), 1);
	/* Several. */
	shim_set_boottime(added + 2000);
	l2pc_window_skip(&counts, 5, 50, 100, NULL);
	CHECK_EQ(l2pc_counts_totals(&counts, &open, &closed, &lifetime), 0);
	CHECK_EQ(open.id, 8);
	CHECK_EQ(open.opened, added + 1950);
	CHECK_EQ(closed.id, 7);
	CHECK_EQ(closed.opened, added + 1850);
	CHECK_EQ(closed.closed, added + 1950);
	CHECK_EQ(lifetime.packets, 1);
	/* More than there was: time in which the machine was suspended. */
	l2pc_window_skip(&counts, 2, U64_MAX, 100, &closed);
	CHECK_EQ(closed.opened, added + 1950);
	CHECK_EQ(closed.closed, added + 1950);
	window_teardown();
}
