// SPDX-License-Identifier: GPL-2.0
/*
 * The list of ports: interfaces that this process counts.
 * Copyright (C) the l2packet_counter authors
 */
#include <string.h>

#include "run/list.h"

struct port_run *run_ports;
uint32_t run_generation = 1;

static uint64_t last_serial;

struct port_run *port_find(const char *name)
{
	struct port_run *port, *found = NULL;

	for (port = run_ports; port; port = port->next) {
		if (strcmp(port->name, name) != 0)
			continue;
		if (port->link.ifindex)
			return port;
		if (!found)
			found = port;
	}
	return found;
}

struct port_run *port_find_device(int ifindex)
{
	struct port_run *port = run_ports;

	while (port && port->link.ifindex != ifindex)
		port = port->next;
	return port;
}

struct port_run *port_after(uint64_t serial)
{
	struct port_run *port = run_ports;

	while (port && port->serial <= serial)
		port = port->next;
	return port;
}

void ports_append(struct port_run *port)
{
	struct port_run **end = &run_ports;

	port->serial = ++last_serial;
	while (*end)
		end = &(*end)->next;
	*end = port;
	run_generation++;
}

void ports_remove(struct port_run *port)
{
	struct port_run **at = &run_ports;

	while (*at != port)
		at = &(*at)->next;
	*at = port->next;
	run_generation++;
}
