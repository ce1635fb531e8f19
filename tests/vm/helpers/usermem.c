// SPDX-License-Identifier: GPL-2.0
/*
 * Sends frames from this process's memory, and waits until the kernel has released all
 * of it.
 * Copyright (C) the l2packet_counter authors
 *
 * usage: usermem ring DEV FRAMES           by a packet socket's PACKET_TX_RING: frames of
 *                                          1000 bytes from 02:00:00:00:00:01 to an unused
 *                                          address, with an unused EtherType
 *        usermem zerocopy ADDRESS FRAMES   by MSG_ZEROCOPY: UDP datagrams of 1400 bytes to
 *                                          port 5001, byte N of datagram M being N + M
 * Exits with status 1 when memory is not released within a minute.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/errqueue.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define SLOTS		64
#define SLOT		2048
#define FRAME		1000
#define DATAGRAM	1400
#define PATIENCE	600	/* times 100 ms */
#ifndef SO_ZEROCOPY
#define SO_ZEROCOPY	60
#endif
#ifndef MSG_ZEROCOPY
#define MSG_ZEROCOPY	0x4000000
#endif
#ifndef SO_EE_ORIGIN_ZEROCOPY
#define SO_EE_ORIGIN_ZEROCOPY 5
#endif

static void die(const char *what)
{
	fprintf(stderr, "usermem: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void wait_a_while(const char *what)
{
	static int waited;

	if (waited++ == PATIENCE) {
		fprintf(stderr, "usermem: %s was not released\n", what);
		exit(1);
	}
	usleep(100000);
}

static volatile struct tpacket2_hdr *slot_of(char *ring, unsigned int n)
{
	return (void *)(ring + n % SLOTS * SLOT);
}

static void send_slots(int sock)
{
	if (send(sock, NULL, 0, MSG_DONTWAIT) < 0 && errno != EAGAIN && errno != ENOBUFS)
		die("send");
}

static void by_ring(const char *dev, unsigned int frames)
{
	static const uint8_t header[14] = {
		0x02, 0xff, 0xff, 0xff, 0xff, 0x01, 0x02, 0, 0, 0, 0, 0x01, 0x88, 0xb5
	};
	struct tpacket_req request = {
		.tp_block_size = SLOTS * SLOT,
		.tp_block_nr = 1,
		.tp_frame_size = SLOT,
		.tp_frame_nr = SLOTS,
	};
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_ifindex = if_nametoindex(dev),
	};
	int version = TPACKET_V2, sock = socket(AF_PACKET, SOCK_RAW, 0);
	unsigned int i;
	char *ring;

	if (sock < 0 || setsockopt(sock, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)) ||
	    setsockopt(sock, SOL_PACKET, PACKET_TX_RING, &request, sizeof(request)))
		die("ring");
	ring = mmap(NULL, SLOTS * SLOT, PROT_READ | PROT_WRITE, MAP_SHARED, sock, 0);
	if (ring == MAP_FAILED || bind(sock, (struct sockaddr *)&address, sizeof(address)))
		die(dev);
	for (i = 0; i < frames; i++) {
		volatile struct tpacket2_hdr *slot = slot_of(ring, i);
		char *data = (char *)slot + TPACKET2_HDRLEN - sizeof(struct sockaddr_ll);

		while (slot->tp_status != TP_STATUS_AVAILABLE) {
			send_slots(sock);
			if (slot->tp_status != TP_STATUS_AVAILABLE)
				wait_a_while("a slot of the ring");
		}
		memcpy(data, header, sizeof(header));
		memset(data + sizeof(header), i, FRAME - sizeof(header));
		slot->tp_len = FRAME;
		__sync_synchronize();
		slot->tp_status = TP_STATUS_SEND_REQUEST;
		if (i % SLOTS == SLOTS - 1)
			send_slots(sock);
	}
	for (i = 0; i < SLOTS; i++)
		while (slot_of(ring, i)->tp_status != TP_STATUS_AVAILABLE) {
			send_slots(sock);
			if (slot_of(ring, i)->tp_status != TP_STATUS_AVAILABLE)
				wait_a_while("a slot of the ring");
		}
}

/* Return the number of sends that the kernel has completed. */
static unsigned int completed(int sock)
{
	unsigned int count = 0;
	char control[256];

	while (1) {
		struct msghdr message = { .msg_control = control, .msg_controllen = sizeof(control) };
		struct cmsghdr *cmsg;

		if (recvmsg(sock, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
			return count;
		for (cmsg = CMSG_FIRSTHDR(&message); cmsg; cmsg = CMSG_NXTHDR(&message, cmsg)) {
			const struct sock_extended_err *error = (const void *)CMSG_DATA(cmsg);

			if (error->ee_origin == SO_EE_ORIGIN_ZEROCOPY)
				count += error->ee_data - error->ee_info + 1;
		}
	}
}

static void by_zerocopy(const char *text, unsigned int frames)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(5001) };
	int one = 1, sock = socket(AF_INET, SOCK_DGRAM, 0);
	unsigned int i, n, done = 0;
	uint8_t *data = mmap(NULL, frames * DATAGRAM, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (sock < 0 || data == MAP_FAILED || inet_pton(AF_INET, text, &address.sin_addr) != 1 ||
	    setsockopt(sock, SOL_SOCKET, SO_ZEROCOPY, &one, sizeof(one)) ||
	    connect(sock, (struct sockaddr *)&address, sizeof(address)))
		die(text);
	for (i = 0; i < frames; i++) {
		for (n = 0; n < DATAGRAM; n++)
			data[i * DATAGRAM + n] = n + i;
		/* Unread completions count towards net.core.optmem_max. */
		while (send(sock, data + i * DATAGRAM, DATAGRAM, MSG_ZEROCOPY) != DATAGRAM) {
			if (errno != ENOBUFS)
				die("send");
			done += completed(sock);
			wait_a_while("a datagram's memory");
		}
	}
	while ((done += completed(sock)) < frames)
		wait_a_while("a datagram's memory");
}

int main(int argc, char **argv)
{
	if (argc != 4 || (strcmp(argv[1], "ring") && strcmp(argv[1], "zerocopy"))) {
		fputs("usage: usermem ring DEV FRAMES | zerocopy ADDRESS FRAMES\n", stderr);
		return 2;
	}
	if (argv[1][0] == 'r')
		by_ring(argv[2], atoi(argv[3]));
	else
		by_zerocopy(argv[2], atoi(argv[3]));
	return 0;
}
