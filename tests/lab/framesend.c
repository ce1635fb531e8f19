// SPDX-License-Identifier: GPL-2.0
/*
 * Send frames out of an interface, and print what was sent.
 * Copyright (C) the l2packet_counter authors
 *
 * usage: framesend DEV TO BATCH...
 * TO is the destination of all frames. A batch is a kind (eth, udp4, tcp4, tcp6), followed
 * by options, separated by commas:
 *   from=MAC        the first station
 *   stations=N      number of stations, with consecutive addresses (1)
 *   flows=N         ports of each station (1); each flow has its own IP addresses
 *   tag=VID         a VLAN tag; tag=VID.VID: two, the outer one IEEE 802.1ad
 *   count=N         number of segments (1)
 *   size=N          bytes of payload in a segment (0)
 *   run=N           number of consecutive segments of a flow (1); then the next flow and
 *                   the next batch have their turn
 *   last=N          payload of a run's last segment, if it is smaller
 *   options=N       bytes of TCP options, a multiple of 4
 *   super=1         a run is one super-packet, which the receiver segments
 * A frame shorter than 60 bytes is padded, as on a wire.
 *
 * Prints a line `STATION VID FRAMES BYTES` for each station and outer VLAN (- without a
 * tag, and for a priority tag): the frames on the wire after super-packets are segmented,
 * without FCS. At last prints `packets N TAGGED SUPER`: the number of writes, of those with
 * an outer IEEE 802.1Q tag, and of super-packets.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define BATCHES_MAX	32
#define INDEXES_MAX	1024	/* stations x flows of a batch */
#define ROWS_MAX	4096
#define FRAME_MIN	60
#define PACKET_MAX	65535

enum kind { ETH, UDP4, TCP4, TCP6, KINDS };

static const char *const kinds[KINDS] = { "eth", "udp4", "tcp4", "tcp6" };

struct batch {
	enum kind kind;
	uint8_t number, tags, super;
	uint8_t from[6];
	unsigned int stations, flows, vid[2], count, size, run, last, options;
	unsigned int runs;	/* sent so far */
	uint32_t sequence[INDEXES_MAX];
};

struct row {
	uint8_t mac[6];
	int vid;
	unsigned long frames, bytes;
};

static struct batch batches[BATCHES_MAX];
static struct row rows[ROWS_MAX];
static unsigned int rows_used;
static unsigned long packets, packets_tagged, packets_super;
static uint8_t to[6];
static int sock;

static void die(const char *what, const char *why)
{
	fprintf(stderr, "framesend: %s: %s\n", what, why);
	exit(1);
}

static void parse_mac(const char *text, uint8_t *mac)
{
	if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", mac, mac + 1, mac + 2,
		   mac + 3, mac + 4, mac + 5) != 6)
		die(text, "not an address");
}

static void parse_batch(struct batch *b, char *text)
{
	char *word, *value, *save;

	*b = (struct batch){ .kind = KINDS, .number = b - batches + 1, .stations = 1,
			     .flows = 1, .count = 1, .run = 1, .last = ~0u };
	word = strtok_r(text, ",", &save);
	for (enum kind k = 0; k < KINDS; k++)
		if (word && !strcmp(word, kinds[k]))
			b->kind = k;
	if (b->kind == KINDS)
		die(text, "not a kind of frame");
	while ((word = strtok_r(NULL, ",", &save))) {
		unsigned int number;

		value = strchr(word, '=');
		if (!value)
			die(word, "not KEY=VALUE");
		*value++ = 0;
		number = strtoul(value, NULL, 10);
		if (!strcmp(word, "from"))
			parse_mac(value, b->from);
		else if (!strcmp(word, "stations"))
			b->stations = number;
		else if (!strcmp(word, "flows"))
			b->flows = number;
		else if (!strcmp(word, "tag"))
			b->tags = sscanf(value, "%u.%u", &b->vid[0], &b->vid[1]);
		else if (!strcmp(word, "count"))
			b->count = number;
		else if (!strcmp(word, "size"))
			b->size = number;
		else if (!strcmp(word, "run"))
			b->run = number;
		else if (!strcmp(word, "last"))
			b->last = number;
		else if (!strcmp(word, "options"))
			b->options = number;
		else if (!strcmp(word, "super"))
			b->super = number;
		else
			die(word, "not a key");
	}
	if (b->last > b->size)
		b->last = b->size;
	if (!b->stations || !b->flows || !b->run || b->flows > 255 ||
	    b->stations * b->flows > INDEXES_MAX ||
	    b->options % 4 || b->options > 40 || (b->super && (b->kind < TCP4 || !b->last)))
		die(text, "does not fit together");
}

/* Record the frames on the wire from the plan, not from the kernel's counters. */
static void account(const uint8_t *mac, const struct batch *b, unsigned int bytes)
{
	int vid = b->tags && b->vid[0] ? (int)b->vid[0] : -1;
	struct row *row = rows;

	while (row < rows + rows_used && (memcmp(row->mac, mac, 6) || row->vid != vid))
		row++;
	if (row == rows + ROWS_MAX)
		die("rows", "too many stations");
	if (row == rows + rows_used) {
		rows_used++;
		memcpy(row->mac, mac, 6);
		row->vid = vid;
	}
	row->frames++;
	row->bytes += bytes;
}

static uint32_t sum_words(const uint8_t *data, unsigned int length, uint32_t sum)
{
	for (; length > 1; data += 2, length -= 2)
		sum += data[0] << 8 | data[1];
	return length ? sum + (data[0] << 8) : sum;
}

static uint16_t sum_fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static uint8_t *put16(uint8_t *at, uint16_t value)
{
	*at++ = value >> 8;
	*at++ = value & 0xff;
	return at;
}

static uint8_t *put32(uint8_t *at, uint32_t value)
{
	return put16(put16(at, value >> 16), value & 0xffff);
}

/* Write an IP header at *@at, and advance *@at. Returns the sum of the pseudo-header. */
static uint32_t put_ip(const struct batch *b, unsigned int flow, uint8_t **at,
		       unsigned int length)
{
	unsigned int protocol = b->kind == UDP4 ? 17 : 6;
	uint8_t *ip = *at, *p = ip;

	if (b->kind == TCP6) {
		p = put32(p, 6u << 28);
		p = put16(p, length);
		p = put16(p, protocol << 8 | 64);
		for (unsigned int end = 2; end; end--) {
			p = put32(p, 0x20010db8);
			p = put32(p, 0);
			p = put32(p, 0);
			p = put32(p, end == 2 ? b->number << 8 | flow : 0xffff);
		}
		*at = p;
		return sum_words(ip + 8, 32, length + protocol);
	}
	p = put16(p, 0x4500);
	p = put16(p, 20 + length);
	p = put32(p, 0x4000);	/* may not be fragmented: then GRO ignores the id */
	p = put16(p, 64 << 8 | protocol);
	p = put16(p, 0);
	p = put32(p, 0xc6120000 | b->number << 8 | flow);	/* 198.18.0.0/15 */
	p = put32(p, 0xc613ffff);
	put16(ip + 10, ~sum_fold(sum_words(ip, 20, 0)));
	*at = p;
	return sum_words(ip + 12, 8, length + protocol);
}

static void write_packet(struct virtio_net_hdr *virtio, uint8_t *packet, unsigned int length)
{
	struct iovec parts[] = { { virtio, sizeof(*virtio) }, { packet, length } };

	while (writev(sock, parts, 2) < 0) {
		if (errno != ENOBUFS && errno != EAGAIN)
			die("write", strerror(errno));
		usleep(1000);
	}
	packets++;
}

/* Send one packet of a flow with @payload bytes: a frame, or a super-packet. */
static void send_packet(struct batch *b, const uint8_t *mac, unsigned int flow,
			uint32_t *sequence, unsigned int payload)
{
	static uint8_t packet[PACKET_MAX];
	struct virtio_net_hdr virtio = { 0 };
	unsigned int headers, length, transport;
	uint8_t *p = packet, *l4 = NULL;
	uint32_t sum = 0;

	memcpy(p, to, 6);
	memcpy(p + 6, mac, 6);
	p += 12;
	for (unsigned int i = 0; i < b->tags; i++)
		p = put16(put16(p, b->tags == 2 && !i ? 0x88a8 : 0x8100), b->vid[i]);
	p = put16(p, b->kind == ETH ? 0x88b5 : b->kind == TCP6 ? 0x86dd : 0x0800);
	if (b->kind != ETH) {
		transport = b->kind == UDP4 ? 8 : 20 + b->options;
		sum = put_ip(b, flow, &p, transport + payload);
		l4 = p;
		p = put16(p, 5000 + flow);
		p = put16(p, 9);
		if (b->kind == UDP4) {
			p = put32(p, (8 + payload) << 16);
		} else {
			p = put32(p, *sequence);
			p = put32(p, 1);
			p = put16(p, (20 + b->options) << 10 | 0x10);	/* ACK */
			p = put16(p, 0xffff);
			p = put32(p, 0);
			memset(p, 1, b->options);	/* no-operations */
			p += b->options;
		}
	}
	headers = p - packet;
	length = headers + payload;
	if (length > PACKET_MAX)
		die("packet", "longer than 65535 bytes");
	for (unsigned int i = 0; i < payload; i++)
		p[i] = *sequence + i;
	if (l4 && b->super) {
		virtio.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		virtio.gso_type = b->kind == TCP6 ? VIRTIO_NET_HDR_GSO_TCPV6 :
						    VIRTIO_NET_HDR_GSO_TCPV4;
		virtio.hdr_len = headers;
		virtio.gso_size = b->size;
		virtio.csum_start = l4 - packet;
		virtio.csum_offset = 16;
		put16(l4 + 16, sum_fold(sum));
	} else if (l4) {
		sum = sum_words(l4, length - (l4 - packet), sum);
		put16(l4 + (b->kind == UDP4 ? 6 : 16), ~sum_fold(sum));
	}
	if (length < FRAME_MIN) {
		memset(packet + length, 0, FRAME_MIN - length);
		length = FRAME_MIN;
	}
	write_packet(&virtio, packet, length);
	packets_tagged += b->tags == 1;
	packets_super += b->super;
	*sequence += payload;
	if (!b->super) {
		account(mac, b, length);
		return;
	}
	for (unsigned int left = payload, piece; left; left -= piece) {
		piece = left < b->size ? left : b->size;
		account(mac, b, headers + piece);
	}
}

/* Send the batch's next run. Returns whether there was one. */
static int send_run(struct batch *b)
{
	unsigned int station = b->runs % b->stations;
	unsigned int flow = b->runs / b->stations % b->flows;
	unsigned int segments = b->run < b->count ? b->run : b->count;
	uint32_t *sequence = &b->sequence[station * b->flows + flow];
	uint8_t mac[6];

	if (!b->count)
		return 0;
	b->runs++;
	b->count -= segments;
	memcpy(mac, b->from, 6);
	mac[5] += station;
	if (mac[5] < b->from[5])
		mac[4]++;
	if (b->super)
		send_packet(b, mac, flow, sequence, (segments - 1) * b->size + b->last);
	for (unsigned int i = 1; !b->super && i <= segments; i++)
		send_packet(b, mac, flow, sequence, i == segments ? b->last : b->size);
	return 1;
}

int main(int argc, char **argv)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET };
	int on = 1, number = argc - 3, left;

	if (number < 1 || number > BATCHES_MAX) {
		fprintf(stderr, "usage: framesend DEV TO BATCH...\n");
		return 2;
	}
	parse_mac(argv[2], to);
	for (int i = 0; i < number; i++)
		parse_batch(&batches[i], argv[3 + i]);

	/* Protocol 0: this socket receives nothing. */
	sock = socket(AF_PACKET, SOCK_RAW, 0);
	address.sll_ifindex = if_nametoindex(argv[1]);
	if (sock < 0 || !address.sll_ifindex || bind(sock, (struct sockaddr *)&address, sizeof(address)))
		die(argv[1], strerror(errno));
	if (setsockopt(sock, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)))
		die("PACKET_VNET_HDR", strerror(errno));
	do {
		left = 0;
		for (int i = 0; i < number; i++)
			left |= send_run(&batches[i]);
	} while (left);

	for (struct row *row = rows; row < rows + rows_used; row++) {
		for (int i = 0; i < 6; i++)
			printf("%02x%s", row->mac[i], i < 5 ? ":" : " ");
		if (row->vid < 0)
			printf("-");
		else
			printf("%d", row->vid);
		printf(" %lu %lu\n", row->frames, row->bytes);
	}
	printf("packets %lu %lu %lu\n", packets, packets_tagged, packets_super);
	return 0;
}
