// SPDX-License-Identifier: GPL-2.0
/*
 * nldump: request all stations over netlink, and read the reply without parsing it. What
 * remains is the kernel's work. Prints the bytes and the ns.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
#include <time.h>

#include "genl.h"

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

int main(void)
{
	static char answer[1 << 18] __attribute__((aligned(NLMSG_ALIGNTO)));
	const struct nlmsghdr *nlh = (const void *)answer;
	unsigned long bytes = 0;
	int fd = genl_socket();
	uint16_t family;
	uint64_t begin;
	ssize_t size;

	if (fd < 0)
		return 1;
	family = genl_family(fd);
	if (!family)
		return 1;
	begin = now();
	if (genl_dump(fd, family, L2PC_CMD_STATION_GET))
		return 1;
	do {
		size = recv(fd, answer, sizeof(answer), 0);
		if (size < (ssize_t)sizeof(*nlh) || nlh->nlmsg_type == NLMSG_ERROR)
			return 1;
		bytes += size;
	} while (nlh->nlmsg_type != NLMSG_DONE);
	printf("%lu %llu\n", bytes, (unsigned long long)(now() - begin));
	return 0;
}
