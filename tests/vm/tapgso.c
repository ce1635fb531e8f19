// SPDX-License-Identifier: GPL-2.0
/*
 * Writes super-packets into a tap device, as a virtual machine does: with a size of
 * their segments, and no number.
 * Copyright (C) the l2packet_counter authors
 *
 * usage: tapgso DEV PACKETS SEGMENTS SIZE MORE
 * The device is made, and goes when the program ends: it waits until its input
 * ends. Each super-packet has SEGMENTS segments of SIZE bytes, and MORE bytes for
 * one at the end, behind 54 bytes of headers, from 02:00:00:00:00:01.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define HEADERS	54	/* Ethernet 14, IPv4 20, TCP 20 */

static void die(const char *what)
{
	fprintf(stderr, "tapgso: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint16_t ip_checksum(const uint8_t *header)
{
	uint32_t sum = 0;
	int i;

	for (i = 0; i < 20; i += 2)
		sum += header[i] << 8 | header[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

int main(int argc, char **argv)
{
	static const uint8_t addresses[] = {
		0x02, 0xff, 0xff, 0xff, 0xff, 0x01, 0x02, 0, 0, 0, 0, 0x01, 0x08, 0x00,
	};
	static uint8_t packet[sizeof(struct virtio_net_hdr) + 65535];
	struct virtio_net_hdr *virtio = (struct virtio_net_hdr *)packet;
	uint8_t *frame = packet + sizeof(*virtio);
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	unsigned int packets, segments, size, length;
	char command[128];
	uint16_t checksum;
	int fd;

	if (argc != 6)
		die("usage: tapgso DEV PACKETS SEGMENTS SIZE MORE");
	packets = atoi(argv[2]);
	segments = atoi(argv[3]);
	size = atoi(argv[4]);
	length = HEADERS + segments * size + atoi(argv[5]);
	fd = open("/dev/net/tun", O_RDWR);
	strncpy(request.ifr_name, argv[1], IFNAMSIZ - 1);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &request))
		die("tap");
	snprintf(command, sizeof(command), "ip link set %s up addrgenmode none", argv[1]);
	if (system(command))
		die(command);
	printf("ready\n");
	fflush(stdout);
	/* A line on stdin: send. */
	if (getchar() == EOF)
		return 0;

	virtio->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	virtio->gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
	virtio->hdr_len = HEADERS;
	virtio->gso_size = size;
	virtio->csum_start = 34;
	virtio->csum_offset = 16;
	memcpy(frame, addresses, sizeof(addresses));
	frame[14] = 0x45;
	frame[16] = (length - 14) >> 8;
	frame[17] = (length - 14) & 0xff;
	frame[22] = 64;
	frame[23] = 6;
	memcpy(frame + 26, (uint8_t[]){ 198, 51, 100, 2, 198, 51, 100, 1 }, 8);
	checksum = ip_checksum(frame + 14);
	frame[24] = checksum >> 8;
	frame[25] = checksum & 0xff;
	frame[46] = 0x50;
	frame[47] = 0x10;
	while (packets--)
		if (write(fd, packet, sizeof(*virtio) + length) < 0)
			die("write");
	printf("sent\n");
	fflush(stdout);
	while (getchar() != EOF)
		;
	return 0;
}
