// SPDX-License-Identifier: GPL-2.0
/*
 * Sends frames around the interface's queue: a packet socket with PACKET_QDISC_BYPASS.
 * Copyright (C) the l2packet_counter authors
 *
 * usage: bypass DEV N
 * N frames of 60 bytes to 02:00:00:00:00:0b, from 02:00:00:00:00:01.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
	static const unsigned char frame[60] = { 2, 0, 0, 0, 0, 0x0b, 2, 0, 0, 0, 0, 1, 0x88, 0xb5 };
	int fd = socket(AF_PACKET, SOCK_RAW, 0), one = 1, i;
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_halen = ETH_ALEN };

	if (argc != 3)
		return 2;
	to.sll_ifindex = if_nametoindex(argv[1]);
	if (fd < 0 || !to.sll_ifindex ||
	    setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one)))
		goto error;
	for (i = 0; i < atoi(argv[2]); i++)
		while (sendto(fd, frame, sizeof(frame), 0, (struct sockaddr *)&to, sizeof(to)) < 0)
			if (errno != ENOBUFS)
				goto error;
	return 0;

error:
	fprintf(stderr, "bypass: %s: %s\n", argv[1], strerror(errno));
	return 1;
}
