// SPDX-License-Identifier: GPL-2.0
/*
 * Network devices of the namespace, by rtnetlink: which there are, and what changes.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

#include "run/links.h"
#include "source/netlink.h"
#include "util/errors.h"

static int events_fd = -1;

static void set_text(char *to, size_t size, const struct nlattr *attr)
{
	snprintf(to, size, "%.*s", (int)mnl_attr_get_payload_len(attr), mnl_attr_get_str(attr));
}

/* Read a message about a device. False: it is about something else. */
static bool link_parse(const struct nlmsghdr *nlh, struct link_info *link)
{
	const struct ifinfomsg *header = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*header))
		return false;
	/* A bridge reports its ports with this family. */
	if (header->ifi_family != AF_UNSPEC)
		return false;
	*link = (struct link_info){ .ifindex = header->ifi_index, .type = header->ifi_type,
				    .flags = header->ifi_flags };
	attr = nl_find(nlh, sizeof(*header), IFLA_IFNAME);
	if (attr)
		set_text(link->name, sizeof(link->name), attr);
	attr = nl_find_nested(nl_find(nlh, sizeof(*header), IFLA_LINKINFO), IFLA_INFO_KIND);
	if (attr)
		set_text(link->kind, sizeof(link->kind), attr);
	return true;
}

int links_init(bool filters)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK,
				       .nl_groups = RTMGRP_LINK | (filters ? RTMGRP_TC : 0) };

	events_fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
	if (events_fd < 0 || bind(events_fd, (const struct sockaddr *)&address, sizeof(address))) {
		int error = errno;

		error_print("run: cannot watch network devices: %s", strerror(error));
		return -error;
	}
	return 0;
}

int links_fd(void)
{
	return events_fd;
}

/* The devices of a dump. */
struct links {
	struct link_info *link;
	size_t count, room;
};

static void on_link(const struct nlmsghdr *nlh, void *data)
{
	struct links *links = data;
	struct link_info link, *more;

	if (nlh->nlmsg_type != RTM_NEWLINK || !link_parse(nlh, &link))
		return;
	if (links->count == links->room) {
		more = realloc(links->link, (links->room + 64) * sizeof(link));
		if (!more)
			return;
		links->link = more;
		links->room += 64;
	}
	links->link[links->count++] = link;
}

static void reset_links(void *data)
{
	struct links *links = data;

	links->count = 0;
}

static int links_dump(struct links *links)
{
	const struct ifinfomsg header = { .ifi_family = AF_UNSPEC };

	return nl_dump_other(NETLINK_ROUTE, RTM_GETLINK, &header, sizeof(header), on_link,
			     reset_links, links);
}

void links_walk(void (*each)(const struct link_info *link))
{
	struct links links = { 0 };

	/* All of them first: @each may have requests of its own. */
	links_dump(&links);
	for (size_t i = 0; i < links.count; i++)
		each(&links.link[i]);
	free(links.link);
}

/* Read a message about a qdisc or a filter that was removed. False: it is another one. */
static bool filter_parse(const struct nlmsghdr *nlh, int *ifindex)
{
	const struct tcmsg *header = mnl_nlmsg_get_payload(nlh);

	if ((nlh->nlmsg_type != RTM_DELQDISC && nlh->nlmsg_type != RTM_DELTFILTER) ||
	    mnl_nlmsg_get_payload_len(nlh) < sizeof(*header))
		return false;
	*ifindex = header->tcm_ifindex;
	return true;
}

void links_read(const struct links_ops *ops)
{
	static char buffer[NL_BUFFER];
	struct link_info link;
	ssize_t size;

	for (;;) {
		const struct nlmsghdr *nlh = (const struct nlmsghdr *)buffer;
		int left, ifindex;

		size = recv(events_fd, buffer, sizeof(buffer), 0);
		if (size < 0 && errno == EINTR)
			continue;
		if (size < 0 && errno == ENOBUFS) {
			ops->lost();
			links_walk(ops->changed);
			continue;
		}
		if (size <= 0)
			return;
		left = (int)size;
		for (; nl_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
			if (filter_parse(nlh, &ifindex))
				ops->unfiltered(ifindex);
			else if (nlh->nlmsg_type == RTM_NEWLINK && link_parse(nlh, &link))
				ops->changed(&link);
			else if (nlh->nlmsg_type == RTM_DELLINK && link_parse(nlh, &link))
				ops->gone(link.ifindex);
		}
	}
}

bool links_find(const char *name, struct link_info *link)
{
	struct links links = { 0 };
	bool found = false;

	links_dump(&links);
	for (size_t i = 0; i < links.count && !found; i++) {
		found = !strcmp(links.link[i].name, name);
		*link = links.link[i];
	}
	free(links.link);
	return found;
}

const char *link_refusal(const struct link_info *link)
{
	if (link->flags & IFF_LOOPBACK)
		return "a loopback device has no stations (name an Ethernet interface)";
	if (link->type != ARPHRD_ETHER)
		return "not an Ethernet device";
	if (!strcmp(link->kind, "vrf"))
		return "a VRF device sees what its ports have received; count its ports";
	if (!strcmp(link->kind, "ifb"))
		return "an ifb device gets frames that were counted where they came in; count that interface";
	return NULL;
}
