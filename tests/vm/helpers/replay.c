// SPDX-License-Identifier: GPL-2.0
/*
 * Sends the frames of a capture, or of hexadecimal lines, out of an interface.
 * Copyright (C) the l2packet_counter authors
 *
 * usage: replay DEV FILE.pcap   a classic pcap file, Ethernet, either byte order
 *        replay DEV -           one frame a line from stdin: hex digits, blanks are
 *                               ignored, xN at the end repeats the frame N times,
 *                               short frames are padded with 0 to 60 bytes
 * Prints the number of frames sent.
 */
#include <arpa/inet.h>
#include <byteswap.h>
#include <ctype.h>
#include <errno.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ETH_P_ALL	0x0003
#define FRAME_MAX	262144

static unsigned char frame[FRAME_MAX];
static unsigned long sent;
static int sock;

static void die(const char *what)
{
	fprintf(stderr, "replay: %s\n", what);
	exit(1);
}

static void send_frame(size_t length)
{
	/* The receiver's queue may be full temporarily. */
	while (send(sock, frame, length, 0) < 0) {
		if (errno != ENOBUFS && errno != EAGAIN)
			die(strerror(errno));
		usleep(1000);
	}
	sent++;
}

static void from_pcap(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint32_t header[6], record[4];
	int swapped;

	if (!file)
		die(strerror(errno));
	if (fread(header, sizeof(header), 1, file) != 1)
		die("not a pcap file");
	swapped = header[0] == bswap_32(0xa1b2c3d4) ||
		  header[0] == bswap_32(0xa1b23c4d);
	if (!swapped && header[0] != 0xa1b2c3d4 && header[0] != 0xa1b23c4d)
		die("not a classic pcap file");
	if ((swapped ? bswap_32(header[5]) : header[5]) != 1)
		die("not an Ethernet capture");
	while (fread(record, sizeof(record), 1, file) == 1) {
		uint32_t length = swapped ? bswap_32(record[2]) : record[2];

		if (length > sizeof(frame) || fread(frame, length, 1, file) != 1)
			die("truncated pcap file");
		send_frame(length);
	}
	fclose(file);
}

static void from_hex(void)
{
	static char text[2 * FRAME_MAX];

	while (fgets(text, sizeof(text), stdin)) {
		unsigned long times = 1;
		size_t length = 0;
		char *at;

		memset(frame, 0, 60);
		for (at = text; *at && *at != '\n' && *at != '#';) {
			unsigned int octet;

			if (isspace((unsigned char)*at)) {
				at++;
			} else if (*at == 'x') {
				times = strtoul(at + 1, &at, 10);
			} else if (sscanf(at, "%2x", &octet) == 1) {
				frame[length++] = octet;
				at += 2;
			} else {
				die("not hexadecimal");
			}
		}
		if (!length)
			continue;
		while (times--)
			send_frame(length < 60 ? 60 : length);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET };

	if (argc != 3) {
		fprintf(stderr, "usage: replay DEV FILE.pcap|-\n");
		return 2;
	}
	address.sll_ifindex = if_nametoindex(argv[1]);
	address.sll_protocol = htons(ETH_P_ALL);
	/* Protocol 0: this socket receives nothing. */
	sock = socket(AF_PACKET, SOCK_RAW, 0);
	if (sock < 0 || !address.sll_ifindex ||
	    bind(sock, (struct sockaddr *)&address, sizeof(address)))
		die(strerror(errno));
	if (strcmp(argv[2], "-"))
		from_pcap(argv[2]);
	else
		from_hex();
	printf("%lu\n", sent);
	return 0;
}
