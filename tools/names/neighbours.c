// SPDX-License-Identifier: GPL-2.0
/*
 * Names from the neighbour table: who has which address of the network layer.
 * Copyright (C) the l2packet_counter authors
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include "names/names.h"
#include "source/model.h"
#include "source/netlink.h"

/**
 * struct neighbour - an entry of the table
 * @mac: the station
 * @rank: the lower the better it names: IPv4, then IPv6, then link-local
 * @address: as text
 */
struct neighbour {
	uint8_t mac[6];
	uint8_t rank;
	char address[INET6_ADDRSTRLEN];
};

struct table {
	struct neighbour *neighbour;
	size_t count, room;
};

static void on_neighbour(const struct nlmsghdr *nlh, void *data)
{
	const struct ndmsg *nd = mnl_nlmsg_get_payload(nlh);
	struct table *table = data;
	const void *address = NULL, *mac = NULL;
	const struct nlattr *attr;
	struct neighbour *n;
	size_t size;

	if (nlh->nlmsg_type != RTM_NEWNEIGH || mnl_nlmsg_get_payload_len(nlh) < sizeof(*nd))
		return;
	if (nd->ndm_family != AF_INET && nd->ndm_family != AF_INET6)
		return;
	/* Multicast and what the machine knows of itself. */
	if (nd->ndm_state & NUD_NOARP)
		return;
	size = nd->ndm_family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr);
	mnl_attr_for_each(attr, nlh, sizeof(*nd)) {
		if (mnl_attr_get_type(attr) == NDA_DST && mnl_attr_get_payload_len(attr) == size)
			address = mnl_attr_get_payload(attr);
		else if (mnl_attr_get_type(attr) == NDA_LLADDR &&
			 mnl_attr_get_payload_len(attr) == sizeof(n->mac))
			mac = mnl_attr_get_payload(attr);
	}
	if (!address || !mac)
		return;
	table->neighbour = array_grow(table->neighbour, &table->room, table->count,
				      sizeof(*table->neighbour));
	n = &table->neighbour[table->count];
	memcpy(n->mac, mac, sizeof(n->mac));
	n->rank = nd->ndm_family == AF_INET ? 0 : IN6_IS_ADDR_LINKLOCAL(address) ? 2 : 1;
	if (inet_ntop(nd->ndm_family, address, n->address, sizeof(n->address)))
		table->count++;
}

static void reset_table(void *data)
{
	struct table *table = data;

	table->count = 0;
}

/* The best name first; of equal ones always the same. */
static int compare_neighbours(const void *a, const void *b)
{
	const struct neighbour *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank - y->rank;
	return strcmp(x->address, y->address);
}

void names_read_neighbours(void)
{
	struct table table = { 0 };

	/* Without a table there are no names from it: nothing to talk about. */
	nl_neighbours(on_neighbour, reset_table, &table);
	if (table.count)
		qsort(table.neighbour, table.count, sizeof(*table.neighbour), compare_neighbours);
	for (size_t i = 0; i < table.count; i++) {
		const char *host = names_host(table.neighbour[i].address);

		names_put(table.neighbour[i].mac, host ? host : table.neighbour[i].address);
	}
	free(table.neighbour);
}
