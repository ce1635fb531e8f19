// SPDX-License-Identifier: GPL-2.0
/*
 * Counts the frames that an interface receives, by source address, with a packet socket.
 * Copyright (C) the l2packet_counter authors
 *
 * usage: wirecount DEV FILE
 * Creates an empty FILE when counting has started. On SIGTERM writes a line `MAC -
 * PACKETS BYTES` to FILE for each unicast source of unicast frames, sorted, in the format
 * of stations in tests/lib/guest/l2pc.sh. Writes the length of the longest frame to
 * FILE.longest. Bytes include a stripped tag. Exits with status 1 when the socket lost
 * frames.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define STATIONS	256
#define TAG		4
#define ROOM		(256 << 20)

static struct station {
	unsigned char mac[ETH_ALEN];
	unsigned long long packets, bytes;
} stations[STATIONS];
static int count;
static size_t longest;
static volatile sig_atomic_t stop;

static void on_signal(int number)
{
	(void)number;
	stop = 1;
}

static void die(const char *what)
{
	fprintf(stderr, "wirecount: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, ETH_ALEN);
}

static void add(const unsigned char *frame, size_t len)
{
	const unsigned char *source = frame + ETH_ALEN;
	int i;

	if ((frame[0] | source[0]) & 1)
		return;
	if (len > longest)
		longest = len;
	for (i = 0; i < count && memcmp(stations[i].mac, source, ETH_ALEN); i++)
		;
	if (i == count) {
		if (count == STATIONS)
			die("too many stations");
		memcpy(stations[count++].mac, source, ETH_ALEN);
	}
	stations[i].packets++;
	stations[i].bytes += len;
}

/* Count the next frame; return 0 when there is none. */
static int receive(int fd)
{
	static unsigned char frame[256], control[256];
	struct iovec part = { frame, sizeof(frame) };
	struct sockaddr_ll from;
	struct msghdr message = {
		.msg_name = &from, .msg_namelen = sizeof(from),
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	ssize_t len = recvmsg(fd, &message, MSG_TRUNC | MSG_DONTWAIT);
	struct tpacket_auxdata data;
	struct cmsghdr *c;

	if (len < 0)
		return 0;
	for (c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c))
		if (c->cmsg_level == SOL_PACKET && c->cmsg_type == PACKET_AUXDATA) {
			memcpy(&data, CMSG_DATA(c), sizeof(data));
			if (data.tp_status & TP_STATUS_VLAN_VALID)
				len += TAG;
		}
	if (from.sll_pkttype != PACKET_OUTGOING && len >= ETH_HLEN)
		add(frame, len);
	return 1;
}

static void report(const char *name)
{
	char path[256];
	FILE *file;
	int i, k;

	qsort(stations, count, sizeof(stations[0]), compare);
	file = fopen(name, "w");
	for (i = 0; file && i < count; i++) {
		for (k = 0; k < ETH_ALEN; k++)
			fprintf(file, "%s%02x", k ? ":" : "", stations[i].mac[k]);
		fprintf(file, " - %llu %llu\n", stations[i].packets, stations[i].bytes);
	}
	if (!file || fclose(file))
		die(name);
	snprintf(path, sizeof(path), "%s.longest", name);
	file = fopen(path, "w");
	if (!file || fprintf(file, "%zu\n", longest) < 0 || fclose(file))
		die(path);
}

int main(int argc, char **argv)
{
	int fd, one = 1, room = ROOM;
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	struct sigaction action = { .sa_handler = on_signal };
	struct tpacket_stats stats;
	socklen_t size = sizeof(stats);
	struct pollfd wait = { .events = POLLIN };
	FILE *file;

	if (argc != 3) {
		fprintf(stderr, "usage: wirecount DEV FILE\n");
		return 2;
	}
	fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
	wait.fd = fd;
	to.sll_ifindex = if_nametoindex(argv[1]);
	if (fd < 0 || !to.sll_ifindex ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &one, sizeof(one)) ||
	    bind(fd, (struct sockaddr *)&to, sizeof(to)))
		die(argv[1]);
	sigaction(SIGTERM, &action, NULL);
	file = fopen(argv[2], "w");
	if (!file || fclose(file))
		die(argv[2]);
	/* After SIGTERM, frames that have arrived are still counted. */
	while (receive(fd) || !stop)
		poll(&wait, 1, 100);
	if (getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size))
		die("statistics");
	close(fd);
	report(argv[2]);
	if (stats.tp_drops) {
		fprintf(stderr, "wirecount: %s: lost %u frames\n", argv[1], stats.tp_drops);
		return 1;
	}
	return 0;
}
