// SPDX-License-Identifier: GPL-2.0
/*
 * Housekeeping: what a port does from time to time, beside counting.
 * Copyright (C) the l2packet_counter authors
 *
 * Works in process context. None takes RTNL or ports_lock: who holds those may
 * wait for them.
 */
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/module.h>

#include "iface/event.h"
#include "iface/trace.h"
#include "housekeeping.h"
#include "port.h"

/* A cell's time stamps are good for 24 days at least: look far more often. */
#define ROTATE_INTERVAL		(3600UL * HZ)

/* How long news may wait, so that many are told at once. */
#define NOTICE_DELAY		(HZ / 4)

static struct workqueue_struct *housekeeping_wq;

static void housekeeping_wanted(struct l2pc_writers *writers)
{
	struct l2pc_port *port =
		container_of(writers, struct l2pc_port, window.writers);

	queue_work(housekeeping_wq, &port->housekeeping.grow);
}

static void housekeeping_news(struct l2pc_writers *writers)
{
	struct l2pc_port *port =
		container_of(writers, struct l2pc_port, window.writers);

	queue_delayed_work(housekeeping_wq, &port->housekeeping.notice,
			   NOTICE_DELAY);
}

/* What the packet path asks for. */
const struct l2pc_writers_ops l2pc_housekeeping_ops = {
	.wanted = housekeeping_wanted,
	.news = housekeeping_news,
};

static void grow(struct work_struct *work)
{
	struct l2pc_port *port =
		container_of(work, struct l2pc_port, housekeeping.grow);
	unsigned int tables = l2pc_window_grow(&port->window);
	struct l2pc_port_info info;

	if (tables && trace_l2pc_grow_enabled()) {
		l2pc_port_info(port, &info);
		trace_l2pc_grow(&info, tables);
	}
}

static void news_tell(struct l2pc_port *port)
{
	struct l2pc_news fresh;
	bool untracked;

	lockdep_assert_held(&port->housekeeping.telling);
	l2pc_window_news(&port->window, &fresh, &untracked);
	l2pc_event_stations(port, L2PC_CMD_STATION_NEW_NTF, &fresh);
	l2pc_news_free(&fresh);
	if (untracked)
		l2pc_event_port(port, L2PC_CMD_UNTRACKED_NTF);
}

static void notice(struct work_struct *work)
{
	struct l2pc_port *port =
		container_of(work, struct l2pc_port, housekeeping.notice.work);
	u64 took, began;

	mutex_lock(&port->housekeeping.telling);
	took = l2pc_window_notice(&port->window, l2pc_event_listening(port));
	began = ktime_get_ns();
	news_tell(port);
	took += ktime_get_ns() - began;
	mutex_unlock(&port->housekeeping.telling);
	/*
	 * A look takes as long as the tables are big: in a flood of new stations
	 * one in twenty parts of a CPU is enough. The packet path may have queued
	 * the next one already.
	 */
	if (delayed_work_pending(&port->housekeeping.notice))
		mod_delayed_work(housekeeping_wq, &port->housekeeping.notice,
				 NOTICE_DELAY + nsecs_to_jiffies(20 * took));
}

/*
 * Something is about to change, and to be told. Who began to listen since the last look
 * hears of what was before, too. Returns whether anybody listens.
 */
static bool telling_begin(struct l2pc_port *port)
{
	bool listening;

	mutex_lock(&port->housekeeping.telling);
	listening = l2pc_event_listening(port);
	if (listening)
		l2pc_window_notice(&port->window, true);
	return listening;
}

/*
 * It was told. With @again somebody listens, and stations left: who came back meanwhile
 * took a place that was kept, and asked nobody.
 */
static void telling_end(struct l2pc_port *port, bool again)
{
	if (again) {
		l2pc_window_notice(&port->window, true);
		news_tell(port);
	}
	mutex_unlock(&port->housekeeping.telling);
}

/**
 * l2pc_port_close() - close a port's window, and tell those who listen
 * @port: the port
 * @closed: filled in with the closed window's totals
 *
 * Context: process, sleeps for grace periods.
 */
void l2pc_port_close(struct l2pc_port *port, struct l2pc_totals *closed)
{
	const bool listening = telling_begin(port);
	bool left;

	left = l2pc_window_close(&port->window, closed);
	news_tell(port);
	l2pc_event_closed(port, closed);
	telling_end(port, left && listening);
}

static void expire(struct l2pc_port *port, unsigned int timeout)
{
	const bool listening = telling_begin(port);
	struct l2pc_news gone = {};
	bool forgotten;

	forgotten = l2pc_window_expire(&port->window,
				       (u64)timeout * NSEC_PER_SEC,
				       listening ? &gone : NULL);
	/* Those that came and went came first. */
	news_tell(port);
	l2pc_event_stations(port, L2PC_CMD_STATION_EXPIRE_NTF, &gone);
	l2pc_news_free(&gone);
	telling_end(port, forgotten && listening);
}

static u64 close_interval(const struct l2pc_port *port)
{
	return (u64)READ_ONCE(port->settings.reset_interval) * HZ;
}

/* A station is forgotten after its timeout, and no later than a quarter more. */
static u64 expire_interval(const struct l2pc_port *port)
{
	return clamp(READ_ONCE(port->settings.station_timeout) / 4, 1U, 3600U) *
		(u64)HZ;
}

static void timer_schedule(struct l2pc_port *port)
{
	const struct l2pc_housekeeping *chores = &port->housekeeping;
	u64 now = get_jiffies_64();
	u64 next = now + ROTATE_INTERVAL;

	if (close_interval(port))
		next = min(next, chores->next_close);
	if (READ_ONCE(port->settings.station_timeout))
		next = min(next, chores->next_expire);
	mod_delayed_work(housekeeping_wq, &port->housekeeping.timer,
			 next > now ? next - now : 0);
}

static void timer(struct work_struct *work)
{
	struct l2pc_port *port =
		container_of(work, struct l2pc_port, housekeeping.timer.work);
	struct l2pc_housekeeping *chores = &port->housekeeping;
	unsigned int timeout = READ_ONCE(port->settings.station_timeout);
	u64 interval = close_interval(port);
	u64 now = get_jiffies_64();
	struct l2pc_totals closed;

	if (interval && chores->next_close <= now) {
		l2pc_port_close(port, &closed);
		/* In step with the clock, unless a whole interval was missed. */
		chores->next_close += interval;
		if (chores->next_close <= now)
			chores->next_close = now + interval;
	} else if (!timeout || chores->next_expire > now) {
		l2pc_window_rotate(&port->window);
	}
	if (timeout && chores->next_expire <= now) {
		expire(port, timeout);
		chores->next_expire = now + expire_interval(port);
	}
	timer_schedule(port);
}

/**
 * l2pc_housekeeping_prepare() - set up a new port's chores; none runs yet
 * @port: the port
 */
void l2pc_housekeeping_prepare(struct l2pc_port *port)
{
	INIT_WORK(&port->housekeeping.grow, grow);
	INIT_DELAYED_WORK(&port->housekeeping.notice, notice);
	INIT_DELAYED_WORK(&port->housekeeping.timer, timer);
	mutex_init(&port->housekeeping.telling);
}

/**
 * l2pc_housekeeping_start() - from now on the intervals run
 * @port: the port
 *
 * Context: process; nobody else starts or pauses this port's meanwhile.
 */
void l2pc_housekeeping_start(struct l2pc_port *port)
{
	u64 now = get_jiffies_64();

	port->housekeeping.next_close = now + close_interval(port);
	port->housekeeping.next_expire = now + expire_interval(port);
	timer_schedule(port);
}

/**
 * l2pc_housekeeping_pause() - let nothing happen by time until resumed
 * @port: the port
 *
 * Context: process, may sleep until a chore has ended.
 */
void l2pc_housekeeping_pause(struct l2pc_port *port)
{
	cancel_delayed_work_sync(&port->housekeeping.timer);
}

/**
 * l2pc_housekeeping_set_reset_interval() - the open window gets it from now
 * @port: a port that is paused
 * @seconds: 0 = never
 */
void l2pc_housekeeping_set_reset_interval(struct l2pc_port *port,
					  unsigned int seconds)
{
	WRITE_ONCE(port->settings.reset_interval, seconds);
	port->housekeeping.next_close = get_jiffies_64() + close_interval(port);
}

/**
 * l2pc_housekeeping_set_station_timeout() - it holds from now
 * @port: a port that is paused
 * @seconds: 0 = never
 */
void l2pc_housekeeping_set_station_timeout(struct l2pc_port *port,
					   unsigned int seconds)
{
	WRITE_ONCE(port->settings.station_timeout, seconds);
	port->housekeeping.next_expire = get_jiffies_64() + expire_interval(port);
}

/**
 * l2pc_housekeeping_resume() - go on as before
 * @port: the port
 */
void l2pc_housekeeping_resume(struct l2pc_port *port)
{
	timer_schedule(port);
}

/**
 * l2pc_housekeeping_stop() - end a port's chores for good
 * @port: the port; no CPU counts for it any more, so none asks for anything
 *
 * Context: process, may sleep.
 */
void l2pc_housekeeping_stop(struct l2pc_port *port)
{
	cancel_delayed_work_sync(&port->housekeeping.timer);
	cancel_delayed_work_sync(&port->housekeeping.notice);
	cancel_work_sync(&port->housekeeping.grow);
}

/**
 * l2pc_housekeeping_free() - nobody tells of a port any more
 * @port: the port, stopped or never started
 */
void l2pc_housekeeping_free(struct l2pc_port *port)
{
	mutex_destroy(&port->housekeeping.telling);
}

/**
 * l2pc_housekeeping_init() - be ready for chores
 *
 * Return: 0 or -ENOMEM.
 */
int l2pc_housekeeping_init(void)
{
	housekeeping_wq = alloc_workqueue(KBUILD_MODNAME, WQ_UNBOUND, 0);
	return housekeeping_wq ? 0 : -ENOMEM;
}

/**
 * l2pc_housekeeping_exit() - no port is left
 */
void l2pc_housekeeping_exit(void)
{
	destroy_workqueue(housekeeping_wq);
}
