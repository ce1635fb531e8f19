// SPDX-License-Identifier: GPL-2.0
/*
 * Reset: close a port's window, by hand or by the reset interval.
 * Copyright (C) the l2packet_counter authors
 */
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
 * @closed: filled in with the closed window's totals
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
	*closed = changes.closed;
	l2pc_notify_end(port, &changes, evicted && listening);
}

static void reset_work(struct work_struct *work)
{
	struct l2pc_reset *reset = container_of(work, struct l2pc_reset, work);

	l2pc_port_reset(reset->port, &reset->closed);
}

/**
 * l2pc_ports_reset() - close the windows of ports
 * @resets: the ports; filled in with the totals of their closed windows
 * @count: their number
 *
 * Each port waits for a grace period of its own, with its counts locked. Work items of
 * several ports wait for the same one; port after port would take 4,096 of them.
 *
 * Context: process, with none of our locks held; sleeps for grace periods.
 */
void l2pc_ports_reset(struct l2pc_reset *resets, unsigned int count)
{
	unsigned int first, end, i;

	if (count == 1) {
		l2pc_port_reset(resets->port, &resets->closed);
		return;
	}
	for (first = 0; first < count; first = end) {
		end = min(count, first + RESET_AT_A_TIME);
		for (i = first; i < end; i++) {
			INIT_WORK(&resets[i].work, reset_work);
			queue_work(l2pc_wq, &resets[i].work);
		}
		for (i = first; i < end; i++)
			flush_work(&resets[i].work);
	}
}
