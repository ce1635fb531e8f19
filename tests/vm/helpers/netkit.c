// SPDX-License-Identifier: GPL-2.0
/*
 * Creates a pair of netkit devices in L2 mode, which iproute2 supports only since 6.7.
 * Copyright (C) the l2packet_counter authors
 *
 * usage: netkit NAME PEER
 */
#include <errno.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* include/uapi/linux/if_link.h of Linux 6.7 */
#define PEER_INFO	1
#define MODE		5
#define MODE_L2		0

static struct {
	struct nlmsghdr nlh;
	struct ifinfomsg info;
	char attributes[512];
} request = {
	.nlh = {
		.nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)),
		.nlmsg_type = RTM_NEWLINK,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL,
	},
};

static void *room(size_t size)
{
	void *at = (char *)&request + request.nlh.nlmsg_len;

	request.nlh.nlmsg_len += NLMSG_ALIGN(size);
	return at;
}

static struct rtattr *put(int type, const void *value, size_t size)
{
	struct rtattr *attribute = room(RTA_LENGTH(size));

	attribute->rta_type = type;
	attribute->rta_len = RTA_LENGTH(size);
	if (size)
		memcpy(RTA_DATA(attribute), value, size);
	return attribute;
}

/* End a nest, which contains the attributes that were put since its start. */
static void close_nest(struct rtattr *nest)
{
	nest->rta_len = (char *)&request + request.nlh.nlmsg_len - (char *)nest;
}

int main(int argc, char **argv)
{
	int sock = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	struct {
		struct nlmsghdr nlh;
		struct nlmsgerr error;
		char more[1024];
	} answer = {};
	struct rtattr *link, *data, *peer;
	uint32_t mode = MODE_L2;

	if (argc != 3) {
		fputs("usage: netkit NAME PEER\n", stderr);
		return 2;
	}
	put(IFLA_IFNAME, argv[1], strlen(argv[1]) + 1);
	link = put(IFLA_LINKINFO, NULL, 0);
	put(IFLA_INFO_KIND, "netkit", 6);
	data = put(IFLA_INFO_DATA, NULL, 0);
	put(MODE, &mode, sizeof(mode));
	peer = put(PEER_INFO, NULL, 0);
	room(sizeof(struct ifinfomsg));
	put(IFLA_IFNAME, argv[2], strlen(argv[2]) + 1);
	close_nest(peer);
	close_nest(data);
	close_nest(link);
	if (send(sock, &request, request.nlh.nlmsg_len, 0) < 0 || recv(sock, &answer, sizeof(answer), 0) < 0) {
		perror("netkit");
		return 1;
	}
	if (answer.error.error)
		fprintf(stderr, "netkit: %s\n", strerror(-answer.error.error));
	return !!answer.error.error;
}
