// SPDX-License-Identifier: GPL-2.0
/*
 * Programs that somebody else detached: they are attached again.
 * Copyright (C) the l2packet_counter authors
 *
 * rtnetlink reports a filter or a qdisc that is removed. Nothing reports a link that is
 * detached by force (bpftool link detach), so that links are checked from time to time.
 */
#include <net/if.h>

#include "run/attach.h"
#include "run/clock.h"
#include "run/events.h"
#include "run/list.h"
#include "run/port.h"
#include "run/schedule.h"
#include "run/watch.h"
#include "util/errors.h"

/* Between checks of links, and between attempts to attach again. */
#define CHECK_INTERVAL	(5 * SECOND)

/* Shortest time between checks: somebody may remove filters in a loop. */
#define CHECK_PAUSE	SECOND

static uint64_t next_check, last_check;

void watch_suspect(int ifindex)
{
	for (struct port_run *port = run_ports; port; port = port->next)
		if (port->link.ifindex && (!ifindex || port->link.ifindex == ifindex)) {
			port->suspect = true;
			next_check = min(next_check, (uint64_t)(last_check + CHECK_PAUSE));
		}
}

static bool port_lost(struct port_run *port)
{
	char name[IF_NAMESIZE];

	/* A device that has gone took them along: links_gone() comes. */
	if (!port->link.ifindex || !if_indextoname((unsigned int)port->link.ifindex, name))
		return false;
	if (port->state != L2PC_PORT_STATE_COUNTING)
		return port->detached;
	return attach_lost(&port->program);
}

static void port_attach_again(struct port_run *port)
{
	const char *what = program_has_tcx() ? "link at tcx" : "filter at clsact", *why;
	bool was_detached = port->detached;
	int error;

	attach_end(&port->program);
	error = port_attach(port);
	if (!error && was_detached) {
		error_print("%s: is counted again", port->name);
		events_port(port, L2PC_CMD_PORT_ATTACH_NTF);
		return;
	}
	if (!error) {
		error_print("%s: its %s was removed, and is attached again: frames in between are not counted",
			    port->name, what);
		return;
	}
	attach_end(&port->program);
	if (was_detached)
		return;
	why = attach_refusal(error);
	error_print("%s: its %s was removed, and it is not counted: %s", port->name, what,
		    why ? why : program_refusal(error));
	events_port(port, L2PC_CMD_PORT_DETACH_NTF);
}

uint64_t watch_ports(uint64_t now)
{
	bool again = program_has_tcx();

	if (next_check > now)
		return next_check;
	/* The first port is checked at once. */
	next_check = 0;
	if (!run_ports)
		return UINT64_MAX;
	for (struct port_run *port = run_ports; port; port = port->next) {
		if ((program_has_tcx() || port->suspect || port->detached) && port_lost(port))
			port_attach_again(port);
		port->suspect = false;
		again |= port->detached;
	}
	last_check = now;
	next_check = again ? now + CHECK_INTERVAL : UINT64_MAX;
	return next_check;
}
