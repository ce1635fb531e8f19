// SPDX-License-Identifier: GPL-2.0
/*
 * A port's counts of both directions, and its setting tx, as netlink has them.
 * Copyright (C) the l2packet_counter authors
 *
 * usage: portnl stations VIEW DEV    a line each, sorted:
 *                                    MAC VLAN PACKETS BYTES TX_PACKETS TX_BYTES; VLAN - without one
 *        portnl totals VIEW DEV      a line for each: NAME VALUE
 *        portnl tx DEV               the setting, 0 or 1
 *        portnl add|set DEV 0|1      add the port with it, or set it. Status 1, with the
 *                                    kernel's reason on stderr: refused
 * VIEW is window, previous or lifetime.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "genl.h"

#define STATIONS	65536
#define AT(attribute)	((const char *)(attribute) + NLA_HDRLEN)
/* Attributes of @from: an attribute with others in it, or what is behind a message's header. */
#define EACH(attribute, at, end)						\
	for (const struct nlattr *attribute = (const void *)(at);		\
	     (const char *)attribute + NLA_HDRLEN <= (const char *)(end) &&	\
	     attribute->nla_len >= NLA_HDRLEN;					\
	     attribute = (const void *)((const char *)attribute + NLA_ALIGN(attribute->nla_len)))

struct row {
	unsigned char mac[6];
	uint16_t vlan;
	uint64_t packets, bytes, tx_packets, tx_bytes;
};

static struct row rows[STATIONS];
static unsigned int count;
static int genl_fd;
static uint16_t family;

static void die(const char *what)
{
	fprintf(stderr, "portnl: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int type_of(const struct nlattr *attribute)
{
	return attribute->nla_type & NLA_TYPE_MASK;
}

static const char *end_of(const struct nlattr *attribute)
{
	return (const char *)attribute + attribute->nla_len;
}

/* 32 or 64 bits; on some architectures not aligned. */
static uint64_t number(const struct nlattr *attribute)
{
	uint64_t wide;
	uint32_t narrow;

	if (attribute->nla_len == NLA_HDRLEN + 1)
		return *(const uint8_t *)AT(attribute);
	if (attribute->nla_len == NLA_HDRLEN + sizeof(narrow)) {
		memcpy(&narrow, AT(attribute), sizeof(narrow));
		return narrow;
	}
	memcpy(&wide, AT(attribute), sizeof(wide));
	return wide;
}

static struct {
	struct nlmsghdr nlh;
	struct genlmsghdr genl;
	char attributes[128];
} message = { .genl = { .version = L2PC_FAMILY_VERSION } };

static void put(int type, const void *data, size_t size)
{
	struct nlattr *attribute = (void *)((char *)&message + NLMSG_ALIGN(message.nlh.nlmsg_len));

	attribute->nla_type = type;
	attribute->nla_len = NLA_HDRLEN + size;
	memcpy((char *)attribute + NLA_HDRLEN, data, size);
	message.nlh.nlmsg_len = NLMSG_ALIGN(message.nlh.nlmsg_len) + NLA_ALIGN(attribute->nla_len);
}

static void start(uint8_t command, int flags)
{
	message.nlh = (struct nlmsghdr){
		.nlmsg_len = NLMSG_HDRLEN + GENL_HDRLEN,
		.nlmsg_type = family,
		.nlmsg_flags = NLM_F_REQUEST | flags,
	};
	message.genl.cmd = command;
}

/* An error, with the kernel's reason; 0: it was an acknowledgement. */
static int refused(const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = (const void *)((const char *)nlh + NLMSG_HDRLEN);
	const char *at = (const char *)(err + 1);

	if (!err->error)
		return 0;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		at += err->msg.nlmsg_len - sizeof(err->msg);
	fprintf(stderr, "portnl: %s", strerror(-err->error));
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS)
		EACH(attribute, at, (const char *)nlh + nlh->nlmsg_len)
			if (type_of(attribute) == NLMSGERR_ATTR_MSG)
				fprintf(stderr, ": %s", AT(attribute));
	fprintf(stderr, "\n");
	return 1;
}

/* Send the message, and hand each message of the answer to @take. Returns a status. */
static int answers(void (*take)(const char *at, const char *end))
{
	static char answer[65536] __attribute__((aligned(NLMSG_ALIGNTO)));
	const struct nlmsghdr *nlh;
	int size;

	if (send(genl_fd, &message, message.nlh.nlmsg_len, 0) < 0)
		die("send");
	for (;;) {
		size = recv(genl_fd, answer, sizeof(answer), 0);
		if (size < 0)
			die("recv");
		for (nlh = (const void *)answer; NLMSG_OK(nlh, size); nlh = NLMSG_NEXT(nlh, size)) {
			if (nlh->nlmsg_type == NLMSG_DONE)
				return 0;
			if (nlh->nlmsg_type == NLMSG_ERROR)
				return refused(nlh);
			take((const char *)nlh + NLMSG_HDRLEN + GENL_HDRLEN,
			     (const char *)nlh + nlh->nlmsg_len);
			if (!(nlh->nlmsg_flags & NLM_F_MULTI))
				return 0;
		}
	}
}

static void take_station(const struct nlattr *station)
{
	struct row *row = &rows[count++];

	if (count == STATIONS) {
		errno = E2BIG;
		die("stations");
	}
	EACH(attribute, AT(station), end_of(station))
		switch (type_of(attribute)) {
		case L2PC_A_STATION_MAC:
			memcpy(row->mac, AT(attribute), sizeof(row->mac));
			break;
		case L2PC_A_STATION_VLAN:
			row->vlan = *(const uint16_t *)AT(attribute);
			break;
		case L2PC_A_STATION_PACKETS:
			row->packets = number(attribute);
			break;
		case L2PC_A_STATION_BYTES:
			row->bytes = number(attribute);
			break;
		case L2PC_A_STATION_TX_PACKETS:
			row->tx_packets = number(attribute);
			break;
		case L2PC_A_STATION_TX_BYTES:
			row->tx_bytes = number(attribute);
			break;
		}
}

static void take_stations(const char *at, const char *end)
{
	EACH(attribute, at, end)
		if (type_of(attribute) == L2PC_A_STATIONS_STATION)
			take_station(attribute);
}

static int wanted;

static const char * const totals[L2PC_A_TOTALS_MAX + 1] = {
	[L2PC_A_TOTALS_WINDOW_ID] = "window-id",
	[L2PC_A_TOTALS_PACKETS] = "packets",
	[L2PC_A_TOTALS_BYTES] = "bytes",
	[L2PC_A_TOTALS_STATIONS] = "stations",
	[L2PC_A_TOTALS_UNTRACKED_PACKETS] = "untracked",
	[L2PC_A_TOTALS_TX_PACKETS] = "tx-packets",
	[L2PC_A_TOTALS_TX_BYTES] = "tx-bytes",
	[L2PC_A_TOTALS_TX_UNTRACKED_PACKETS] = "tx-untracked",
	[L2PC_A_TOTALS_TX_SKIPPED_MULTICAST] = "tx-multicast",
	[L2PC_A_TOTALS_TX_SKIPPED_BROADCAST] = "tx-broadcast",
	[L2PC_A_TOTALS_TX_SKIPPED_INVALID] = "tx-invalid",
	[L2PC_A_TOTALS_TX_MALFORMED_PACKETS] = "tx-malformed",
};

static void take_port(const char *at, const char *end)
{
	EACH(attribute, at, end) {
		if (type_of(attribute) != wanted)
			continue;
		if (wanted == L2PC_A_PORT_TX) {
			printf("%d\n", (int)number(attribute));
			continue;
		}
		EACH(total, AT(attribute), end_of(attribute))
			if (type_of(total) <= L2PC_A_TOTALS_MAX && totals[type_of(total)])
				printf("%s %llu\n", totals[type_of(total)],
				       (unsigned long long)number(total));
	}
}

static int compare(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int order = memcmp(x->mac, y->mac, sizeof(x->mac));

	return order ? order : x->vlan - y->vlan;
}

static void print_rows(void)
{
	unsigned int i, octet;

	qsort(rows, count, sizeof(rows[0]), compare);
	for (i = 0; i < count; i++) {
		const struct row *row = &rows[i];

		for (octet = 0; octet < sizeof(row->mac); octet++)
			printf("%s%02x", octet ? ":" : "", row->mac[octet]);
		if (row->vlan)
			printf(" %u", row->vlan);
		else
			printf(" -");
		printf(" %llu %llu %llu %llu\n", (unsigned long long)row->packets,
		       (unsigned long long)row->bytes, (unsigned long long)row->tx_packets,
		       (unsigned long long)row->tx_bytes);
	}
}

static uint32_t view_of(const char *name)
{
	static const char * const views[] = { "window", "previous", "lifetime" };
	uint32_t view;

	for (view = 0; view < 3; view++)
		if (!strcmp(name, views[view]))
			return view;
	errno = EINVAL;
	die(name);
	return 0;
}

static int show(const char *what, const char *view, const char *dev)
{
	uint32_t number = view_of(view);
	int status;

	if (!strcmp(what, "stations")) {
		start(L2PC_CMD_STATION_GET, NLM_F_DUMP);
		put(L2PC_A_STATIONS_IFNAME, dev, strlen(dev) + 1);
		put(L2PC_A_STATIONS_VIEW, &number, sizeof(number));
		status = answers(take_stations);
		print_rows();
		return status;
	}
	wanted = number == L2PC_VIEW_WINDOW ? L2PC_A_PORT_WINDOW :
		 number == L2PC_VIEW_PREVIOUS ? L2PC_A_PORT_PREVIOUS : L2PC_A_PORT_LIFETIME;
	start(L2PC_CMD_PORT_GET, 0);
	put(L2PC_A_PORT_IFNAME, dev, strlen(dev) + 1);
	return answers(take_port);
}

static int change(const char *what, const char *dev, uint8_t tx)
{
	start(strcmp(what, "add") ? L2PC_CMD_PORT_SET : L2PC_CMD_PORT_ADD, NLM_F_ACK);
	put(L2PC_A_PORT_IFNAME, dev, strlen(dev) + 1);
	put(L2PC_A_PORT_TX, &tx, sizeof(tx));
	return answers(take_port);
}

int main(int argc, char **argv)
{
	int one = 1;

	genl_fd = genl_socket();
	if (genl_fd < 0)
		die("socket");
	setsockopt(genl_fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	family = genl_family(genl_fd);
	if (!family)
		die("family l2pc");
	if (argc == 3 && !strcmp(argv[1], "tx")) {
		wanted = L2PC_A_PORT_TX;
		start(L2PC_CMD_PORT_GET, 0);
		put(L2PC_A_PORT_IFNAME, argv[2], strlen(argv[2]) + 1);
		return answers(take_port);
	}
	if (argc == 4 && (!strcmp(argv[1], "add") || !strcmp(argv[1], "set")))
		return change(argv[1], argv[2], atoi(argv[3]));
	if (argc == 4 && (!strcmp(argv[1], "stations") || !strcmp(argv[1], "totals")))
		return show(argv[1], argv[2], argv[3]);
	fprintf(stderr, "usage: portnl stations|totals VIEW DEV | tx DEV | add|set DEV 0|1\n");
	return 2;
}
