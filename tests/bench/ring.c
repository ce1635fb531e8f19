// SPDX-License-Identifier: GPL-2.0
/*
 * ring DEV: a capture, to compare the tap with: a packet socket with a mapped ring that
 * gets the first 64 bytes of every frame, received or sent. No program reads the ring
 * during a measurement; it has capacity for all frames. Prints `ready`. On SIGTERM it
 * prints the number of frames received and of frames dropped for lack of capacity, with
 * status 1 if any were dropped.
 * Copyright (C) the l2packet_counter authors
 */
#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define SNAPLEN		64
#define FRAME_SIZE	256
#define FRAMES		(1 << 18)
#define BLOCK_SIZE	(1 << 18)

static void check(int failed, const char *what)
{
	if (!failed)
		return;
	perror(what);
	exit(2);
}

int main(int argc, char **argv)
{
	struct sock_filter take[] = { BPF_STMT(BPF_RET | BPF_K, SNAPLEN) };
	struct sock_fprog filter = { 1, take };
	struct tpacket_req ring = {
		.tp_block_size = BLOCK_SIZE,
		.tp_block_nr = (unsigned int)((size_t)FRAME_SIZE * FRAMES / BLOCK_SIZE),
		.tp_frame_size = FRAME_SIZE,
		.tp_frame_nr = FRAMES,
	};
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	int version = TPACKET_V2, got, fd = socket(AF_PACKET, SOCK_RAW, 0);
	struct tpacket_stats stats;
	socklen_t size = sizeof(stats);
	sigset_t term;

	if (argc != 2 || !(at.sll_ifindex = (int)if_nametoindex(argv[1]))) {
		fprintf(stderr, "usage: ring DEV\n");
		return 2;
	}
	check(fd < 0, "socket");
	check(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)), "filter");
	check(setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)), "version");
	check(setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &ring, sizeof(ring)), "ring");
	check(mmap(NULL, (size_t)FRAME_SIZE * FRAMES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED, "mmap");
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	check(bind(fd, (struct sockaddr *)&at, sizeof(at)), "bind");
	puts("ready");
	fflush(stdout);
	sigwait(&term, &got);
	check(getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size), "statistics");
	printf("%u frames, %u without room\n", stats.tp_packets, stats.tp_drops);
	return stats.tp_drops != 0;
}
