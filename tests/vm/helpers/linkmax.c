// SPDX-License-Identifier: GPL-2.0
/*
 * Sets the maximum size of an interface's super-packets, as `ip link set` of newer
 * iproute2 does.
 * Copyright (C) the l2packet_counter authors
 *
 * usage: linkmax gso|gro DEV BYTES
 * Exits with status 1 when the kernel refuses the size.
 */
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* IFLA_GSO_MAX_SIZE of 4.19 and IFLA_GRO_MAX_SIZE of 5.19; older headers lack them. */
#define GSO_MAX_SIZE_ATTRIBUTE	41
#define GRO_MAX_SIZE_ATTRIBUTE	58

int main(int argc, char **argv)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
		struct rtattr attribute;
		unsigned int value;
	} request = {
		.header = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = RTM_NEWLINK,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		},
		.attribute.rta_len = RTA_LENGTH(sizeof(request.value)),
	};
	static union {
		struct {
			struct nlmsghdr header;
			struct nlmsgerr error;
		} is;
		char bytes[4096];
	} answer;
	int fd;

	if (argc != 4) {
		fprintf(stderr, "usage: linkmax gso|gro DEV BYTES\n");
		return 2;
	}
	fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	request.attribute.rta_type = strcmp(argv[1], "gro") ? GSO_MAX_SIZE_ATTRIBUTE :
							     GRO_MAX_SIZE_ATTRIBUTE;
	request.link.ifi_index = if_nametoindex(argv[2]);
	request.value = atoi(argv[3]);
	if (fd < 0 || !request.link.ifi_index ||
	    send(fd, &request, sizeof(request), 0) < 0 ||
	    recv(fd, answer.bytes, sizeof(answer.bytes), 0) < (ssize_t)sizeof(answer.is)) {
		perror("linkmax");
		return 1;
	}
	if (answer.is.header.nlmsg_type == NLMSG_ERROR && answer.is.error.error) {
		fprintf(stderr, "linkmax: %s\n", strerror(-answer.is.error.error));
		return 1;
	}
	close(fd);
	return 0;
}
