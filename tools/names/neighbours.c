// SPDX-License-Identifier: GPL-2.0
/*
 * Names from the neighbour table: the stations' addresses of the network layer.
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
#include "source/netlink.h"
#include "util/array.h"
#include "util/files.h"

/* An entry of the neighbour table. */
struct neighbour {
	uint8_t mac[6];
	uint8_t rank;	/* the lower the better it names: IPv4, then IPv6, then link-local */
	bool temporary;	/* maybe: it may belong to the station for a day only */
	char address[INET6_ADDRSTRLEN];
	char *name;	/* of the address in /etc/hosts, or NULL */
};

struct table {
	struct neighbour *neighbour;
	size_t count, room;
};

static void set_address(struct neighbour *n, int family, const void *address)
{
	n->rank = family == AF_INET ? 0 : IN6_IS_ADDR_LINKLOCAL(address) ? 2 : 1;
	inet_ntop(family, address, n->address, sizeof(n->address));
}

/*
 * Check for an address that may be temporary (RFC 8981): global, with an interface id that
 * was made at random. Ids made of the MAC address, and those that people choose, with
 * leading zeros, are not. Hosts with random ids that last (RFC 7217) look the same.
 */
static bool is_temporary(int family, const uint8_t *address, const uint8_t mac[6])
{
	const uint8_t *id = address + 8;
	const uint8_t eui64[8] = { mac[0] ^ 2, mac[1], mac[2], 0xff, 0xfe, mac[3], mac[4], mac[5] };
	static const uint8_t zeros[4];

	return family == AF_INET6 && !IN6_IS_ADDR_LINKLOCAL(address) &&
	       memcmp(id, eui64, sizeof(eui64)) && memcmp(id, zeros, sizeof(zeros));
}

static void on_neighbour(const struct nlmsghdr *nlh, void *data)
{
	const struct ndmsg *nd = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *address, *mac;
	struct neighbour *n;
	size_t size;

	if (nlh->nlmsg_type != RTM_NEWNEIGH || mnl_nlmsg_get_payload_len(nlh) < sizeof(*nd))
		return;
	if (nd->ndm_family != AF_INET && nd->ndm_family != AF_INET6)
		return;
	/* Multicast, and the machine's own addresses. */
	if (nd->ndm_state & NUD_NOARP)
		return;
	size = nd->ndm_family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr);
	address = nl_find(nlh, sizeof(*nd), NDA_DST);
	mac = nl_find(nlh, sizeof(*nd), NDA_LLADDR);
	if (!address || mnl_attr_get_payload_len(address) != size || !mac ||
	    mnl_attr_get_payload_len(mac) != sizeof(n->mac))
		return;
	n = list_add((struct table *)data, neighbour);
	memcpy(n->mac, mnl_attr_get_payload(mac), sizeof(n->mac));
	set_address(n, nd->ndm_family, mnl_attr_get_payload(address));
	n->temporary = is_temporary(nd->ndm_family, mnl_attr_get_payload(address), n->mac);
}

static void reset_table(void *data)
{
	((struct table *)data)->count = 0;
}

/* The best name first. */
static int compare_neighbours(const void *a, const void *b)
{
	const struct neighbour *x = a, *y = b;

	return x->rank != y->rank ? x->rank - y->rank : strcmp(x->address, y->address);
}

/* Of several lines of an address the first counts, as for resolvers. */
static void set_names(struct table *table, const char *address, const char *name)
{
	int family = strchr(address, ':') ? AF_INET6 : AF_INET;
	struct neighbour key, *n, *end = table->neighbour + table->count;
	struct in6_addr binary;

	if (inet_pton(family, address, &binary) != 1)
		return;
	set_address(&key, family, &binary);
	n = bsearch(&key, table->neighbour, table->count, sizeof(*n), compare_neighbours);
	while (n && n > table->neighbour && !compare_neighbours(n - 1, &key))
		n--;
	for (; n && n < end && !n->name && !compare_neighbours(n, &key); n++) {
		n->name = strdup(name);
		if (!n->name)
			out_of_memory();
	}
}

static void read_hosts(struct table *table)
{
	FILE *file = file_open("/etc/hosts");
	char *line = NULL;
	size_t room = 0;

	while (file && getline(&line, &room, file) > 0) {
		char *save, *address, *name;

		line[strcspn(line, "#\n")] = 0;
		address = strtok_r(line, " \t\r", &save);
		name = address ? strtok_r(NULL, " \t\r", &save) : NULL;
		if (name)
			set_names(table, address, name);
	}
	free(line);
	if (file)
		fclose(file);
}

void names_read_neighbours(void)
{
	struct table table = { 0 };

	nl_dump_other(NETLINK_ROUTE, RTM_GETNEIGH, &(struct ndmsg){ 0 }, sizeof(struct ndmsg),
		      on_neighbour, reset_table, &table);
	if (table.count) {
		qsort(table.neighbour, table.count, sizeof(*table.neighbour), compare_neighbours);
		read_hosts(&table);
	}
	for (size_t i = 0; i < table.count; i++) {
		const struct neighbour *n = &table.neighbour[i];

		if (n->name || !n->temporary)
			names_put(n->mac, n->name ? n->name : n->address);
		free(n->name);
	}
	free(table.neighbour);
}
