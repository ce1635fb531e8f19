// SPDX-License-Identifier: GPL-2.0
/*
 * When a port has something to do.
 * Copyright (C) the l2packet_counter authors
 */
#include "run/clock.h"
#include "run/list.h"
#include "run/schedule.h"

uint64_t port_expire_interval(const struct port_run *port)
{
	/* A station expires after its timeout, and at most a quarter later. */
	return clamp(port->settings.station_timeout / 4, 1U, 3600U) * SECOND;
}

void port_schedule(struct port_run *port, uint32_t given)
{
	uint64_t now = run_monotonic();

	if (given & RUN_SETTING(RESET_INTERVAL))
		port->next_close = now + port->settings.reset_interval * SECOND;
	if (given & RUN_SETTING(STATION_TIMEOUT))
		port->next_expire = now + port_expire_interval(port);
	if (!port->next_rotate)
		port->next_rotate = now + ROTATE_INTERVAL;
}
