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
