// SPDX-License-Identifier: GPL-2.0
/* Devices of a namespace: each is added to the module when it appears. */
#include <errno.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>

#include "genl.h"

#include "count.h"

static struct link **link_find(struct ns *ns, int ifindex)
{
	struct link **at;

	for (at = &ns->links; *at && (*at)->ifindex != ifindex; at = &(*at)->next)
		;
	return at;
}

static void link_add(struct ns *ns, int ifindex, const char *ifname, const char *kind)
{
	struct link *link;
	char reason[256];
	int err;

	err = l2pc_request(ns->l2pc_fd, L2PC_CMD_PORT_ADD, ifname, reason);
	if (err == ENOSPC) {
		l2pc_prune(ns);
		err = l2pc_request(ns->l2pc_fd, L2PC_CMD_PORT_ADD, ifname, reason);
	}
	/* The device was deleted or renamed: another event follows. */
	if (err == ENODEV) {
		gone++;
		return;
	}
	/* A port without a device was waiting for this one. */
	if (!err || err == EEXIST)
		ports++;
	else
		printf("refused\t%s\t%s\t%s\t%s\n", ns->name, ifname, kind, reason);
	link = malloc(sizeof(*link));
	if (!link)
		die("memory");
	link->ifindex = ifindex;
	link->next = ns->links;
	ns->links = link;
}

static void link_message(struct ns *ns, const struct nlmsghdr *nlh)
{
	const struct ifinfomsg *info = NLMSG_DATA(nlh);
	int length = nlh->nlmsg_len - NLMSG_LENGTH(sizeof(*info)), nest_length = 0;
	const void *attrs = (const char *)info + NLMSG_ALIGN(sizeof(*info)), *nest;
	const char *ifname, *kind = NULL;
	char name[IFNAMSIZ], what[64];
	struct link **at;

	/* A bridge sends messages about its ports to the same group. */
	if (info->ifi_family != AF_UNSPEC)
		return;
	at = link_find(ns, info->ifi_index);
	if (nlh->nlmsg_type == RTM_DELLINK) {
		struct link *link = *at;

		if (link) {
			*at = link->next;
			free(link);
		}
		return;
	}
	ifname = attr_find(attrs, length, IFLA_IFNAME, NULL);
	if (*at || !ifname || info->ifi_type != ARPHRD_ETHER || info->ifi_flags & IFF_LOOPBACK)
		return;
	nest = attr_find(attrs, length, IFLA_LINKINFO, &nest_length);
	if (nest)
		kind = attr_find(nest, nest_length, IFLA_INFO_KIND, NULL);
	snprintf(name, sizeof(name), "%s", ifname);
	snprintf(what, sizeof(what), "%s", kind ? kind : "-");
	link_add(ns, info->ifi_index, name, what);
}

void link_dump(const struct ns *ns)
{
	const struct {
		struct nlmsghdr nlh;
		struct ifinfomsg info;
	} request = {
		.nlh = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = RTM_GETLINK,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
	};

	if (send(ns->link_fd, &request, sizeof(request), 0) < 0)
		die("links");
}

/*
 * Read from the socket: events, and the reply to a dump. Read until the dump's end with
 * @dump, else until the socket is empty.
 */
void link_read(struct ns *ns, bool dump)
{
	/* A buffer of its own: requests to the module are made during the loop. */
	static char events[65536] __attribute__((aligned(NLMSG_ALIGNTO)));
	const struct nlmsghdr *nlh;

	for (;;) {
		int size = recv(ns->link_fd, events, sizeof(events), dump ? 0 : MSG_DONTWAIT);

		if (size < 0 && errno == EAGAIN)
			return;
		/* Events were lost. */
		if (size < 0 && errno == ENOBUFS) {
			link_dump(ns);
			continue;
		}
		if (size < 0)
			die("events");
		for (nlh = (const void *)events; NLMSG_OK(nlh, size); nlh = NLMSG_NEXT(nlh, size)) {
			if (nlh->nlmsg_type == RTM_NEWLINK || nlh->nlmsg_type == RTM_DELLINK)
				link_message(ns, nlh);
			else if (dump && (nlh->nlmsg_type == NLMSG_DONE || nlh->nlmsg_type == NLMSG_ERROR))
				return;
		}
	}
}
