// SPDX-License-Identifier: GPL-2.0
/*
 * Alternative names of interfaces, by rtnetlink.
 * Copyright (C) the l2packet_counter authors
 *
 * if_nametoindex() finds alternative names as well, but only those that an interface's own
 * name could be: up to 15 characters.
 */
#include <stdio.h>
#include <string.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "source/altname.h"
#include "source/netlink.h"
#include "util/files.h"

/* Since Linux 5.5; older headers do not have them. */
#define PROP_LIST	52
#define ALT_IFNAME	53

struct search {
	const char *name;
	char *own;
	bool found;
};

static bool attr_equal(const struct nlattr *attr, const char *text)
{
	size_t size = mnl_attr_get_payload_len(attr);
	const char *payload = mnl_attr_get_payload(attr);

	return strnlen(payload, size) == strlen(text) && !memcmp(payload, text, strlen(text));
}

static void on_link(const struct nlmsghdr *nlh, void *data)
{
	const size_t header = sizeof(struct ifinfomsg);
	const struct nlattr *list, *attr, *name;
	struct search *search = data;

	if (nlh->nlmsg_type != RTM_NEWLINK || mnl_nlmsg_get_payload_len(nlh) < header)
		return;
	list = nl_find(nlh, header, PROP_LIST);
	name = nl_find(nlh, header, IFLA_IFNAME);
	if (!list || !name || search->found)
		return;
	mnl_attr_for_each_nested(attr, list) {
		if (mnl_attr_get_type(attr) != ALT_IFNAME || !attr_equal(attr, search->name))
			continue;
		snprintf(search->own, IF_NAMESIZE, "%.*s", (int)mnl_attr_get_payload_len(name),
			 (const char *)mnl_attr_get_payload(name));
		search->found = true;
	}
}

static void reset_search(void *data)
{
	((struct search *)data)->found = false;
}

bool altname_find(const char *name, char own[IF_NAMESIZE])
{
	static const struct ifinfomsg links;
	struct search search = { .name = name, .own = own };

	if (sysfs_exists(name, "") ||
	    nl_dump_other(NETLINK_ROUTE, RTM_GETLINK, &links, sizeof(links), on_link,
			  reset_search, &search))
		return false;
	return search.found;
}
