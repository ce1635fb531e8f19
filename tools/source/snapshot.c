// SPDX-License-Identifier: GPL-2.0
/*
 * Asks the module, and keeps the answer.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdlib.h>
#include <string.h>

#include <linux/genetlink.h>

#include "source/parse.h"
#include "source/snapshot.h"
#include "util/clock.h"

void views_free(struct views *views)
{
	for (size_t i = 0; i < views->count; i++)
		view_free(&views->view[i]);
	free(views->view);
	*views = (struct views){ 0 };
}

void ports_free(struct ports *ports)
{
	free(ports->port);
	*ports = (struct ports){ 0 };
}

void closings_free(struct closings *closings)
{
	free(closings->closing);
	*closings = (struct closings){ 0 };
}

/*
 * Does a message go on with the port of the one before? Totals are in the first
 * message of a port only. By name alone where there is no device: many ports may
 * have the index 0. By index elsewhere: it may have been renamed meanwhile.
 */
static bool is_continued(const struct view *last, const struct view *next)
{
	if (next->has & BIT(L2PC_A_STATIONS_TOTALS))
		return false;
	if (last->ifindex != next->ifindex)
		return false;
	return last->ifindex || !strcmp(last->ifname, next->ifname);
}

/**
 * struct walk - a dump of stations under way
 * @walker: is told
 * @data: for it
 * @last: the port whose turn it is, and no stations
 * @any: there was one
 */
struct walk {
	const struct walker *walker;
	void *data;
	struct view last;
	bool any;
};

static void on_stations(const struct nlmsghdr *nlh, void *data)
{
	struct walk *walk = data;
	struct view next = { 0 };

	if (parse_cmd(nlh) != L2PC_CMD_STATION_GET)
		return;
	parse_view(nlh, &next);
	next.now = clock_boot();
	if (!walk->any || !is_continued(&walk->last, &next)) {
		walk->last = next;
		walk->any = true;
		walk->walker->port(&next, walk->data);
	}
	parse_stations(nlh, walk->walker->station, walk->data);
}

static void reset_stations(void *data)
{
	struct walk *walk = data;

	walk->any = false;
	walk->walker->reset(walk->data);
}

int snapshot_walk(struct nl *nl, const char *ifname, enum l2pc_view view,
		  const struct walker *walker, void *data)
{
	struct nlmsghdr *nlh = nl_request(nl, L2PC_CMD_STATION_GET, ifname, L2PC_A_STATIONS_IFNAME);
	struct walk walk = { .walker = walker, .data = data };

	mnl_attr_put_u32(nlh, L2PC_A_STATIONS_VIEW, view);
	return nl_dump(nl, nlh, on_stations, reset_stations, &walk);
}

static void on_port(const struct nlmsghdr *nlh, void *data)
{
	struct ports *ports = data;
	struct port *port;

	if (parse_cmd(nlh) != L2PC_CMD_PORT_GET)
		return;
	ports->port = array_grow(ports->port, &ports->room, ports->count, sizeof(*ports->port));
	port = memset(&ports->port[ports->count++], 0, sizeof(*port));
	parse_port(nlh, port);
}

static void reset_ports(void *data)
{
	ports_free(data);
}

int snapshot_ports(struct nl *nl, const char *ifname, struct ports *ports)
{
	struct nlmsghdr *nlh = nl_request(nl, L2PC_CMD_PORT_GET, ifname, L2PC_A_PORT_IFNAME);

	if (ifname)
		return nl_do(nl, nlh, on_port, ports);
	return nl_dump(nl, nlh, on_port, reset_ports, ports);
}

static void on_closings(const struct nlmsghdr *nlh, void *data)
{
	struct closings *closings = data;
	const struct nlattr *attr;
	struct closing *closing;

	if (parse_cmd(nlh) != L2PC_CMD_WINDOW_RESET)
		return;
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) != L2PC_A_RESET_CLOSED)
			continue;
		closings->closing = array_grow(closings->closing, &closings->room, closings->count,
					       sizeof(*closings->closing));
		closing = memset(&closings->closing[closings->count++], 0, sizeof(*closing));
		parse_closing(attr, closing);
	}
}

int snapshot_reset(struct nl *nl, const char *ifname, struct closings *closings)
{
	struct nlmsghdr *nlh = nl_request(nl, L2PC_CMD_WINDOW_RESET, ifname, L2PC_A_RESET_IFNAME);

	return nl_do(nl, nlh, on_closings, closings);
}
