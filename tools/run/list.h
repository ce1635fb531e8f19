/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The list of ports: interfaces that this process counts.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_RUN_LIST_H
#define L2PC_TOOL_RUN_LIST_H

#include <stdbool.h>

#include <linux/l2packet_counter.h>

#include "counts.h"
#include "run/links.h"
#include "run/program.h"

/**
 * struct run_settings - what a user can choose for a port
 * @hook_wanted: stored, and without effect: the kernel has tcx or clsact
 * @vlan: count stations by outer VLAN id as well
 * @reset_interval: seconds, 0 = never
 * @max_stations: maximum number of stations counted separately
 * @station_timeout: seconds after which an idle station expires, 0 = never
 * @tx: count sent frames as well
 * @keep: of a pattern: seconds for which its ports are kept without a device
 */
struct run_settings {
	uint32_t hook_wanted;
	bool vlan;
	uint32_t reset_interval;
	uint32_t max_stations;
	uint32_t station_timeout;
	bool tx;
	uint32_t keep;
};

/* As the module's parameters. */
#define RUN_RESET_INTERVAL	20U
#define RUN_MAX_STATIONS	65536U
#define RUN_KEEP		3600U
#define RUN_DEFAULTS                                                              \
	{                                                                         \
		.reset_interval = RUN_RESET_INTERVAL, .max_stations = RUN_MAX_STATIONS, \
		.keep = RUN_KEEP,                                                 \
	}

/* Sets of settings: a bit for each, numbered as the netlink attribute. */
#define RUN_SETTING(attribute)	(1U << L2PC_A_PORT_##attribute)

/**
 * struct pattern_run - a pattern
 * @next: the next one, in the order in which they were added
 * @serial: its number in that order
 * @settings: of its ports
 * @glob: the pattern
 * @ports: number of its ports
 * @missed: number of devices that matched and could not be counted
 */
struct pattern_run {
	struct pattern_run *next;
	uint64_t serial;
	struct run_settings settings;
	char glob[L2PC_PATTERN_MAX + 1];
	uint32_t ports;
	uint64_t missed;
};

/**
 * struct port_run - a port
 * @next: the next one, in the order in which they were added
 * @serial: its number in that order
 * @counts: its counts
 * @settings: as the user chose
 * @program: its programs
 * @name: the interface
 * @link: the device; its index is 0 while there is none
 * @state: whether it is being counted
 * @pattern: the pattern that made it a port, or NULL
 * @gone: monotonic time at which its device disappeared
 * @suspect: filters of its device were removed, perhaps ours
 * @detached: its programs cannot be attached now; that is tried again
 * @yielded: the module counts its device, and this process does not
 * @next_close: monotonic time at which the window is closed
 * @next_expire: the same for expiry
 * @next_rotate: the same for folding the tables
 * @next_scan: the same for a scan; 0: none was requested
 */
struct port_run {
	struct port_run *next;
	uint64_t serial;
	struct l2pc_counts counts;
	struct run_settings settings;
	struct program program;
	char name[L2PC_NAME_MAX + 1];
	struct link_info link;
	enum l2pc_port_state state;
	struct pattern_run *pattern;
	uint64_t gone;
	bool suspect;
	bool detached;
	bool yielded;
	uint64_t next_close;
	uint64_t next_expire;
	uint64_t next_rotate;
	uint64_t next_scan;
};

/* All ports, oldest first. */
extern struct port_run *run_ports;

/* Changes whenever a port is added or deleted. */
extern uint32_t run_generation;

/*
 * port_find() - the port of a name, or NULL. An interface may have got the name of a deleted
 * one: then it is the port that has a device
 */
struct port_run *port_find(const char *name);

/* port_find_device() - the port that has a device, or NULL */
struct port_run *port_find_device(int ifindex);

/* port_after() - the first port whose serial is greater, or NULL */
struct port_run *port_after(uint64_t serial);

/* ports_append() - append a port, and number it */
void ports_append(struct port_run *port);

/* ports_remove() - take a port off */
void ports_remove(struct port_run *port);

#endif /* L2PC_TOOL_RUN_LIST_H */
