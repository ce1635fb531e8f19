// SPDX-License-Identifier: GPL-2.0
/*
 * Counts the frames that an interface receives, with a packet socket: frames and bytes
 * by station and VLAN.
 * Copyright (C) the l2packet_counter authors
 *
 * usage: framecount DEV
 * Prints `ready` when counting has started. At SIGTERM prints a line `MAC VLAN FRAMES
 * BYTES` for each source address and VLAN, unsorted; VLAN is `-` for untagged frames and
 * for VLAN 0, a priority tag. Frames that this machine sends, and frames from or to group
 * addresses, are not counted. Exits with status 1 when the kernel dropped frames because
 * the socket's buffer was full.
 */
#define _GNU_SOURCE

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ETH_P_ALL	0x0003
#define BATCH		64
#define HEADER		14
#define ROWS_MAX	1024
#define ROOM		(64 << 20)
#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif

struct row {
	uint8_t mac[6];
	int vlan;			/* -1: none */
	unsigned long frames, bytes;
};

static struct row rows[ROWS_MAX];
static unsigned int rows_used;
static volatile sig_atomic_t end;

static void on_signal(int number)
{
	end = number;
}

static void die(const char *what)
{
	fprintf(stderr, "framecount: %s: %s\n", what, strerror(errno));
	exit(2);
}

static int open_socket(const char *dev)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = if_nametoindex(dev),
	};
	/* Protocol 0: the socket receives nothing before bind(). */
	int one = 1, room = ROOM, sock = socket(AF_PACKET, SOCK_RAW, 0);

	if (sock < 0 || !address.sll_ifindex)
		die(dev);
	if (setsockopt(sock, SOL_PACKET, PACKET_AUXDATA, &one, sizeof(one)) ||
	    setsockopt(sock, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof(one)) ||
	    setsockopt(sock, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)))
		die("setsockopt");
	if (bind(sock, (struct sockaddr *)&address, sizeof(address)))
		die("bind");
	return sock;
}

static struct row *find_row(const uint8_t *mac, int vlan)
{
	unsigned int i;

	for (i = 0; i < rows_used; i++)
		if (!memcmp(rows[i].mac, mac, 6) && rows[i].vlan == vlan)
			return &rows[i];
	if (rows_used == ROWS_MAX) {
		fputs("framecount: too many stations\n", stderr);
		exit(2);
	}
	memcpy(rows[rows_used].mac, mac, 6);
	rows[rows_used].vlan = vlan;
	return &rows[rows_used++];
}

static const struct tpacket_auxdata *find_auxdata(struct msghdr *message)
{
	struct cmsghdr *cmsg;

	for (cmsg = CMSG_FIRSTHDR(message); cmsg; cmsg = CMSG_NXTHDR(message, cmsg))
		if (cmsg->cmsg_level == SOL_PACKET && cmsg->cmsg_type == PACKET_AUXDATA)
			return (const void *)CMSG_DATA(cmsg);
	return NULL;
}

static void count_frame(const uint8_t *frame, const struct tpacket_auxdata *aux)
{
	unsigned int bytes = aux->tp_len;
	struct row *row;
	int vlan = -1;

	if ((frame[0] | frame[6]) & 1)
		return;
	if (aux->tp_status & TP_STATUS_VLAN_VALID) {
		bytes += 4;
		vlan = aux->tp_vlan_tci & 0xfff ?: -1;
	}
	row = find_row(frame + 6, vlan);
	row->frames++;
	row->bytes += bytes;
}

/* Count the next frames; return whether there were any. */
static int receive(int sock)
{
	static uint8_t frames[BATCH][HEADER];
	static union {
		struct cmsghdr align;
		char text[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	} control[BATCH];
	struct sockaddr_ll from[BATCH];
	struct mmsghdr messages[BATCH];
	struct iovec vectors[BATCH];
	int i, got;

	for (i = 0; i < BATCH; i++) {
		vectors[i] = (struct iovec){ .iov_base = frames[i], .iov_len = HEADER };
		messages[i].msg_hdr = (struct msghdr){
			.msg_name = &from[i],
			.msg_namelen = sizeof(from[i]),
			.msg_iov = &vectors[i],
			.msg_iovlen = 1,
			.msg_control = &control[i],
			.msg_controllen = sizeof(control[i]),
		};
	}
	got = recvmmsg(sock, messages, BATCH, MSG_DONTWAIT, NULL);
	/* ENETDOWN is reported once when the device goes down. */
	if (got < 0)
		return errno != EAGAIN && errno != EINTR && errno != ENETDOWN ? die("receive"), 0 : 0;
	for (i = 0; i < got; i++) {
		const struct tpacket_auxdata *aux = find_auxdata(&messages[i].msg_hdr);

		if (from[i].sll_pkttype != PACKET_OUTGOING && aux)
			count_frame(frames[i], aux);
	}
	return got > 0;
}

int main(int argc, char **argv)
{
	struct tpacket_stats stats;
	socklen_t size = sizeof(stats);
	struct pollfd wait = { .events = POLLIN };
	unsigned int i;

	if (argc != 2) {
		fputs("usage: framecount DEV\n", stderr);
		return 2;
	}
	signal(SIGTERM, on_signal);
	wait.fd = open_socket(argv[1]);
	puts("ready");
	fflush(stdout);
	while (!end) {
		poll(&wait, 1, 100);
		while (receive(wait.fd) && !end)
			;
	}
	while (receive(wait.fd))
		;
	for (i = 0; i < rows_used; i++) {
		const uint8_t *mac = rows[i].mac;
		char vlan[16] = "-";

		if (rows[i].vlan >= 0)
			snprintf(vlan, sizeof(vlan), "%d", rows[i].vlan);
		printf("%02x:%02x:%02x:%02x:%02x:%02x %s %lu %lu\n", mac[0], mac[1], mac[2], mac[3], mac[4],
		       mac[5], vlan, rows[i].frames, rows[i].bytes);
	}
	if (getsockopt(wait.fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size))
		die("statistics");
	if (!stats.tp_drops)
		return 0;
	fprintf(stderr, "framecount: the kernel dropped %u frames\n", stats.tp_drops);
	return 1;
}
