// SPDX-License-Identifier: GPL-2.0
/*
 * Dumps of ports and of stations.
 * Copyright (C) the l2packet_counter authors
 *
 * Each port's view is read into a snapshot and sent from it: its counts are of the same
 * time, however slowly the client reads.
 */
#include <errno.h>
#include <string.h>

#include "run/client.h"
#include "run/dump.h"
#include "run/list.h"
#include "run/request.h"

int dump_port(struct port_run *port, void *buffer, uint32_t seq, uint16_t flags)
{
	struct nlmsghdr *nlh = message_start(buffer, L2PC_CMD_PORT_GET, seq, flags);
	struct l2pc_totals open, closed, lifetime;
	int error = l2pc_counts_totals(&port->counts, &open, &closed, &lifetime);

	if (error)
		return error;
	if (!message_port(nlh, port) || !message_totals(nlh, L2PC_A_PORT_WINDOW, &open) ||
	    (closed.id && !message_totals(nlh, L2PC_A_PORT_PREVIOUS, &closed)) ||
	    !message_totals(nlh, L2PC_A_PORT_LIFETIME, &lifetime))
		return -EMSGSIZE;
	return (int)nlh->nlmsg_len;
}

void dump_start(struct client *client, const struct request *request, dump_next next)
{
	answer_dump_end(client);
	client->dump.next = next;
	client->dump.seq = request->nlh->nlmsg_seq;
	client->dump.generation = run_generation;
}

static int ports_next(struct client *client, void *buffer)
{
	struct port_run *port = port_after(client->dump.serial);

	if (!port)
		return 0;
	client->dump.serial = port->serial;
	return dump_port(port, buffer, client->dump.seq, NLM_F_MULTI);
}

int dump_ports_start(struct client *client, struct request *request)
{
	if (request->attrs[L2PC_A_PORT_IFNAME]) {
		request->why = "ifname: a dump has all ports (request one without NLM_F_DUMP)";
		return -EINVAL;
	}
	dump_start(client, request, ports_next);
	return 0;
}

/* Read the next port's view. -ENOENT: there is no more. */
static int stations_read(struct client *client)
{
	struct dump *dump = &client->dump;
	struct port_run *port;
	int error;

	if (*dump->name)
		port = dump->serial ? NULL : port_find(dump->name);
	else
		port = port_after(dump->serial);
	if (!port)
		return -ENOENT;
	error = l2pc_snapshot_read(&port->counts, dump->view, ~0ULL, &dump->snapshot);
	/* What nobody in particular holds is bounded. */
	if (!error && !client->root)
		error = l2pc_snapshot_charge(&dump->snapshot);
	if (error)
		return error;
	dump->has_snapshot = true;
	dump->totals_sent = false;
	dump->station = 0;
	dump->serial = port->serial;
	dump->ifindex = port->link.ifindex;
	strcpy(dump->ifname, port->name);
	return 0;
}

static int stations_next(struct client *client, void *buffer)
{
	struct dump *dump = &client->dump;
	struct nlmsghdr *nlh;
	int error;

	if (!dump->has_snapshot) {
		error = stations_read(client);
		if (error)
			return error == -ENOENT ? 0 : error;
	}
	nlh = message_start(buffer, L2PC_CMD_STATION_GET, dump->seq, NLM_F_MULTI);
	mnl_attr_put_strz(nlh, L2PC_A_STATIONS_IFNAME, dump->ifname);
	mnl_attr_put_u32(nlh, L2PC_A_STATIONS_IFINDEX, (uint32_t)dump->ifindex);
	mnl_attr_put_u32(nlh, L2PC_A_STATIONS_VIEW, dump->view);
	if (!dump->totals_sent)
		message_totals(nlh, L2PC_A_STATIONS_TOTALS, &dump->snapshot.totals);
	dump->totals_sent = true;
	while (dump->station < dump->snapshot.count &&
	       message_station(nlh, &dump->snapshot.stations[dump->station]))
		dump->station++;
	if (dump->station == dump->snapshot.count) {
		l2pc_snapshot_free(&dump->snapshot);
		dump->has_snapshot = false;
	}
	return (int)nlh->nlmsg_len;
}

int dump_stations_start(struct client *client, struct request *request)
{
	const struct nlattr *view = request->attrs[L2PC_A_STATIONS_VIEW];
	const struct nlattr *name = request->attrs[L2PC_A_STATIONS_IFNAME];

	if (name && !port_find(mnl_attr_get_str(name))) {
		request->why = "no such port";
		return -ENOENT;
	}
	dump_start(client, request, stations_next);
	if (view)
		client->dump.view = mnl_attr_get_u32(view);
	if (name)
		strcpy(client->dump.name, mnl_attr_get_str(name));
	return 0;
}
