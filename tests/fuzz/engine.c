// SPDX-License-Identifier: GPL-2.0
/*
 * Windows against a naive model, with operations and interleavings that libFuzzer
 * chooses: it looks for inputs that reach code no earlier one reached. Under
 * tests/unit/shim, as the unit tests, which replay what it found (test_fuzz.c).
 *
 * An input is two streams. From its front come operations; from its back, wherever
 * the code under test could be interrupted, comes whether another CPU counts there.
 *
 * exact: the bound is far away and memory plentiful: each station of each view is
 *	the model's.
 * else: totals are the model's, no station has more than its frames, and what is
 *	missing there is untracked.
 * interrupted: as exact where it can be told, and each frame is in one window.
 */
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <string.h>

#define STATIONS	512
#include "model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct {
	const uint8_t *front;
	const uint8_t *back;
} input;

static u32 byte(void)
{
	return input.front < input.back ? *input.front++ : 0;
}

static u32 byte_behind(void)
{
	return input.front < input.back ? *--input.back : 0xff;
}

static bool exact, deaf;
static u64 heard_since;

static void count(u32 n, u32 cpu, u32 packets, u32 bytes)
{
	model_count(n % universe, cpu % SHIM_CPUS, packets, bytes);
}

/* The second writer, and a third and fourth. */
static void others_count(void)
{
	u32 what;

	if (shim_self()->softirq)
		return;
	what = byte_behind();
	if (what < 64)
		count(byte_behind() << 2 | what >> 4, what, 1 + (what & 1), 60 + what);
}

static void quiet(bool on)
{
	shim_thread.point = interrupted && !on ? others_count : NULL;
}

/* All sums of one moment, as netlink has them, are those of the views. */
static void check_totals(void)
{
	struct l2pc_totals open, closed, all;

	CHECK_EQ(l2pc_counts_totals(&counts, &open, &closed, &all), 0);
	CHECK_EQ(open.packets, open_window.total.packets);
	CHECK_EQ(all.packets, lifetime.total.packets);
	CHECK_EQ(all.bytes, lifetime.total.bytes);
	CHECK_EQ(closed.packets, previous.total.packets);
	CHECK_EQ(open.stations, view_count(&counts, L2PC_VIEW_WINDOW));
	CHECK_EQ(all.id, open.id);
	CHECK(!closed.id || closed.id + 1 == open.id);
}

static void check_all(void)
{
	struct shim_faults faults = shim_faults;

	memset(&shim_faults, 0, sizeof(shim_faults));
	quiet(true);
	model_check(L2PC_VIEW_LIFETIME, &lifetime, exact);
	model_check(L2PC_VIEW_WINDOW, &open_window, exact && !interrupted);
	model_check(L2PC_VIEW_PREVIOUS, &previous, exact && !interrupted);
	check_totals();
	quiet(false);
	shim_faults = faults;
}

/* A view while others count: between what was and what is. */
static void look(enum l2pc_view which)
{
	const struct model *model = which == L2PC_VIEW_WINDOW ? &open_window :
		which == L2PC_VIEW_PREVIOUS ? &previous : &lifetime;
	u64 before = model->total.packets;
	struct l2pc_snapshot snapshot;

	if (l2pc_snapshot_read(&counts, which, ~0ULL, &snapshot))
		return;
	CHECK(snapshot.totals.packets >= before);
	CHECK(snapshot.totals.packets <= model->total.packets);
	l2pc_snapshot_free(&snapshot);
}

/* As worker.c tells them. Nobody is told twice, but who was forgotten. */
static void take_news(void)
{
	struct l2pc_station_list fresh;
	struct tally *tally;
	bool untracked;
	u32 i;

	l2pc_discovery_fetch(&counts, &fresh, &untracked);
	for (i = 0; i < fresh.count; i++) {
		CHECK(number_of(fresh.stations[i].key) < universe);
		tally = &lifetime.stations[number_of(fresh.stations[i].key)];
		CHECK(tally->packets);
		CHECK(!exact || !tally->told);
		tally->told = true;
	}
	CHECK(!untracked || !exact);
	l2pc_station_list_free(&fresh);
}

static void notice(bool listening)
{
	u32 i;

	l2pc_discovery_scan(&counts, listening);
	take_news();
	/* A seed is older than its first frame, and may be from before that. */
	for (i = 0; listening && exact && !interrupted && !(expired && deaf) &&
		    i < universe; i++)
		CHECK(!lifetime.stations[i].packets || lifetime.stations[i].told ||
		      lifetime.stations[i].first_seen < heard_since ||
		      lifetime.stations[i].packets > open_window.stations[i].packets);
	if (listening)
		return;
	deaf = true;
	heard_since = shim_boottime() - 2 * (NSEC_PER_SEC / HZ);
	/* Where nobody listens is known to a jiffy or two. */
	for (i = 0; i < universe; i++)
		if (lifetime.stations[i].first_seen + 2 * (NSEC_PER_SEC / HZ) >=
		    shim_boottime())
			lifetime.stations[i].told = false;
}

static void close_window(void)
{
	struct shim_faults faults = shim_faults;
	u64 before = open_window.total.packets;
	struct l2pc_totals closed;

	l2pc_window_close(&counts, &closed);
	take_news();
	memset(&shim_faults, 0, sizeof(shim_faults));
	quiet(true);
	model_closed(before);
	CHECK_EQ(closed.packets, previous.total.packets);
	CHECK_EQ(closed.stations, view_count(&counts, L2PC_VIEW_PREVIOUS));
	quiet(false);
	shim_faults = faults;
}

static void forget(u32 n)
{
	lifetime.forgotten += lifetime.stations[n].packets;
	open_window.forgotten += open_window.stations[n].packets;
	memset(&lifetime.stations[n], 0, sizeof(lifetime.stations[n]));
	memset(&open_window.stations[n], 0, sizeof(open_window.stations[n]));
}

static void expire(u64 idle)
{
	u64 now = shim_boottime();
	u64 before = now > idle ? now - idle : 0;
	struct l2pc_station_list gone = {};
	u32 i, n, expected = 0;

	expired = true;
	l2pc_counts_expire(&counts, idle, byte() & 1 ? &gone : NULL);
	take_news();
	for (i = 0; i < gone.count; i++) {
		n = number_of(gone.stations[i].key);
		CHECK(n < universe && gone.stations[i].packets);
		CHECK(gone.stations[i].packets <= lifetime.stations[n].packets);
		CHECK(gone.stations[i].last_seen < before);
	}
	if (exact && !interrupted) {
		for (n = 0; n < universe; n++)
			if (lifetime.stations[n].packets &&
			    lifetime.stations[n].last_seen < before) {
				forget(n);
				expected++;
			}
		CHECK(!gone.count || gone.count == expected);
	} else {
		/* Who was forgotten is not known for sure any more. */
		exact = false;
		for (n = 0; n < universe; n++)
			lifetime.stations[n].told = false;
	}
	l2pc_station_list_free(&gone);
}

static void faults_choose(u32 what)
{
	static const u16 chances[] = { 0, 0, 100, 1000 };

	shim_faults.permille = chances[what & 3];
	shim_faults.atomic = what >> 2 & 1;
	shim_faults.sleeping = what >> 3 & 1;
	shim_faults.nth = what >> 4;
}

static void begin(void)
{
	u32 mode = byte(), sizes = byte();

	model_begin();
	deaf = false;
	exact = mode & 1;
	interrupted = mode & 2;
	universe = 1U << (sizes % 10);
	shim_seed(sizes);
	shim_set_boottime(1000000000000ULL);
	heard_since = shim_boottime();
	shim_set_jiffies(0xffffffffUL - 8 * byte());
	quiet(true);
	CHECK_EQ(l2pc_counts_init(&counts, 4 + (mode >> 2 & 3),
				  exact ? 100000 : model_bounds[mode >> 5], &model_ops), 0);
	quiet(false);
}

static void operate(u32 what)
{
	u32 n;

	switch (what & 31) {
	case 0:
		close_window();
		break;
	case 1:
		l2pc_counts_rotate(&counts);
		break;
	case 2:
		l2pc_counts_grow(&counts);
		break;
	case 3 ... 4:
		if (spare_wanted)
			l2pc_counts_grow(&counts);
		spare_wanted = false;
		break;
	case 5 ... 6:
		shim_tick(what >> 5);
		break;
	case 7:
		/* Hours: the stamps are of 32 bits. */
		shim_tick(byte() << (what >> 5));
		break;
	case 8:
		if (!exact)
			l2pc_counts_set_max_stations(&counts, model_bounds[what >> 5]);
		break;
	case 9:
		if (!exact)
			faults_choose(byte());
		break;
	case 10:
		expire((u64)byte() << (what >> 5) << 22);
		break;
	case 11:
		notice(what >> 5);
		break;
	case 12:
		look(what % 3);
		break;
	case 13:
		check_all();
		break;
	case 14 ... 17:
		/* A row of new ones: a flood. */
		for (n = byte(); n % 64; n--)
			count(n + 64 * (what >> 5), what, 1, 60);
		break;
	default:
		count(byte() | (what >> 5 & 1) << 8, what >> 6, 1 + !(what & 7), 64);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	input.front = data;
	input.back = data + size;
	begin();
	while (input.front < input.back)
		operate(byte());
	check_all();
	quiet(true);
	memset(&shim_faults, 0, sizeof(shim_faults));
	l2pc_counts_free(&counts);
	CHECK_EQ(shim_live(), 0);
	return 0;
}
