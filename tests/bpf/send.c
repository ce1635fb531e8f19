// SPDX-License-Identifier: GPL-2.0
/*
 * Sends known frames: send DEVICE STATIONS ROUNDS [FIRST [EACH]].
 * Copyright (C) the l2packet_counter authors
 *
 * In each round station n, from FIRST on, sends EACH or n % 7 + 1 frames of 60 + n % 1400 bytes
 * from 02:00 and n in big-endian order; at the end of all 3 broadcasts, 5 multicasts and 2
 * frames of a group's source. Prints `frames bytes`, without these ten.
 */
#define _GNU_SOURCE	/* sendmmsg */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define BATCH	64
#define FRAME	1600

static uint8_t frames[BATCH][FRAME];
static struct iovec vectors[BATCH];
static struct mmsghdr messages[BATCH];
static int count;

/* Send what is there; the device's queue may be full. */
static void flush_frames(int fd)
{
	for (int done = 0; done < count;) {
		int sent = sendmmsg(fd, messages + done, (unsigned int)(count - done), 0);

		if (sent < 0 && errno != ENOBUFS && errno != EAGAIN) {
			perror("send");
			exit(1);
		}
		done += sent > 0 ? sent : 0;
	}
	count = 0;
}

static uint8_t *frame_new(int fd, size_t len)
{
	uint8_t *frame;

	if (count == BATCH)
		flush_frames(fd);
	frame = frames[count];
	memset(frame, 0, ETH_ZLEN);
	memcpy(frame, "\x02\xff\0\0\0\1\2", 7);
	frame[12] = 0x88;
	frame[13] = 0xb5;
	vectors[count] = (struct iovec){ frame, len };
	messages[count].msg_hdr = (struct msghdr){ .msg_iov = &vectors[count], .msg_iovlen = 1 };
	count++;
	return frame;
}

int main(int argc, char **argv)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET };
	uint32_t stations = argc > 2 ? (uint32_t)atoi(argv[2]) : 0;
	uint32_t rounds = argc > 3 ? (uint32_t)atoi(argv[3]) : 0;
	uint32_t first = argc > 4 ? (uint32_t)atoi(argv[4]) : 0;
	uint32_t each = argc > 5 ? (uint32_t)atoi(argv[5]) : 0;
	uint64_t sent = 0, bytes = 0;
	int fd = socket(AF_PACKET, SOCK_RAW, 0), on = 1;

	address.sll_ifindex = argc > 1 ? (int)if_nametoindex(argv[1]) : 0;
	if (!rounds || !address.sll_ifindex) {
		fputs("usage: send DEVICE STATIONS ROUNDS [FIRST [EACH]]\n", stderr);
		return 2;
	}
	if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof(address))) {
		perror("bind");
		return 1;
	}
	setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof(on));
	for (uint32_t round = 0; round < rounds; round++)
		for (uint32_t n = first; n < first + stations; n++)
			for (uint32_t i = 0; i < (each ? each : n % 7 + 1); i++) {
				uint32_t len = 60 + n % 1400, order = htonl(n);

				memcpy(frame_new(fd, len) + 8, &order, sizeof(order));
				sent++;
				bytes += len;
			}
	for (int i = 0; i < 10; i++) {
		uint8_t *frame = frame_new(fd, ETH_ZLEN);

		if (i < 3)
			memset(frame, 0xff, 6);
		else if (i < 8)
			frame[0] = 1;
		else
			frame[6] = 3;
	}
	flush_frames(fd);
	printf("%llu %llu\n", (unsigned long long)sent, (unsigned long long)bytes);
	return 0;
}
