// SPDX-License-Identifier: GPL-2.0
/*
 * Starts dumps of stations and does not read them to their ends.
 * Copyright (C) the l2packet_counter authors
 *
 * usage: halfdump N [rest]
 * Opens N sockets, requests a dump of all stations on each, and reads one buffer of
 * each. Prints how many dumps began and how many were refused, with the last error.
 * Holds the dumps until it is killed or stdin ends. Then, with rest, reads the last dump
 * to its end, and prints whether the dump was flagged as interrupted.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "genl.h"

static void die(const char *what)
{
	fprintf(stderr, "halfdump: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int netlink_socket(void)
{
	int fd = genl_socket();

	if (fd < 0)
		die("socket");
	return fd;
}

static void read_rest(int fd)
{
	static char answer[32768] __attribute__((aligned(NLMSG_ALIGNTO)));
	int interrupted = 0, messages = 0, size;
	const struct nlmsghdr *nlh;

	for (;;) {
		size = recv(fd, answer, sizeof(answer), 0);
		if (size < 0)
			die("rest");
		for (nlh = (const void *)answer; NLMSG_OK(nlh, size); nlh = NLMSG_NEXT(nlh, size)) {
			interrupted |= nlh->nlmsg_flags & NLM_F_DUMP_INTR;
			if (nlh->nlmsg_type == NLMSG_DONE || nlh->nlmsg_type == NLMSG_ERROR) {
				printf("%d more, %sinterrupted\n", messages, interrupted ? "" : "not ");
				return;
			}
			messages++;
		}
	}
}

int main(int argc, char **argv)
{
	struct rlimit limit = { 65536, 65536 };
	int n = argc > 1 ? atoi(argv[1]) : 1, began = 0, refused = 0, reason = 0, last = -1, i;
	int asking = netlink_socket();
	uint16_t family;

	setrlimit(RLIMIT_NOFILE, &limit);
	family = genl_family(asking);
	close(asking);
	if (!family) {
		errno = ENOENT;
		die("family l2pc");
	}
	for (i = 0; i < n; i++) {
		int fd = netlink_socket();
		char answer[8192];
		struct nlmsghdr *nlh = (struct nlmsghdr *)answer;
		int error = 0;

		if (genl_dump(fd, family, L2PC_CMD_STATION_GET) ||
		    recv(fd, answer, sizeof(answer), 0) < 0)
			die("dump");
		if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE)
			error = -*(int *)NLMSG_DATA(nlh);
		if (error) {
			refused++;
			reason = error;
			close(fd);
		} else {
			began++;
			last = fd;
		}
	}
	printf("began %d, refused %d%s%s\n", began, refused, refused ? ": " : "",
	       refused ? strerror(reason) : "");
	fflush(stdout);
	while (getchar() != EOF)
		;
	if (argc > 2 && last >= 0)
		read_rest(last);
	return 0;
}
