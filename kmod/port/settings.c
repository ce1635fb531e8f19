// SPDX-License-Identifier: GPL-2.0
/*
 * Settings: change how a port is counted.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/compiler.h>

#include "engine/window.h"
#include "attach.h"
#include "notify.h"
#include "port.h"
#include "settings.h"
#include "worker.h"

/**
 * l2pc_settings_change() - change a port's settings
 * @port: the port
 * @to: the new settings
 * @given: which of them to change, L2PC_SETTING()
 * @extack: gets the reason of a failure, or NULL: the kernel log does
 *
 * Changes all of them, or none.
 *
 * Context: process, RTNL and ports_lock held, sleeps for grace periods.
 * Return: 0, or what l2pc_port_check_hook() or l2pc_port_set_tx() returns.
 */
int l2pc_settings_change(struct l2pc_port *port, const struct l2pc_settings *to,
			 u32 given, struct netlink_ext_ack *extack)
{
	int err;

	/* Only these two can fail, and the hook no more once it was checked. */
	if (given & L2PC_SETTING(HOOK_WANTED)) {
		err = l2pc_port_check_hook(port, to->hook_wanted, extack);
		if (err)
			return err;
	}
	if (given & L2PC_SETTING(TX)) {
		err = l2pc_port_set_tx(port, to->tx, extack);
		if (err)
			return err;
	}
	if (given & L2PC_SETTING(HOOK_WANTED))
		l2pc_port_set_hook(port, to->hook_wanted);
	if (given & L2PC_SETTING(VLAN)) {
		port->settings.vlan = to->vlan;
		/* Read by the packet path, frame_count_wire(). */
		WRITE_ONCE(port->vlan, to->vlan);
	}
	if (given & L2PC_SETTING(MAX_STATIONS)) {
		port->settings.max_stations = to->max_stations;
		l2pc_counts_set_max_stations(&port->counts, to->max_stations);
	}
	if (given & (L2PC_SETTING(RESET_INTERVAL) | L2PC_SETTING(STATION_TIMEOUT))) {
		l2pc_worker_pause(port);
		if (given & L2PC_SETTING(RESET_INTERVAL))
			l2pc_worker_set_reset_interval(port, to->reset_interval);
		if (given & L2PC_SETTING(STATION_TIMEOUT))
			l2pc_worker_set_station_timeout(port, to->station_timeout);
		l2pc_worker_resume(port);
	}
	if (given & L2PC_SETTING(KEEP))
		port->settings.keep = to->keep;
	l2pc_port_publish(port);
	l2pc_notify_port(port, L2PC_CMD_PORT_SET_NTF);
	return 0;
}
