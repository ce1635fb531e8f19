// SPDX-License-Identifier: GPL-2.0
/*
 * Devices that appear, change and disappear, and their ports.
 * Copyright (C) the l2packet_counter authors
 */
#include <net/if.h>
#include <string.h>

#include "run/attach.h"
#include "run/clock.h"
#include "run/devices.h"
#include "run/events.h"
#include "run/links.h"
#include "run/list.h"
#include "run/module.h"
#include "run/pattern.h"
#include "run/port.h"
#include "run/schedule.h"
#include "run/watch.h"
#include "util/errors.h"

/* Nothing reports that a port of the module is deleted. */
#define REVIEW_INTERVAL	(5 * SECOND)

/* Let the module have a device. */
static void port_yield(struct port_run *port)
{
	if (!port->yielded)
		error_print("%s: the module counts it, and l2pc run does not (l2pc --engine module show)",
			    port->name);
	attach_end(&port->program);
	port->state = L2PC_PORT_STATE_UNSUPPORTED;
	port->yielded = true;
	port->detached = false;
}

static void port_take(struct port_run *port)
{
	bool yielded = port->yielded;

	port->yielded = false;
	port_attach(port);
	if (port->detached)
		watch_suspect(port->link.ifindex);
	if (yielded && port->state == L2PC_PORT_STATE_COUNTING)
		error_print("%s: the module does not count it any more, and l2pc run does", port->name);
}

/* Attach or detach as the device is now, which the module has or has not, and report that. */
static void port_review(struct port_run *port, bool renamed, bool module)
{
	enum l2pc_port_state before = port->state;

	if (module)
		port_yield(port);
	else
		port_take(port);
	if (port->state == before) {
		if (renamed)
			events_port(port, L2PC_CMD_PORT_SET_NTF);
		return;
	}
	events_port(port, port->state == L2PC_PORT_STATE_COUNTING ? L2PC_CMD_PORT_ATTACH_NTF :
								   L2PC_CMD_PORT_DETACH_NTF);
}

void devices_review(bool all)
{
	struct port_run *port;

	module_read();
	for (port = run_ports; port; port = port->next) {
		bool module = port->link.ifindex && module_has(&port->link);

		if (module != port->yielded && (all || port->yielded))
			port_review(port, false, module);
	}
	module_forget();
	/* A pattern left out what the module had. */
	if (all)
		links_walk(pattern_take);
}

uint64_t devices_timer(uint64_t now)
{
	static uint64_t next_review;
	bool yielded = false;

	for (const struct port_run *port = run_ports; port; port = port->next)
		yielded |= port->yielded;
	if (!yielded)
		return UINT64_MAX;
	if (next_review <= now) {
		next_review = now + REVIEW_INTERVAL;
		devices_review(false);
	}
	return next_review;
}

static void links_changed(const struct link_info *link)
{
	struct port_run *port = port_find_device(link->ifindex);
	bool renamed;

	/* A port that lost its device takes one of its name, unless another port has it. */
	if (!port) {
		port = port_find(link->name);
		if (!port || port->link.ifindex) {
			pattern_take(link);
			return;
		}
	}
	/* A port takes the new name of its device. */
	renamed = strcmp(port->name, link->name) != 0;
	port->link = *link;
	strcpy(port->name, link->name);
	/* A port that counts goes on, unless the module has the new name. */
	port_review(port, renamed, (renamed || port->state != L2PC_PORT_STATE_COUNTING) &&
				   module_counts(link));
}

static void links_gone(int ifindex)
{
	struct port_run *port;

	for (port = run_ports; port; port = port->next) {
		if (port->link.ifindex != ifindex)
			continue;
		attach_end(&port->program);
		port->link.ifindex = 0;
		port->gone = run_monotonic();
		port_review(port, false, false);
	}
}

static void links_lost(void)
{
	char name[IF_NAMESIZE];
	struct port_run *port;

	for (port = run_ports; port; port = port->next)
		if (port->link.ifindex &&
		    !if_indextoname((unsigned int)port->link.ifindex, name))
			links_gone(port->link.ifindex);
	watch_suspect(0);
}

const struct links_ops ports_links_ops = {
	.changed = links_changed,
	.gone = links_gone,
	.unfiltered = watch_suspect,
	.lost = links_lost,
};
