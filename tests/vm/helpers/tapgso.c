// SPDX-License-Identifier: GPL-2.0
/*
 * Writes frames with a virtio header, as a virtual machine does. The header's
 * description of headers and segments may be wrong.
 * Copyright (C) the l2packet_counter authors
 *
 * usage: tapgso tap|tunnel|packet DEV
 * tap: DEV is created, and deleted when the program ends. tunnel: as tap, with the
 * virtio header of tunnels (Linux 7.x); exits with status 3 where the kernel does not
 * support it. packet: a packet socket sends on DEV.
 *
 * Prints `ready`, then reads lines `NAME CHAIN KEY=VALUE...` from stdin. For each line
 * prints `NAME MAC LENGTH ok` or `NAME MAC LENGTH ERROR`. Exits at the end of stdin.
 *
 * CHAIN lists the headers behind the Ethernet header, outermost first, separated by
 * commas, with a length where it varies: tag ip4[:20] ip6 hop[:8] dst[:8] frag jumbo
 * tcp[:20] udp sctp vxlan eth gre mpls nsh arp. Keys, with defaults in parentheses:
 *   mac=N      last byte of the source address (1)
 *   len=N      length of the whole frame (1514)
 *   n=N        how often the frame is sent (1)
 *   type=N     VIRTIO_NET_HDR_GSO_* (0)    size=N   gso_size (0)
 *   flags=N    (1: needs a checksum)       cs=N     csum_start (the last header)
 *   co=N       csum_offset (that of the last header)
 *   th=N nh=N  tunnel's transport and inner network header (their real offsets)
 *   at=N byte=N   sets the byte at an offset of the frame
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define FRAME_MAX	(8 << 20)
#define VIRTIO_PLAIN	10	/* struct virtio_net_hdr */
#define VIRTIO_TUNNEL	24	/* struct virtio_net_hdr_v1_hash_tunnel */
#define TUNNEL_TH	20	/* outer_th_offset there */
#define TUNNEL_NH	22	/* inner_nh_offset */
/* TUN_F_UDP_TUNNEL_GSO and TUN_F_UDP_TUNNEL_GSO_CSUM of 6.17; older headers lack them. */
#define OFFLOAD_TUNNEL	(0x80 | 0x100)
#define OFFLOADS	(0x1f | 0x20 | 0x40)	/* checksum, TSO, UFO, USO */

static uint8_t packet[VIRTIO_TUNNEL + FRAME_MAX];
static unsigned int header_size = VIRTIO_PLAIN;

static struct {
	uint8_t *bytes;
	unsigned int len, at;
	/* Where the EtherType or protocol of the next header is stored. */
	uint8_t *type, *protocol;
	unsigned int transport, checksum;
	unsigned int outer_transport, inner_network;
} frame;

static void die(const char *what)
{
	fprintf(stderr, "tapgso: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void put16(uint8_t *to, unsigned int value)
{
	to[0] = value >> 8;
	to[1] = value;
}

static uint16_t ip_checksum(const uint8_t *header, unsigned int len)
{
	uint32_t sum = 0;
	unsigned int i;

	for (i = 0; i < len; i += 2)
		sum += header[i] << 8 | header[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static long value_of(const char *line, const char *key, long otherwise)
{
	const char *found = line;
	size_t len = strlen(key);

	while ((found = strstr(found, key))) {
		if (found[-1] == ' ' && found[len] == '=')
			return strtol(found + len + 1, NULL, 0);
		found += len;
	}
	return otherwise;
}

/* Store the type of the header that starts here in the previous header. */
static void store_type(unsigned int type)
{
	if (frame.type)
		put16(frame.type, type);
	frame.type = NULL;
}

static void store_protocol(uint8_t protocol)
{
	if (frame.protocol)
		*frame.protocol = protocol;
	frame.protocol = NULL;
}

static uint8_t *put(unsigned int len)
{
	uint8_t *place = frame.bytes + frame.at;

	frame.at += len;
	return place;
}

static void put_transport(uint8_t protocol, unsigned int checksum)
{
	store_protocol(protocol);
	frame.transport = frame.at;
	frame.checksum = checksum;
}

/* The previous header has either an EtherType or, if it is an IP header, a protocol. */
static void put_network(unsigned int type, uint8_t protocol)
{
	frame.inner_network = frame.at;
	store_protocol(protocol);
	store_type(type);
}

static void put_word(const char *word, unsigned int size)
{
	uint8_t *here;
	unsigned int len = frame.len - frame.at;

	if (!strcmp(word, "tag")) {
		store_type(0x8100);
		frame.type = put(4) + 2;
	} else if (!strcmp(word, "eth")) {
		store_protocol(0);
		here = put(14);
		memcpy(here, (uint8_t[]){ 2, 0, 0, 0, 0, 0xbb, 2, 0, 0, 0, 0, 0x11 }, 12);
		frame.type = here + 12;
	} else if (!strcmp(word, "ip4")) {
		put_network(0x0800, 4);
		here = put(size ? size : 20);
		here[0] = 0x40 | (size ? size : 20) / 4;
		put16(here + 2, len);
		here[8] = 64;
		memcpy(here + 12, (uint8_t[]){ 198, 51, 100, 2, 198, 51, 100, 1 }, 8);
		frame.protocol = here + 9;
	} else if (!strcmp(word, "ip6")) {
		put_network(0x86dd, 41);
		here = put(40);
		here[0] = 0x60;
		put16(here + 4, len - 40);
		here[7] = 64;
		memcpy(here + 8, (uint8_t[]){ 0x20, 1, 0x0d, 0xb8 }, 4);
		here[23] = 2;
		memcpy(here + 24, (uint8_t[]){ 0x20, 1, 0x0d, 0xb8 }, 4);
		here[39] = 1;
		frame.protocol = here + 6;
	} else if (!strcmp(word, "hop") || !strcmp(word, "dst")) {
		store_protocol(*word == 'h' ? 0 : 60);
		here = put(size ? size : 8);
		here[1] = (size ? size : 8) / 8 - 1;
		/* One PadN option fills the header. */
		here[2] = 1;
		here[3] = (size ? size : 8) - 4;
		frame.protocol = here;
	} else if (!strcmp(word, "jumbo")) {
		store_protocol(0);
		here = put(8);
		here[2] = 0xc2;
		here[3] = 4;
		frame.protocol = here;
	} else if (!strcmp(word, "frag")) {
		store_protocol(44);
		frame.protocol = put(8);
	} else if (!strcmp(word, "tcp")) {
		put_transport(6, 16);
		here = put(size ? size : 20);
		here[12] = (size ? size : 20) / 4 << 4;
		here[13] = 0x10;
	} else if (!strcmp(word, "udp")) {
		put_transport(17, 6);
		if (!frame.outer_transport)
			frame.outer_transport = frame.at;
		put16(put(8) + 4, len);
	} else if (!strcmp(word, "sctp")) {
		put_transport(132, 8);
		put(12);
	} else if (!strcmp(word, "vxlan")) {
		put16(frame.bytes + frame.at - 6, 4789);
		put(8)[0] = 8;
	} else if (!strcmp(word, "gre")) {
		store_protocol(47);
		frame.type = put(4) + 2;
		put16(frame.type, 0x6558);
	} else if (!strcmp(word, "mpls")) {
		store_type(0x8847);
		put(4)[2] = 1;
	} else if (!strcmp(word, "nsh")) {
		store_type(0x894f);
		here = put(24);
		here[1] = 6;
		here[2] = 1;
		here[3] = 1;
	} else if (!strcmp(word, "arp")) {
		store_type(0x0806);
		put(28);
	} else {
		errno = EINVAL;
		die(word);
	}
}

/* Fill in the IPv4 checksums of the complete frame. */
static void put_checksums(void)
{
	unsigned int at, len;

	for (at = 14; at + 20 < frame.at; at++) {
		uint8_t *ip = frame.bytes + at;

		len = (ip[0] & 15) * 4;
		if (ip[0] >> 4 == 4 && len >= 20 && ip[8] == 64 && ip[12] == 198 && ip[16] == 198) {
			put16(ip + 10, 0);
			put16(ip + 10, ip_checksum(ip, len));
		}
	}
}

static void build(char *chain, const char *line)
{
	char *word, *rest = NULL, *size;

	memset(&frame, 0, sizeof(frame));
	memset(packet, 0, sizeof(packet) < 1 << 17 ? sizeof(packet) : 1 << 17);
	frame.bytes = packet + header_size;
	frame.len = value_of(line, "len", 1514);
	memcpy(put(14), (uint8_t[]){ 2, 0xff, 0xff, 0xff, 0xff, 1, 2, 0, 0, 0, 1,
				     value_of(line, "mac", 1) }, 12);
	frame.type = frame.bytes + 12;
	for (word = strtok_r(chain, ",", &rest); word; word = strtok_r(NULL, ",", &rest)) {
		size = strchr(word, ':');
		if (size)
			*size++ = 0;
		put_word(word, size ? atoi(size) : 0);
	}
	put_checksums();
	if (value_of(line, "at", 0))
		frame.bytes[value_of(line, "at", 0)] = value_of(line, "byte", 0);
}

static void describe(const char *line)
{
	struct virtio_net_hdr *virtio = (struct virtio_net_hdr *)packet;
	uint16_t offset;

	virtio->flags = value_of(line, "flags", 1);
	virtio->gso_type = value_of(line, "type", 0);
	virtio->gso_size = value_of(line, "size", 0);
	virtio->hdr_len = frame.at;
	virtio->csum_start = value_of(line, "cs", frame.transport);
	virtio->csum_offset = value_of(line, "co", frame.checksum);
	if (header_size == VIRTIO_TUNNEL) {
		offset = value_of(line, "th", frame.outer_transport);
		memcpy(packet + TUNNEL_TH, &offset, sizeof(offset));
		offset = value_of(line, "nh", frame.inner_network);
		memcpy(packet + TUNNEL_NH, &offset, sizeof(offset));
	}
}

static int open_tap(const char *dev, int tunnel)
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	int fd = open("/dev/net/tun", O_RDWR), size = VIRTIO_TUNNEL;
	char command[128];

	strncpy(request.ifr_name, dev, IFNAMSIZ - 1);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &request))
		die("tap");
	if (tunnel) {
		if (ioctl(fd, TUNSETVNETHDRSZ, &size) ||
		    ioctl(fd, TUNSETOFFLOAD, OFFLOADS | OFFLOAD_TUNNEL))
			exit(3);
		header_size = VIRTIO_TUNNEL;
	}
	snprintf(command, sizeof(command), "ip link set %s up addrgenmode none", dev);
	if (system(command))
		die(command);
	return fd;
}

static int open_packet(const char *dev)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET };
	int fd = socket(AF_PACKET, SOCK_RAW, 0), one = 1, room = 64 << 20;
	struct ifreq request = { 0 };

	strncpy(request.ifr_name, dev, IFNAMSIZ - 1);
	if (fd < 0 || ioctl(fd, SIOCGIFINDEX, &request))
		die(dev);
	to.sll_ifindex = request.ifr_ifindex;
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &one, sizeof(one)) ||
	    bind(fd, (struct sockaddr *)&to, sizeof(to)))
		die("packet socket");
	return fd;
}

int main(int argc, char **argv)
{
	char line[1024], name[64], chain[256];
	long n;
	int fd;

	if (argc != 3 || !strchr("tp", argv[1][0])) {
		fprintf(stderr, "usage: tapgso tap|tunnel|packet DEV\n");
		return 2;
	}
	fd = argv[1][0] == 'p' ? open_packet(argv[2]) : open_tap(argv[2], argv[1][1] == 'u');
	printf("ready\n");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		if (sscanf(line, "%63s %255s", name, chain) != 2)
			continue;
		build(chain, line);
		describe(line);
		errno = 0;
		for (n = value_of(line, "n", 1); n; n--)
			if (write(fd, packet, header_size + frame.len) < 0)
				break;
		printf("%s 02:00:00:00:01:%02lx %u %s\n", name, value_of(line, "mac", 1), frame.len,
		       n ? strerror(errno) : "ok");
		fflush(stdout);
	}
	return 0;
}
