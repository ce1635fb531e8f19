// SPDX-License-Identifier: GPL-2.0
/*
 * Background work of ports: spares, scans, closing and expiry by time.
 * Copyright (C) the l2packet_counter authors
 *
 * Work items in process context. None takes RTNL or ports_lock: a holder of those may
 * wait for a work item.
 */
#include <linux/atomic.h>
#include <linux/jiffies.h>

#include "engine/idle.h"
#include "engine/window.h"
#include "notify.h"
#include "port.h"
#include "reset.h"
#include "timer.h"
#include "worker.h"

/* Delay of a scan, so that many new stations are reported together. */
#define SCAN_DELAY		(HZ / 4)

static void worker_request_spare(struct l2pc_writers *writers)
{
	struct l2pc_port *port =
		container_of(writers, struct l2pc_port, counts.writers);

	queue_work(l2pc_wq, &port->worker.grow);
}

/* The first frame of an idle port; further ones may come before the timer has run. */
static void worker_wake(struct l2pc_worker *worker)
{
	/* 0 means not woken. A jiffy more or less does not matter. */
	if (!READ_ONCE(worker->woken) && !cmpxchg(&worker->woken, 0, jiffies | 1))
		mod_delayed_work(l2pc_wq, &worker->timer, 0);
}

static void worker_request_scan(struct l2pc_writers *writers)
{
	struct l2pc_port *port =
		container_of(writers, struct l2pc_port, counts.writers);

	/* Pairs with l2pc_counts_enter_idle(). */
	if (READ_ONCE(writers->idle))
		worker_wake(&port->worker);
	queue_delayed_work(l2pc_wq, &port->worker.scan, SCAN_DELAY);
}

/* Requests of the packet path, called in softirq. */
const struct l2pc_writers_ops l2pc_worker_ops = {
	.request_spare = worker_request_spare,
	.request_scan = worker_request_scan,
};

static void worker_grow(struct work_struct *work)
{
	struct l2pc_port *port =
		container_of(work, struct l2pc_port, worker.grow);
	unsigned int tables = l2pc_counts_grow(&port->counts);

	if (tables)
		l2pc_notify_grown(port, tables);
}

static void worker_scan(struct work_struct *work)
{
	struct l2pc_port *port =
		container_of(work, struct l2pc_port, worker.scan.work);
	u64 duration = l2pc_notify_scan(port);

	/*
	 * Scan time grows with table size. In a flood of new stations scans take at
	 * most a twentieth of a CPU. The packet path may have queued the next one
	 * already.
	 */
	if (delayed_work_pending(&port->worker.scan))
		mod_delayed_work(l2pc_wq, &port->worker.scan,
				 SCAN_DELAY + nsecs_to_jiffies(20 * duration));
}

static void port_expire(struct l2pc_port *port, unsigned int timeout)
{
	const bool listening = l2pc_notify_begin(port);
	struct l2pc_changes changes = {};
	bool any;

	l2pc_notify_discover(port, listening);
	any = l2pc_counts_expire(&port->counts, (u64)timeout * NSEC_PER_SEC,
				 listening ? &changes.expired : NULL);
	l2pc_notify_end(port, &changes, any && listening);
}

/* Become idle if there is nothing to do before the next frame; worker->lock held. */
static void timer_rest(struct l2pc_port *port)
{
	WRITE_ONCE(port->worker.woken, 0);
	if (!l2pc_counts_enter_idle(&port->counts, l2pc_timer_duties(port)))
		l2pc_timer_schedule(port);
}

static void worker_timer(struct work_struct *work)
{
	struct l2pc_port *port =
		container_of(work, struct l2pc_port, worker.timer.work);
	struct l2pc_worker *worker = &port->worker;
	const unsigned int timeout = READ_ONCE(port->settings.station_timeout);
	bool close, expire, rotate;
	u64 interval, now;

	mutex_lock(&worker->lock);
	l2pc_timer_catch_up_locked(port);
	if (port->counts.writers.idle) {
		mutex_unlock(&worker->lock);
		return;
	}
	interval = l2pc_timer_close_interval(port);
	now = get_jiffies_64();
	close = interval && worker->next_close <= now;
	expire = timeout && worker->next_expire <= now;
	rotate = worker->next_rotate <= now;
	if (close) {
		/* In step with the clock, unless a whole interval was missed. */
		worker->next_close += interval;
		if (worker->next_close <= now)
			worker->next_close = now + interval;
	}
	if (expire)
		worker->next_expire = now + l2pc_timer_expire_interval(port);
	if (close || expire || rotate)
		worker->next_rotate = now + L2PC_ROTATE_INTERVAL;
	else
		l2pc_timer_schedule(port);
	mutex_unlock(&worker->lock);
	if (!close && !expire && !rotate)
		return;

	if (close)
		l2pc_port_reset(port, NULL);
	else if (!expire)
		l2pc_counts_rotate(&port->counts);
	if (expire)
		port_expire(port, timeout);
	mutex_lock(&worker->lock);
	timer_rest(port);
	mutex_unlock(&worker->lock);
}

/**
 * l2pc_worker_init() - initialise a port's work items; none is queued yet
 * @port: the port
 */
void l2pc_worker_init(struct l2pc_port *port)
{
	INIT_WORK(&port->worker.grow, worker_grow);
	INIT_DELAYED_WORK(&port->worker.scan, worker_scan);
	INIT_DELAYED_WORK(&port->worker.timer, worker_timer);
	mutex_init(&port->worker.lock);
}

/**
 * l2pc_worker_start() - start the intervals: the port is idle
 * @port: a new port without a hook
 *
 * Context: process.
 */
void l2pc_worker_start(struct l2pc_port *port)
{
	struct l2pc_worker *worker = &port->worker;

	mutex_lock(&worker->lock);
	worker->next_close = get_jiffies_64() + l2pc_timer_close_interval(port);
	WRITE_ONCE(port->counts.writers.idle, true);
	mutex_unlock(&worker->lock);
}

/**
 * l2pc_worker_pause() - stop the intervals until l2pc_worker_resume()
 * @port: the port; one that is idle remains idle
 *
 * Context: process, may sleep until a running work item ends.
 */
void l2pc_worker_pause(struct l2pc_port *port)
{
	cancel_delayed_work_sync(&port->worker.timer);
}

/**
 * l2pc_worker_set_reset_interval() - set the reset interval, and start it again
 * @port: a port that is paused
 * @seconds: 0 = never
 *
 * Context: process, may sleep.
 */
void l2pc_worker_set_reset_interval(struct l2pc_port *port, unsigned int seconds)
{
	mutex_lock(&port->worker.lock);
	l2pc_timer_catch_up_locked(port);
	WRITE_ONCE(port->settings.reset_interval, seconds);
	port->worker.next_close = get_jiffies_64() + l2pc_timer_close_interval(port);
	/* Without an interval the window of an idle port may have frames: it is not skipped. */
	if (port->counts.writers.idle &&
	    !l2pc_counts_idle(&port->counts, l2pc_timer_duties(port)))
		l2pc_timer_idle_leave(port);
	mutex_unlock(&port->worker.lock);
}

/**
 * l2pc_worker_set_station_timeout() - set the timeout of idle stations
 * @port: a port that is paused
 * @seconds: 0 = never
 *
 * Context: process, may sleep.
 */
void l2pc_worker_set_station_timeout(struct l2pc_port *port, unsigned int seconds)
{
	mutex_lock(&port->worker.lock);
	WRITE_ONCE(port->settings.station_timeout, seconds);
	port->worker.next_expire = get_jiffies_64() + l2pc_timer_expire_interval(port);
	mutex_unlock(&port->worker.lock);
}

/**
 * l2pc_worker_resume() - start the intervals that were paused
 * @port: the port
 *
 * Context: process, may sleep.
 */
void l2pc_worker_resume(struct l2pc_port *port)
{
	mutex_lock(&port->worker.lock);
	l2pc_timer_catch_up_locked(port);
	if (!port->counts.writers.idle)
		l2pc_timer_schedule(port);
	else if (!l2pc_counts_idle(&port->counts, l2pc_timer_duties(port)))
		l2pc_timer_idle_leave(port);
	mutex_unlock(&port->worker.lock);
}

/**
 * l2pc_worker_stop() - stop a port's background work for good
 * @port: the port; no CPU counts for it any more, so no request follows
 *
 * Context: process, may sleep.
 */
void l2pc_worker_stop(struct l2pc_port *port)
{
	/* A reader that still has a reference must not queue the timer. */
	mutex_lock(&port->worker.lock);
	WRITE_ONCE(port->counts.writers.idle, false);
	mutex_unlock(&port->worker.lock);
	cancel_delayed_work_sync(&port->worker.timer);
	cancel_delayed_work_sync(&port->worker.scan);
	cancel_work_sync(&port->worker.grow);
}

