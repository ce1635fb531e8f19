// SPDX-License-Identifier: GPL-2.0
/*
 * The timer work item of ports: when it is due, and ports that are idle and need none.
 * Copyright (C) the l2packet_counter authors
 *
 * A port without frames has no work item queued: it is idle. Its windows are closed by
 * whatever comes next, a reader or a frame, as if the timer had closed them.
 */
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/module.h>

#include "port.h"
#include "timer.h"

struct workqueue_struct *l2pc_wq;

/**
 * l2pc_timer_close_interval() - get the interval at which windows are closed
 * @port: the port
 *
 * Return: jiffies; 0: never.
 */
u64 l2pc_timer_close_interval(const struct l2pc_port *port)
{
	return (u64)READ_ONCE(port->settings.reset_interval) * HZ;
}

/**
 * l2pc_timer_expire_interval() - get the interval at which idle stations are expired
 * @port: the port
 *
 * A station expires after its timeout, and at most a quarter later.
 *
 * Return: jiffies.
 */
u64 l2pc_timer_expire_interval(const struct l2pc_port *port)
{
	return clamp(READ_ONCE(port->settings.station_timeout) / 4, 1U, 3600U) *
		(u64)HZ;
}

/**
 * l2pc_timer_duties() - get what a port has to do from time to time
 * @port: the port
 *
 * Return: the duties.
 */
struct l2pc_duties l2pc_timer_duties(const struct l2pc_port *port)
{
	return (struct l2pc_duties){
		.close = READ_ONCE(port->settings.reset_interval),
		.expire = READ_ONCE(port->settings.station_timeout),
	};
}

/**
 * l2pc_timer_schedule() - queue the timer work item for what is due first
 * @port: a port that is not idle
 *
 * Context: process, worker.lock held.
 */
void l2pc_timer_schedule(struct l2pc_port *port)
{
	const struct l2pc_worker *worker = &port->worker;
	const struct l2pc_duties duties = l2pc_timer_duties(port);
	u64 now = get_jiffies_64();
	u64 next = worker->next_rotate;

	if (duties.close)
		next = min(next, worker->next_close);
	if (duties.expire)
		next = min(next, worker->next_expire);
	mod_delayed_work(l2pc_wq, &port->worker.timer, next > now ? next - now : 0);
}

/**
 * l2pc_timer_idle_leave() - stop being idle
 * @port: an idle port
 *
 * Context: process, worker.lock held.
 */
void l2pc_timer_idle_leave(struct l2pc_port *port)
{
	u64 now = get_jiffies_64();

	WRITE_ONCE(port->counts.writers.idle, false);
	port->worker.next_expire = now + l2pc_timer_expire_interval(port);
	port->worker.next_rotate = now + L2PC_ROTATE_INTERVAL;
	l2pc_timer_schedule(port);
}

/**
 * l2pc_timer_catch_up_locked() - close the windows that ended while a port was idle
 * @port: the port, idle or not
 *
 * Those that ended before its next frame, if that has come: then the port is not idle any
 * more.
 *
 * Context: process, worker.lock held.
 */
void l2pc_timer_catch_up_locked(struct l2pc_port *port)
{
	struct l2pc_worker *worker = &port->worker;
	u64 interval = l2pc_timer_close_interval(port);
	u64 now = get_jiffies_64();
	unsigned long woken = READ_ONCE(worker->woken);
	u64 until = now;
	u64 windows;

	lockdep_assert_held(&worker->lock);
	if (!port->counts.writers.idle)
		return;
	if (woken && time_after((unsigned long)now, woken))
		until -= (unsigned long)now - woken;
	if (interval && worker->next_close <= until) {
		windows = div64_u64(until - worker->next_close, interval) + 1;
		worker->next_close += windows * interval;
		l2pc_window_skip(&port->counts, windows,
				 jiffies64_to_nsecs(now - (worker->next_close - interval)),
				 jiffies64_to_nsecs(interval), NULL);
	}
	if (woken)
		l2pc_timer_idle_leave(port);
}

/**
 * l2pc_timer_catch_up() - close the windows that ended while a port was idle
 * @port: the port, which a reader is about to read
 *
 * Context: process, may sleep.
 */
void l2pc_timer_catch_up(struct l2pc_port *port)
{
	if (!READ_ONCE(port->counts.writers.idle))
		return;
	mutex_lock(&port->worker.lock);
	l2pc_timer_catch_up_locked(port);
	mutex_unlock(&port->worker.lock);
}

/**
 * l2pc_timer_close_idle() - close the window of a port that is idle
 * @port: the port
 * @closed: filled in with the closed window's totals
 *
 * There are no tables to exchange, so this needs no grace period.
 *
 * Context: process, may sleep.
 * Return: false if the port is not idle, or its window is not empty; then nothing was
 * closed.
 */
bool l2pc_timer_close_idle(struct l2pc_port *port, struct l2pc_totals *closed)
{
	const struct l2pc_duties empty = { .close = true };
	bool done;

	if (!READ_ONCE(port->counts.writers.idle))
		return false;
	mutex_lock(&port->worker.lock);
	l2pc_timer_catch_up_locked(port);
	done = port->counts.writers.idle && l2pc_counts_idle(&port->counts, empty);
	if (done)
		l2pc_window_skip(&port->counts, 1, 0, 0, closed);
	mutex_unlock(&port->worker.lock);
	return done;
}

/**
 * l2pc_timer_queue() - queue a work item that is not a port's
 * @work: the work item; it may take RTNL and ports_lock
 * @delay: jiffies; after a day the work item runs also if more was requested
 */
void l2pc_timer_queue(struct delayed_work *work, u64 delay)
{
	mod_delayed_work(l2pc_wq, work, min_t(u64, delay, 24 * L2PC_ROTATE_INTERVAL));
}

/**
 * l2pc_workers_init() - allocate the workqueue of all ports
 *
 * Return: 0 or -ENOMEM.
 */
int l2pc_workers_init(void)
{
	l2pc_wq = alloc_workqueue(KBUILD_MODNAME, WQ_UNBOUND, 0);
	return l2pc_wq ? 0 : -ENOMEM;
}

/**
 * l2pc_workers_exit() - free the workqueue, after the last port
 */
void l2pc_workers_exit(void)
{
	destroy_workqueue(l2pc_wq);
}
