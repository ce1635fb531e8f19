/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Generic netlink without libmnl: a socket, family ids, and dumps of the family l2pc. The
 * guest's helpers are linked statically, and Debian has no static libmnl.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef GENL_H
#define GENL_H

#include <linux/genetlink.h>
#include <linux/l2packet_counter.h>
#include <linux/netlink.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

/* Open a socket connected to the kernel. Return -1 with errno on failure. */
static inline int genl_socket(void)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);

	return fd < 0 || connect(fd, (struct sockaddr *)&kernel, sizeof(kernel)) ? -1 : fd;
}

/* Return the reply to CTRL_CMD_GETFAMILY, or NULL if the family does not exist. */
static inline const struct nlmsghdr *genl_ask(int fd, const char *name)
{
	struct {
		struct nlmsghdr nlh;
		struct genlmsghdr genl;
		struct nlattr name;
		char text[GENL_NAMSIZ];
	} request = {
		.nlh = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = GENL_ID_CTRL,
			.nlmsg_flags = NLM_F_REQUEST,
		},
		.genl = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 },
		.name = {
			.nla_len = NLA_HDRLEN + GENL_NAMSIZ,
			.nla_type = CTRL_ATTR_FAMILY_NAME,
		},
	};
	static char reply[8192] __attribute__((aligned(NLMSG_ALIGNTO)));
	const struct nlmsghdr *nlh = (const void *)reply;

	strncpy(request.text, name, sizeof(request.text) - 1);
	if (send(fd, &request, sizeof(request), 0) < 0 || recv(fd, reply, sizeof(reply), 0) < 0 ||
	    nlh->nlmsg_type != GENL_ID_CTRL)
		return NULL;
	return nlh;
}

/* Return the first attribute of a type in a series, or NULL. */
static inline const struct nlattr *genl_find(const char *at, const char *end, uint16_t type)
{
	const struct nlattr *attribute;

	for (; at < end; at += NLA_ALIGN(attribute->nla_len)) {
		attribute = (const void *)at;
		if ((attribute->nla_type & NLA_TYPE_MASK) == type)
			return attribute;
	}
	return NULL;
}

/* Return the id of a family, or 0 if the family does not exist. */
static inline uint16_t genl_family_named(int fd, const char *name)
{
	const struct nlmsghdr *nlh = genl_ask(fd, name);
	const struct nlattr *id;

	if (!nlh)
		return 0;
	id = genl_find((const char *)nlh + NLMSG_HDRLEN + GENL_HDRLEN,
		       (const char *)nlh + nlh->nlmsg_len, CTRL_ATTR_FAMILY_ID);
	return id ? *(const uint16_t *)(id + 1) : 0;
}

/* Return the id of a family's only multicast group, or 0. */
static inline uint32_t genl_group(int fd, const char *name)
{
	const struct nlmsghdr *nlh = genl_ask(fd, name);
	const struct nlattr *groups, *group, *id;

	if (!nlh)
		return 0;
	groups = genl_find((const char *)nlh + NLMSG_HDRLEN + GENL_HDRLEN,
			   (const char *)nlh + nlh->nlmsg_len, CTRL_ATTR_MCAST_GROUPS);
	if (!groups)
		return 0;
	group = groups + 1;
	id = genl_find((const char *)(group + 1), (const char *)group + group->nla_len,
		       CTRL_ATTR_MCAST_GRP_ID);
	return id ? *(const uint32_t *)(id + 1) : 0;
}

/* Return the id of the family l2pc, or 0. */
static inline uint16_t genl_family(int fd)
{
	return genl_family_named(fd, L2PC_FAMILY_NAME);
}

/* Request a dump of the family l2pc. Return -1 with errno if sending failed. */
static inline int genl_dump(int fd, uint16_t family, uint8_t command)
{
	const struct {
		struct nlmsghdr nlh;
		struct genlmsghdr genl;
	} request = {
		.nlh = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = family,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
		.genl = { .cmd = command, .version = L2PC_FAMILY_VERSION },
	};

	return send(fd, &request, sizeof(request), 0) < 0 ? -1 : 0;
}

#endif /* GENL_H */
