// SPDX-License-Identifier: GPL-2.0
/*
 * Begins dumps of stations and does not read them to their ends.
 * Copyright (C) the l2packet_counter authors
 *
 * usage: halfdump N
 * Opens N sockets, asks each for all stations, reads one buffer of each. Prints how
 * many began and how many were refused, with the last reason. Holds them until it
 * is killed, or its input ends.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/l2packet_counter.h>

struct request {
	struct nlmsghdr nlh;
	struct genlmsghdr genl;
	char attributes[32];
};

static void die(const char *what)
{
	fprintf(stderr, "halfdump: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int netlink_socket(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)))
		die("socket");
	return fd;
}

/* The first buffer of the answer. */
static ssize_t ask(int fd, struct request *request, char *answer, size_t size)
{
	if (send(fd, request, request->nlh.nlmsg_len, 0) < 0)
		die("send");
	return recv(fd, answer, size, 0);
}

static uint16_t family(void)
{
	struct request request = {
		.nlh = { .nlmsg_type = GENL_ID_CTRL, .nlmsg_flags = NLM_F_REQUEST },
		.genl = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 },
	};
	struct nlattr *attribute = (struct nlattr *)request.attributes;
	int fd = netlink_socket();
	char answer[8192];
	struct nlmsghdr *nlh = (struct nlmsghdr *)answer;
	char *at, *end;
	ssize_t size;

	attribute->nla_type = CTRL_ATTR_FAMILY_NAME;
	attribute->nla_len = NLA_HDRLEN + sizeof(L2PC_FAMILY_NAME);
	memcpy((char *)attribute + NLA_HDRLEN, L2PC_FAMILY_NAME, sizeof(L2PC_FAMILY_NAME));
	request.nlh.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN) + NLA_ALIGN(attribute->nla_len);
	size = ask(fd, &request, answer, sizeof(answer));
	if (size < 0 || nlh->nlmsg_type == NLMSG_ERROR) {
		errno = ENOENT;
		die("family l2pc");
	}
	close(fd);
	end = answer + nlh->nlmsg_len;
	for (at = (char *)NLMSG_DATA(nlh) + GENL_HDRLEN; at < end;
	     at += NLA_ALIGN(((struct nlattr *)at)->nla_len))
		if (((struct nlattr *)at)->nla_type == CTRL_ATTR_FAMILY_ID)
			return *(uint16_t *)(at + NLA_HDRLEN);
	errno = EPROTO;
	die("family l2pc");
	return 0;
}

int main(int argc, char **argv)
{
	struct request request = {
		.nlh = {
			.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN),
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
		.genl = { .cmd = L2PC_CMD_STATION_GET, .version = 1 },
	};
	struct rlimit limit = { 65536, 65536 };
	int n = argc > 1 ? atoi(argv[1]) : 1, began = 0, refused = 0, reason = 0, i;

	setrlimit(RLIMIT_NOFILE, &limit);
	request.nlh.nlmsg_type = family();
	for (i = 0; i < n; i++) {
		int fd = netlink_socket();
		char answer[8192];
		struct nlmsghdr *nlh = (struct nlmsghdr *)answer;
		ssize_t size = ask(fd, &request, answer, sizeof(answer));
		int error = 0;

		if (size < 0)
			die("recv");
		if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE)
			error = -*(int *)NLMSG_DATA(nlh);
		if (error) {
			refused++;
			reason = error;
			close(fd);
		} else {
			began++;
		}
	}
	printf("began %d, refused %d%s%s\n", began, refused, refused ? ": " : "",
	       refused ? strerror(reason) : "");
	fflush(stdout);
	while (getchar() != EOF)
		;
	return 0;
}
