// SPDX-License-Identifier: GPL-2.0
/*
 * Background work of ports: spares, scans, closing and expiry by time.
 * Copyright (C) the l2packet_counter authors
 *
 * Work items in process context. None takes RTNL or ports_lock: a holder of those may
 * wait for a work item.
 */
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/module.h>

#include "engine/window.h"
#include "notify.h"
#include "port.h"
#include "reset.h"
#include "worker.h"

/* A cell's timestamps are valid for at least 24 days: fold far more often. */
#define ROTATE_INTERVAL		(3600UL * HZ)

/* Delay of a scan, so that many new stations are reported together. */
#define SCAN_DELAY		(HZ / 4)

static struct workqueue_struct *worker_wq;

static void worker_request_spare(struct l2pc_writers *writers)
{
	struct l2pc_port *port =
		container_of(writers, struct l2pc_port, counts.writers);

	queue_work(worker_wq, &port->worker.grow);
}

static void worker_request_scan(struct l2pc_writers *writers)
{
	struct l2pc_port *port =
		container_of(writers, struct l2pc_port, counts.writers);

	queue_delayed_work(worker_wq, &port->worker.scan, SCAN_DELAY);
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
		mod_delayed_work(worker_wq, &port->worker.scan,
				 SCAN_DELAY + nsecs_to_jiffies(20 * duration));
}

static void port_expire(struct l2pc_port *port, unsigned int timeout)
{
	const bool listening = l2pc_notify_begin(port);
	struct l2pc_changes changes = {};
	bool any;

	any = l2pc_counts_expire(&port->counts, (u64)timeout * NSEC_PER_SEC,
				 listening ? &changes.expired : NULL);
	l2pc_notify_end(port, &changes, any && listening);
}

static u64 close_interval(const struct l2pc_port *port)
{
	return (u64)READ_ONCE(port->settings.reset_interval) * HZ;
}

/* A station expires after its timeout, and at most a quarter later. */
static u64 expire_interval(const struct l2pc_port *port)
{
	return clamp(READ_ONCE(port->settings.station_timeout) / 4, 1U, 3600U) *
		(u64)HZ;
}

static void timer_schedule(struct l2pc_port *port)
{
	const struct l2pc_worker *worker = &port->worker;
	u64 now = get_jiffies_64();
	u64 next = now + ROTATE_INTERVAL;

	if (close_interval(port))
		next = min(next, worker->next_close);
	if (READ_ONCE(port->settings.station_timeout))
		next = min(next, worker->next_expire);
	mod_delayed_work(worker_wq, &port->worker.timer, next > now ? next - now : 0);
}

static void worker_timer(struct work_struct *work)
{
	struct l2pc_port *port =
		container_of(work, struct l2pc_port, worker.timer.work);
	struct l2pc_worker *worker = &port->worker;
	unsigned int timeout = READ_ONCE(port->settings.station_timeout);
	u64 interval = close_interval(port);
	u64 now = get_jiffies_64();
	struct l2pc_totals closed;

	if (interval && worker->next_close <= now) {
		l2pc_port_reset(port, &closed);
		/* In step with the clock, unless a whole interval was missed. */
		worker->next_close += interval;
		if (worker->next_close <= now)
			worker->next_close = now + interval;
	} else if (!timeout || worker->next_expire > now) {
		l2pc_counts_rotate(&port->counts);
	}
	if (timeout && worker->next_expire <= now) {
		port_expire(port, timeout);
		worker->next_expire = now + expire_interval(port);
	}
	timer_schedule(port);
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
}

/**
 * l2pc_worker_start() - start the intervals
 * @port: the port
 *
 * Context: process, ports_lock held.
 */
void l2pc_worker_start(struct l2pc_port *port)
{
	u64 now = get_jiffies_64();

	port->worker.next_close = now + close_interval(port);
	port->worker.next_expire = now + expire_interval(port);
	timer_schedule(port);
}

/**
 * l2pc_worker_pause() - stop the intervals until l2pc_worker_resume()
 * @port: the port
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
 */
void l2pc_worker_set_reset_interval(struct l2pc_port *port, unsigned int seconds)
{
	WRITE_ONCE(port->settings.reset_interval, seconds);
	port->worker.next_close = get_jiffies_64() + close_interval(port);
}

/**
 * l2pc_worker_set_station_timeout() - set the timeout of idle stations
 * @port: a port that is paused
 * @seconds: 0 = never
 */
void l2pc_worker_set_station_timeout(struct l2pc_port *port, unsigned int seconds)
{
	WRITE_ONCE(port->settings.station_timeout, seconds);
	port->worker.next_expire = get_jiffies_64() + expire_interval(port);
}

/**
 * l2pc_worker_resume() - start the intervals that were paused
 * @port: the port
 */
void l2pc_worker_resume(struct l2pc_port *port)
{
	timer_schedule(port);
}

/**
 * l2pc_worker_stop() - stop a port's background work for good
 * @port: the port; no CPU counts for it any more, so no request follows
 *
 * Context: process, may sleep.
 */
void l2pc_worker_stop(struct l2pc_port *port)
{
	cancel_delayed_work_sync(&port->worker.timer);
	cancel_delayed_work_sync(&port->worker.scan);
	cancel_work_sync(&port->worker.grow);
}

/**
 * l2pc_workers_init() - allocate the workqueue of all ports
 *
 * Return: 0 or -ENOMEM.
 */
int l2pc_workers_init(void)
{
	worker_wq = alloc_workqueue(KBUILD_MODNAME, WQ_UNBOUND, 0);
	return worker_wq ? 0 : -ENOMEM;
}

/**
 * l2pc_workers_exit() - free the workqueue, after the last port
 */
void l2pc_workers_exit(void)
{
	destroy_workqueue(worker_wq);
}
