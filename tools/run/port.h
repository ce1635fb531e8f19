/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ports: add, delete, set, and their devices.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_RUN_PORT_H
#define L2PC_TOOL_RUN_PORT_H

#include "run/list.h"

/*
 * port_add() - count an interface
 * @why: set to a message after an error, or to NULL
 *
 * Return: 0 or a negative errno
 */
int port_add(const char *name, const struct run_settings *settings, const char **why);

/* port_add_device() - the same for a device, which @pattern matched, or NULL */
int port_add_device(const struct link_info *link, const struct run_settings *settings,
		    struct pattern_run *pattern, const char **why);

void port_del(struct port_run *port);

/* port_print_counted() - print what a port has counted since it was added */
void port_print_counted(struct port_run *port);

/* port_set() - change the settings of the set @given. Return: 0 or a negative errno */
int port_set(struct port_run *port, const struct run_settings *settings, uint32_t given);

/* port_attach() - count, if there is a device that can be counted. Return: as above */
int port_attach(struct port_run *port);

/* port_grow() - make the tables that CPUs need; free those that the programs had no use for */
void port_grow(struct port_run *port);

/* port_grow_waiting() - only make the tables, while the port may be waiting for a grace period */
void port_grow_waiting(struct port_run *port);

/* ports_stop() - stop counting; counts stay readable */
void ports_stop(void);

#endif /* L2PC_TOOL_RUN_PORT_H */
