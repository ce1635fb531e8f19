// SPDX-License-Identifier: GPL-2.0
/*
 * A datapath of Open vSwitch with one port and no flows, without its daemon.
 * Copyright (C) the l2packet_counter authors
 *
 * usage: ovsport add DATAPATH DEV   creates the datapath, with DEV as its port
 *        ovsport missed DATAPATH    prints the number of packets without a flow
 *        ovsport del DATAPATH       deletes the datapath
 */
#include <errno.h>
#include <linux/openvswitch.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "genl.h"

struct request {
	struct nlmsghdr nlh;
	struct genlmsghdr genl;
	struct ovs_header ovs;
	char attributes[256];
};

static void die(const char *what)
{
	fprintf(stderr, "ovsport: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void put(struct request *request, int type, const void *value, size_t size)
{
	struct nlattr *attribute = (void *)((char *)request + NLMSG_ALIGN(request->nlh.nlmsg_len));

	attribute->nla_type = type;
	attribute->nla_len = NLA_HDRLEN + size;
	memcpy((char *)attribute + NLA_HDRLEN, value, size);
	request->nlh.nlmsg_len = NLMSG_ALIGN(request->nlh.nlmsg_len) + NLA_ALIGN(attribute->nla_len);
}

static void put_u32(struct request *request, int type, uint32_t value)
{
	put(request, type, &value, sizeof(value));
}

static struct request begin(int fd, const char *family, int cmd, int ifindex)
{
	struct request request = {
		.nlh = {
			.nlmsg_len = NLMSG_HDRLEN + GENL_HDRLEN + sizeof(struct ovs_header),
			.nlmsg_type = genl_family_named(fd, family),
			/* The reply to GET is the data; other commands only send an ACK. */
			.nlmsg_flags = NLM_F_REQUEST | (cmd == OVS_DP_CMD_GET ? 0 : NLM_F_ACK),
		},
		.genl = { .cmd = cmd, .version = OVS_DATAPATH_VERSION },
		.ovs = { .dp_ifindex = ifindex },
	};

	if (!request.nlh.nlmsg_type) {
		errno = ENOENT;
		die(family);
	}
	return request;
}

static char answer[8192] __attribute__((aligned(NLMSG_ALIGNTO)));

static void perform(int fd, const char *what, struct request *request)
{
	const struct nlmsghdr *nlh = (const void *)answer;
	const struct nlmsgerr *error = (const void *)(answer + NLMSG_HDRLEN);

	if (send(fd, request, request->nlh.nlmsg_len, 0) < 0 || recv(fd, answer, sizeof(answer), 0) < 0)
		die(what);
	if (nlh->nlmsg_type == NLMSG_ERROR && error->error) {
		errno = -error->error;
		die(what);
	}
}

static void add(int fd, const char *name, const char *dev)
{
	struct request request = begin(fd, OVS_DATAPATH_FAMILY, OVS_DP_CMD_NEW, 0);

	put(&request, OVS_DP_ATTR_NAME, name, strlen(name) + 1);
	put_u32(&request, OVS_DP_ATTR_UPCALL_PID, 0);
	perform(fd, name, &request);

	request = begin(fd, OVS_VPORT_FAMILY, OVS_VPORT_CMD_NEW, if_nametoindex(name));
	put(&request, OVS_VPORT_ATTR_NAME, dev, strlen(dev) + 1);
	put_u32(&request, OVS_VPORT_ATTR_TYPE, OVS_VPORT_TYPE_NETDEV);
	put_u32(&request, OVS_VPORT_ATTR_UPCALL_PID, 0);
	perform(fd, dev, &request);
}

static void missed(int fd, const char *name)
{
	struct request request = begin(fd, OVS_DATAPATH_FAMILY, OVS_DP_CMD_GET, if_nametoindex(name));
	const struct nlmsghdr *nlh = (const void *)answer;
	const struct nlattr *attribute;
	struct ovs_dp_stats stats;
	const char *at;

	perform(fd, name, &request);
	for (at = answer + NLMSG_HDRLEN + GENL_HDRLEN + sizeof(struct ovs_header);
	     at < answer + nlh->nlmsg_len; at += NLA_ALIGN(attribute->nla_len)) {
		attribute = (const void *)at;
		if (attribute->nla_type != OVS_DP_ATTR_STATS)
			continue;
		memcpy(&stats, at + NLA_HDRLEN, sizeof(stats));
		printf("%llu\n", (unsigned long long)stats.n_missed);
		return;
	}
	errno = ENODATA;
	die(name);
}

static void del(int fd, const char *name)
{
	struct request request = begin(fd, OVS_DATAPATH_FAMILY, OVS_DP_CMD_DEL, if_nametoindex(name));

	perform(fd, name, &request);
}

int main(int argc, char **argv)
{
	int fd = genl_socket();

	if (fd < 0)
		die("netlink");
	if (argc == 4 && !strcmp(argv[1], "add")) {
		add(fd, argv[2], argv[3]);
	} else if (argc == 3 && !strcmp(argv[1], "missed")) {
		missed(fd, argv[2]);
	} else if (argc == 3 && !strcmp(argv[1], "del")) {
		del(fd, argv[2]);
	} else {
		fputs("usage: ovsport add DATAPATH DEV | missed DATAPATH | del DATAPATH\n", stderr);
		return 2;
	}
	return 0;
}
