// SPDX-License-Identifier: GPL-2.0
/*
 * The module, where it is loaded as well: no interface is counted by both.
 * Copyright (C) the l2packet_counter authors
 *
 * The module knows nothing of this process, so that this process makes way. The kernel
 * reports families of generic netlink that appear and disappear, after the module's first
 * ports were added. Its events are not subscribed to: a listener makes the module search
 * for new stations.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/genetlink.h>

#include "run/links.h"
#include "run/module.h"
#include "source/source.h"

static int watch_fd = -1;
static struct ports ports;

void module_read(void)
{
	engine_ports(ENGINE_MODULE, &ports);
}

void module_forget(void)
{
	ports_free(&ports);
	ports = (struct ports){ 0 };
}

bool module_has(const struct link_info *link)
{
	for (size_t i = 0; i < ports.count; i++)
		/* Of a device that was just renamed, the module may still have the old name. */
		if (ports.port[i].value[L2PC_A_PORT_IFINDEX] == (uint64_t)link->ifindex ||
		    !strcmp(ports.port[i].ifname, link->name))
			return true;
	return false;
}

bool module_counts(const struct link_info *link)
{
	bool counts;

	module_read();
	counts = module_has(link);
	module_forget();
	return counts;
}

int module_watch(void)
{
	/* nlctrl's group "notify" has a fixed id. */
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = 1U << (GENL_ID_CTRL - 1) };

	watch_fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_GENERIC);
	if (watch_fd < 0 || bind(watch_fd, (const struct sockaddr *)&address, sizeof(address)))
		return -errno;
	return watch_fd;
}

/* Check whether a message says that the family l2pc appeared or disappeared. */
static bool is_family(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *name;

	if (nlh->nlmsg_type != GENL_ID_CTRL || mnl_nlmsg_get_payload_len(nlh) < GENL_HDRLEN ||
	    (genl->cmd != CTRL_CMD_NEWFAMILY && genl->cmd != CTRL_CMD_DELFAMILY))
		return false;
	name = nl_find(nlh, GENL_HDRLEN, CTRL_ATTR_FAMILY_NAME);
	return name && mnl_attr_validate(name, MNL_TYPE_NUL_STRING) >= 0 &&
	       !strcmp(mnl_attr_get_str(name), L2PC_FAMILY_NAME);
}

bool module_changed(void)
{
	static char buffer[NL_BUFFER];
	bool changed = false;
	ssize_t size;

	for (;;) {
		const struct nlmsghdr *nlh = (const struct nlmsghdr *)buffer;
		int left;

		size = recv(watch_fd, buffer, sizeof(buffer), 0);
		if (size < 0 && errno == EINTR)
			continue;
		/* Messages were lost. */
		if (size < 0 && errno == ENOBUFS) {
			changed = true;
			continue;
		}
		if (size <= 0)
			return changed;
		left = (int)size;
		for (; nl_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left))
			changed |= is_family(nlh);
	}
}
