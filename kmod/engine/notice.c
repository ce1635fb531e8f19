// SPDX-License-Identifier: GPL-2.0
/*
 * Noticing: which stations are news, for those who listen.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/timekeeping.h>
#include <linux/limits.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "clock.h"
#include "fold.h"
#include "notice.h"

#define NEWS_ROOM_MIN	32U

/**
 * l2pc_news_add() - add a station to a list
 * @news: the list; NULL: nobody wants to know
 * @station: copied
 *
 * Context: process, may sleep.
 * Return: false when there is no memory.
 */
bool l2pc_news_add(struct l2pc_news *news, const struct l2pc_station *station)
{
	struct l2pc_station *more;
	u32 room;

	if (!news)
		return true;
	if (news->count == news->room) {
		room = max(news->room * 2, NEWS_ROOM_MIN);
		more = kvmalloc_array(room, sizeof(*more),
				      GFP_KERNEL | __GFP_NOWARN);
		if (!more)
			return false;
		if (news->count)
			memcpy(more, news->stations, news->count * sizeof(*more));
		kvfree(news->stations);
		news->stations = more;
		news->room = room;
	}
	news->stations[news->count++] = *station;
	return true;
}

/**
 * l2pc_news_free() - empty a list
 * @news: may be used again at once
 */
void l2pc_news_free(struct l2pc_news *news)
{
	kvfree(news->stations);
	memset(news, 0, sizeof(*news));
}

/**
 * l2pc_notice_init() - nothing noticed yet; allocates nothing
 * @notice: filled in
 * @seed: the port's hash key
 * @since: boot time in nanoseconds before which nothing is news
 */
void l2pc_notice_init(struct l2pc_notice *notice, const u64 seed[2], u64 since)
{
	memset(notice, 0, sizeof(*notice));
	l2pc_archive_init(&notice->noticed, seed);
	notice->since = since;
}

/**
 * l2pc_notice_free() - give the memory back
 * @notice: not used any more
 */
void l2pc_notice_free(struct l2pc_notice *notice)
{
	l2pc_archive_free(&notice->noticed);
	l2pc_news_free(&notice->fresh);
}

/* Returns false when there is no memory: then it is to be told at a later look. */
static bool notice_station(struct l2pc_window *window, u64 key, u64 first_seen)
{
	struct l2pc_notice *notice = &window->notice;
	const struct l2pc_station fresh = {
		.key = key,
		.first_seen = first_seen,
	};
	struct l2pc_station *noticed;

	if (l2pc_archive_find(&window->lifetime.stations, key) ||
	    l2pc_archive_find(&notice->noticed, key) ||
	    notice->noticed.used >= l2pc_window_max_stations(window))
		return true;
	noticed = l2pc_archive_claim(&notice->noticed, key);
	if (!noticed)
		return false;
	if (first_seen < notice->since || l2pc_news_add(&notice->fresh, &fresh))
		return true;
	l2pc_archive_del(&notice->noticed, noticed);
	return false;
}

/* Returns false when there was no memory for some. */
static bool notice_archive(struct l2pc_window *window,
			   const struct l2pc_archive *archive, u64 before)
{
	const struct l2pc_station *station;
	bool done = true;
	u32 index;

	l2pc_archive_for_each(archive, index, station)
		if (station->first_seen < before)
			done &= notice_station(window, station->key,
					       station->first_seen);
	return done;
}

static void notice_live(struct l2pc_window *window, u64 before)
{
	const struct l2pc_clock clock = l2pc_clock_now();
	const struct l2pc_writer *writer;
	const struct l2pc_table *table;
	const struct l2pc_cell *cell;
	struct l2pc_cell copy;
	u64 first_seen;
	u32 index;
	int cpu;

	for_each_possible_cpu(cpu) {
		writer = per_cpu_ptr(window->writers.percpu, cpu);
		for (table = l2pc_fold_chain(writer, true); table;
		     table = table->older)
			l2pc_table_for_each(table, index, cell) {
				if (!l2pc_cell_read(writer, cell, &copy))
					continue;
				first_seen = l2pc_clock_time(&clock, copy.first_seen);
				if (first_seen < before)
					notice_station(window, copy.key, first_seen);
			}
	}
}

/* The open window's stations that were first seen before a moment. */
static void notice_open(struct l2pc_window *window, u64 before)
{
	notice_archive(window, &window->folded.stations, before);
	notice_live(window, before);
}

static void notice_untracked(struct l2pc_window *window,
			     const struct l2pc_counters *counters)
{
	/* Those who were forgotten are told one by one. */
	if (counters->untracked_packets == counters->forgotten_packets ||
	    window->notice.untracked_told)
		return;
	window->notice.untracked = true;
	window->notice.untracked_told = true;
}

/**
 * l2pc_notice_closed() - look at the window just closed
 * @window: the port's counts; that window in @previous, not yet in @lifetime
 */
void l2pc_notice_closed(struct l2pc_window *window)
{
	struct l2pc_notice *notice = &window->notice;

	lockdep_assert_held(&window->lock);
	if (notice->listening) {
		/* There is no later look at these. */
		if (!notice_archive(window, &window->previous.stations, U64_MAX))
			notice->fresh.lost = true;
		notice_untracked(window, &window->previous.counters);
	}
	/* From here on lifetime has them. */
	l2pc_archive_free(&notice->noticed);
	notice->untracked_told = false;
}

/**
 * l2pc_notice_forget() - a station is news again when it comes back
 * @window: the port's counts, the station still in them
 * @station: the station
 * @told: somebody will be told that it went
 *
 * Who is told that it went has been told that it came: it may have come and gone
 * before anybody looked, or when there was no place to notice it in.
 */
void l2pc_notice_forget(struct l2pc_window *window,
			const struct l2pc_station *station, bool told)
{
	struct l2pc_notice *notice = &window->notice;
	const struct l2pc_station fresh = {
		.key = station->key,
		.first_seen = station->first_seen,
	};
	struct l2pc_station *noticed;

	lockdep_assert_held(&window->lock);
	noticed = l2pc_archive_find(&notice->noticed, station->key);
	if (noticed)
		l2pc_archive_del(&notice->noticed, noticed);
	else if (told && notice->listening && fresh.first_seen >= notice->since &&
		 !l2pc_archive_find(&window->lifetime.stations, fresh.key) &&
		 !l2pc_news_add(&notice->fresh, &fresh))
		notice->fresh.lost = true;
}

/**
 * l2pc_notice_trim() - places become free: who has none is not to take one here
 * @window: the port's counts, all of them in @folded, but for what was counted since
 *
 * Noticed is whoever has a cell, on some CPU; not all of them find a place in the end.
 * Without this, those could fill what is noticed until the window is closed, and none
 * of the stations that take the free places would be told.
 */
void l2pc_notice_trim(struct l2pc_window *window)
{
	struct l2pc_archive *noticed = &window->notice.noticed;
	struct l2pc_station *station;
	u32 steps = 0;
	u32 index = 0;

	lockdep_assert_held(&window->lock);
	if (noticed->used < l2pc_window_max_stations(window))
		return;
	while (index < noticed->used) {
		station = &noticed->stations[index];
		if (l2pc_archive_find(&window->folded.stations, station->key))
			index++;
		else
			l2pc_archive_del(noticed, station);
		l2pc_walk_pause(++steps);
	}
}

/**
 * l2pc_window_notice() - look for news
 * @window: the port's counts
 * @listening: does anybody want them?
 *
 * The answer to l2pc_writers_ops.news, and to be called as often as that.
 *
 * Context: process, may sleep for a grace period.
 * Return: how long the look took, in nanoseconds, without the waiting for others.
 */
u64 l2pc_window_notice(struct l2pc_window *window, bool listening)
{
	struct l2pc_notice *notice = &window->notice;
	struct l2pc_counters counters;
	u64 now, began;
	int cpu;

	for_each_possible_cpu(cpu)
		WRITE_ONCE(per_cpu_ptr(window->writers.percpu, cpu)->news, false);
	/*
	 * Whoever claims a cell from here on says so, and who has not seen that
	 * has claimed it before we look. The partner is writer_news().
	 */
	if (listening)
		synchronize_net();

	mutex_lock(&window->lock);
	began = ktime_get_boottime_ns();
	if (listening) {
		/* A station may be old on one CPU, and new on one that comes first. */
		if (!notice->listening)
			notice_open(window, notice->since);
		notice_open(window, U64_MAX);
		counters = l2pc_counters_read(&window->writers);
		l2pc_counters_sub(&counters, &window->base);
		l2pc_counters_add(&counters, &window->folded.counters);
		notice_untracked(window, &counters);
	} else {
		l2pc_archive_free(&notice->noticed);
		l2pc_news_free(&notice->fresh);
		notice->untracked = false;
		/* Stamps are as fine as jiffies. */
		now = ktime_get_boottime_ns();
		notice->since = now - min_t(u64, now, L2PC_CLOCK_SLACK_NS);
	}
	notice->listening = listening;
	now = ktime_get_boottime_ns();
	mutex_unlock(&window->lock);
	return now - began;
}

/**
 * l2pc_window_news() - take the news that nobody has taken yet
 * @window: the port's counts
 * @fresh: filled in; to be freed with l2pc_news_free()
 * @untracked: have untracked frames begun?
 *
 * Context: process, may sleep.
 */
void l2pc_window_news(struct l2pc_window *window, struct l2pc_news *fresh,
		      bool *untracked)
{
	mutex_lock(&window->lock);
	*fresh = window->notice.fresh;
	memset(&window->notice.fresh, 0, sizeof(window->notice.fresh));
	*untracked = window->notice.untracked;
	window->notice.untracked = false;
	mutex_unlock(&window->lock);
}
