/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events of ports, to the clients that subscribed, as kmod/iface/event.c sends them.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_RUN_EVENTS_H
#define L2PC_TOOL_RUN_EVENTS_H

#include <stdint.h>

struct l2pc_station_list;
struct l2pc_totals;
struct pattern_run;
struct port_run;

/* events_port() - a port changed; @cmd is L2PC_CMD_*_NTF */
void events_port(const struct port_run *port, uint8_t cmd);

/* events_pattern() - a pattern was added or deleted */
void events_pattern(const struct pattern_run *pattern, uint8_t cmd);

/* events_stations() - stations are new, or have expired */
void events_stations(const struct port_run *port, uint8_t cmd,
		     const struct l2pc_station_list *stations);

/* events_closed() - a window was closed */
void events_closed(const struct port_run *port, const struct l2pc_totals *closed);

#endif /* L2PC_TOOL_RUN_EVENTS_H */
