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
#include "run/watch.h"
#include "util/errors.h"

/*
 * Check for the module at a device that appears or is renamed. The module knows nothing of
 * this process: when it has taken the device of a port that counts, both count it.
 */
static bool check_module(const struct port_run *port, bool renamed)
{
	bool counting = port->state == L2PC_PORT_STATE_COUNTING;

	if (!port->link.ifindex || (counting && !renamed) || !module_counts(&port->link))
		return false;
	if (port->state != L2PC_PORT_STATE_UNSUPPORTED)
		error_print("%s: the module counts it%s (l2pc --engine module show)", port->name,
			    counting ? " as well" : ", and l2pc run does not");
	return !counting;
}

/* Attach or detach as the device is now, and report that. */
static void port_review(struct port_run *port, bool renamed)
{
	enum l2pc_port_state before = port->state;

	if (check_module(port, renamed)) {
		port->state = L2PC_PORT_STATE_UNSUPPORTED;
		port->detached = false;
	} else {
		port_attach(port);
	}
	if (port->detached)
		watch_suspect(port->link.ifindex);
	if (port->state == before) {
		if (renamed)
			events_port(port, L2PC_CMD_PORT_SET_NTF);
		return;
	}
	events_port(port, port->state == L2PC_PORT_STATE_COUNTING ? L2PC_CMD_PORT_ATTACH_NTF :
								   L2PC_CMD_PORT_DETACH_NTF);
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
	port_review(port, renamed);
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
		port_review(port, false);
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
