// SPDX-License-Identifier: GPL-2.0
/*
 * Windows against a naive model, with operations and interleavings from libFuzzer, which
 * searches for inputs that reach new code. Runs with tests/unit/shim, like the unit
 * tests, which replay its corpus (test_fuzz.c).
 *
 * An input is two streams. The operations are read from its front. From its back is
 * read, wherever the code under test can be interrupted, whether another CPU counts.
 *
 * exact: max_stations is out of reach and memory plentiful: each station of each view is
 *	the model's.
 * not exact: the totals are the model's, a station has at most its frames, and missing
 *	frames are untracked.
 * interrupted: as exact where that is defined, and each frame is in one window.
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

static u32 byte_at_front(void)
{
	return input.front < input.back ? *input.front++ : 0;
}

static u32 byte_at_back(void)
{
	return input.front < input.back ? *--input.back : 0xff;
}

static bool exact, had_no_listener;
static u64 listening_since;

static void count(u32 n, u32 cpu, u32 packets, u32 bytes)
{
	model_count(n % universe, cpu % SHIM_CPUS, packets, bytes);
}

/* Count on other CPUs: the second writer, and a third and fourth. */
static void others_count(void)
{
	u32 what;

	if (shim_self()->softirq)
		return;
	what = byte_at_back();
	if (what < 64)
		count(byte_at_back() << 2 | what >> 4, what, 1 + (what & 1), 60 + what);
}

static void others_pause(bool on)
{
	shim_thread.point = interrupted && !on ? others_count : NULL;
}

/* Check the totals that netlink sends against the views. */
static void check_totals(void)
{
	struct l2pc_totals open, closed, all;

	CHECK_EQ(l2pc_counts_totals(&counts, &open, &closed, &all), 0);
	CHECK_EQ(open.packets, open_window.total.packets);
	CHECK_EQ(all.packets, lifetime.total.packets);
	CHECK_EQ(all.bytes, lifetime.total.bytes);
	CHECK_EQ(open.tx_packets, open_window.total.tx_packets);
	CHECK_EQ(all.tx_packets, lifetime.total.tx_packets);
	CHECK_EQ(all.tx_bytes, lifetime.total.tx_bytes);
	CHECK_EQ(closed.packets, previous.total.packets);
	CHECK_EQ(open.stations, view_count(&counts, L2PC_VIEW_WINDOW));
	CHECK_EQ(all.id, open.id);
	CHECK(!closed.id || closed.id + 1 == open.id);
}

static void check_all(void)
{
	struct shim_faults faults = shim_faults;

	memset(&shim_faults, 0, sizeof(shim_faults));
	others_pause(true);
	model_check(L2PC_VIEW_LIFETIME, &lifetime, exact);
	model_check(L2PC_VIEW_WINDOW, &open_window, exact && !interrupted);
	model_check(L2PC_VIEW_PREVIOUS, &previous, exact && !interrupted);
	check_totals();
	others_pause(false);
	shim_faults = faults;
}

/* Read a view while others count: between the frames before the call and after it. */
static void check_view(enum l2pc_view which)
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

/* Fetch new stations, like worker.c. A station is reported again only after an expiry. */
static void fetch_new(void)
{
	struct l2pc_station_list new;
	struct tally *tally;
	bool untracked;
	u32 i;

	l2pc_discovery_fetch(&counts, &new, &untracked);
	for (i = 0; i < new.count; i++) {
		CHECK(number_of(new.stations[i].key) < universe);
		tally = &lifetime.stations[number_of(new.stations[i].key)];
		CHECK(tally_counted(tally));
		CHECK(!exact || !tally->reported);
		tally->reported = true;
	}
	CHECK(!untracked || !exact);
	l2pc_station_list_free(&new);
}

static void scan(bool listening)
{
	u32 i;

	l2pc_discovery_scan(&counts, listening);
	fetch_new();
	/* A placeholder is older than its first frame, and may predate the listener. */
	for (i = 0; listening && exact && !interrupted && !(expired && had_no_listener) &&
		    i < universe; i++)
		CHECK(!tally_counted(&lifetime.stations[i]) || lifetime.stations[i].reported ||
		      lifetime.stations[i].first_seen < listening_since ||
		      lifetime.stations[i].packets > open_window.stations[i].packets ||
		      lifetime.stations[i].tx_packets > open_window.stations[i].tx_packets);
	if (listening)
		return;
	had_no_listener = true;
	listening_since = shim_boottime() - 2 * (NSEC_PER_SEC / HZ);
	/* The start of listening is known to a jiffy or two. */
	for (i = 0; i < universe; i++)
		if (lifetime.stations[i].first_seen + 2 * (NSEC_PER_SEC / HZ) >=
		    shim_boottime())
			lifetime.stations[i].reported = false;
}

static void close_window(void)
{
	struct shim_faults faults = shim_faults;
	u64 before = open_window.total.packets;
	struct l2pc_totals closed;

	l2pc_window_close(&counts, &closed);
	fetch_new();
	memset(&shim_faults, 0, sizeof(shim_faults));
	others_pause(true);
	model_closed(before);
	CHECK_EQ(closed.packets, previous.total.packets);
	CHECK_EQ(closed.tx_packets, previous.total.tx_packets);
	CHECK_EQ(closed.stations, view_count(&counts, L2PC_VIEW_PREVIOUS));
	others_pause(false);
	shim_faults = faults;
}

static void expire_station(u32 n)
{
	lifetime.forgotten += lifetime.stations[n].packets;
	open_window.forgotten += open_window.stations[n].packets;
	lifetime.tx_forgotten += lifetime.stations[n].tx_packets;
	open_window.tx_forgotten += open_window.stations[n].tx_packets;
	memset(&lifetime.stations[n], 0, sizeof(lifetime.stations[n]));
	memset(&open_window.stations[n], 0, sizeof(open_window.stations[n]));
}

static void expire_idle(u64 idle)
{
	u64 now = shim_boottime();
	u64 before = now > idle ? now - idle : 0;
	struct l2pc_station_list list = {};
	u32 i, n, expected = 0;

	expired = true;
	l2pc_counts_expire(&counts, idle, byte_at_front() & 1 ? &list : NULL);
	fetch_new();
	for (i = 0; i < list.count; i++) {
		n = number_of(list.stations[i].key);
		CHECK(n < universe && l2pc_station_counted(&list.stations[i]));
		CHECK(list.stations[i].packets <= lifetime.stations[n].packets);
		CHECK(list.stations[i].tx_packets <= lifetime.stations[n].tx_packets);
		CHECK(list.stations[i].last_seen < before);
	}
	if (exact && !interrupted) {
		for (n = 0; n < universe; n++)
			if (tally_counted(&lifetime.stations[n]) &&
			    lifetime.stations[n].last_seen < before) {
				expire_station(n);
				expected++;
			}
		CHECK(!list.count || list.count == expected);
	} else {
		/* The expired stations are not known exactly. */
		exact = false;
		for (n = 0; n < universe; n++)
			lifetime.stations[n].reported = false;
	}
	l2pc_station_list_free(&list);
}

static void faults_choose(u32 what)
{
	static const u16 chances[] = { 0, 0, 100, 1000 };

	shim_faults.permille = chances[what & 3];
	shim_faults.atomic = what >> 2 & 1;
	shim_faults.sleeping = what >> 3 & 1;
	shim_faults.nth = what >> 4;
}

static void setup(void)
{
	u32 mode = byte_at_front(), sizes = byte_at_front();

	model_init();
	had_no_listener = false;
	exact = mode & 1;
	interrupted = mode & 2;
	universe = 1U << (sizes % 10);
	shim_seed(sizes);
	shim_set_boottime(1000000000000ULL);
	listening_since = shim_boottime();
	shim_set_jiffies(0xffffffffUL - 8 * byte_at_front());
	clock_restart();
	others_pause(true);
	CHECK_EQ(l2pc_counts_init(&counts, 4 + (mode >> 2 & 3),
				  exact ? 100000 : model_bounds[mode >> 5], &model_ops), 0);
	l2pc_counts_set_tx(&counts, !(sizes & 0x80));
	others_pause(false);
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
		/* Advance by hours at most: timestamps have 32 bits. */
		shim_tick(byte_at_front() << (what >> 5));
		break;
	case 8:
		if (!exact)
			l2pc_counts_set_max_stations(&counts, model_bounds[what >> 5]);
		break;
	case 9:
		if (!exact)
			faults_choose(byte_at_front());
		break;
	case 10:
		expire_idle((u64)byte_at_front() << (what >> 5) << 22);
		break;
	case 11:
		scan(what >> 5);
		break;
	case 12:
		if (what >> 5 == 7)
			l2pc_counts_set_tx(&counts, !counts.writers.tx);
		check_view(what % 3);
		break;
	case 13:
		check_all();
		break;
	case 14 ... 17:
		/* A flood: consecutive new stations. */
		for (n = byte_at_front(); n % 64; n--)
			count(n + 64 * (what >> 5), what, 1, 60);
		break;
	default:
		count(byte_at_front() | (what >> 5 & 1) << 8, what >> 6, 1 + !(what & 7), 64);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	input.front = data;
	input.back = data + size;
	setup();
	while (input.front < input.back)
		operate(byte_at_front());
	check_all();
	others_pause(true);
	memset(&shim_faults, 0, sizeof(shim_faults));
	l2pc_counts_free(&counts);
	CHECK_EQ(shim_live(), 0);
	return 0;
}
