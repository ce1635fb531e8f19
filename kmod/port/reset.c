// SPDX-License-Identifier: GPL-2.0
/*
 * Reset: close a port's window, by hand or by the reset interval.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "engine/window.h"
#include "notify.h"
#include "port.h"
#include "reset.h"
#include "timer.h"

/* Number of threads that wait for a grace period, each with its stack. */
#define RESET_AT_A_TIME		16U

/**
 * l2pc_port_reset() - close a port's window, and send the events of that
 * @port: the port
 * @closed: filled in with the closed window's totals; may be NULL
 *
 * Context: process, sleeps for grace periods, unless the port is idle.
 */
void l2pc_port_reset(struct l2pc_port *port, struct l2pc_totals *closed)
{
	const bool listening = l2pc_notify_begin(port);
	struct l2pc_changes changes = {};
	bool evicted = false;

	if (!l2pc_timer_close_idle(port, &changes.closed)) {
		l2pc_notify_discover(port, listening);
		evicted = l2pc_window_close(&port->counts, &changes.closed);
	}
	if (closed)
		*closed = changes.closed;
	l2pc_notify_end(port, &changes, evicted && listening);
}

/* One of several ports. */
struct reset {
	struct work_struct work;
	struct l2pc_port *port;
	struct l2pc_totals *closed;
};

static void reset_work(struct work_struct *work)
{
	struct reset *reset = container_of(work, struct reset, work);

	l2pc_port_reset(reset->port, reset->closed);
}

/**
 * l2pc_ports_reset() - close the windows of ports
 * @ports: the ports; the caller has references
 * @count: their number
 * @closed: filled in with the totals of their closed windows; may be NULL
 *
 * Each port waits for a grace period of its own, with its counts locked. Work items of
 * several ports wait for the same one. Port after port would take 4,096 of them, and does
 * so without memory.
 *
 * Context: process, with none of our locks held; sleeps for grace periods.
 */
void l2pc_ports_reset(struct l2pc_port *const *ports, unsigned int count,
		      struct l2pc_totals *closed)
{
	struct reset *resets = NULL;
	unsigned int i, queued = 0;

	if (count > 1)
		resets = kcalloc(RESET_AT_A_TIME, sizeof(*resets), GFP_KERNEL);
	for (i = 0; i < count; i++) {
		struct l2pc_totals *to = closed ? &closed[i] : NULL;
		struct reset *reset;

		if (!resets) {
			l2pc_port_reset(ports[i], to);
			continue;
		}
		reset = &resets[queued++];
		reset->port = ports[i];
		reset->closed = to;
		INIT_WORK(&reset->work, reset_work);
		queue_work(l2pc_wq, &reset->work);
		if (queued < RESET_AT_A_TIME && i + 1 < count)
			continue;
		while (queued)
			flush_work(&resets[--queued].work);
	}
	kfree(resets);
}
