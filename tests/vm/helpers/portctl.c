// SPDX-License-Identifier: GPL-2.0
/*
 * Ports and patterns by netlink, many of them in one process.
 * Copyright (C) the l2packet_counter authors
 *
 * usage: portctl add|del             ports, a name a line of the input; prints the
 *                                    microseconds of CPU that this took
 *        portctl add GLOB [SETTING VALUE]...
 *                                    a pattern; settings are keep, reset_interval, vlan,
 *                                    hook, max_stations, station_timeout, tx
 *        portctl del GLOB            a pattern
 *        portctl set NAME SETTING VALUE...
 *                                    a port; all in one request
 *        portctl patterns            a line each: glob, ports, missed, keep, reset_interval
 *        portctl ports               a line each: name, ifindex, pattern or -, window id,
 *                                    opened, packets of window, previous and lifetime
 *        portctl reset               closes all windows by a dump; windows and packets
 *        portctl listen              events, a line each: number, interface, pattern
 * An error's text is on stderr, and its status is 1.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "genl.h"

struct request {
	struct nlmsghdr nlh;
	struct genlmsghdr genl;
	char attributes[1024];
};

static char answer[65536] __attribute__((aligned(NLMSG_ALIGNTO)));
static uint16_t family;
static int genl_fd;

static void die(const char *what)
{
	fprintf(stderr, "portctl: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void request_init(struct request *request, uint8_t command, uint16_t flags)
{
	memset(request, 0, sizeof(*request));
	request->nlh.nlmsg_len = NLMSG_HDRLEN + GENL_HDRLEN;
	request->nlh.nlmsg_type = family;
	request->nlh.nlmsg_flags = NLM_F_REQUEST | flags;
	request->genl.cmd = command;
	request->genl.version = L2PC_FAMILY_VERSION;
}

static void put(struct request *request, uint16_t type, const void *value, size_t size)
{
	struct nlattr *attribute = (void *)((char *)request + request->nlh.nlmsg_len);

	attribute->nla_type = type;
	attribute->nla_len = NLA_HDRLEN + size;
	memcpy((char *)attribute + NLA_HDRLEN, value, size);
	request->nlh.nlmsg_len += NLA_ALIGN(attribute->nla_len);
}

static void put_setting(struct request *request, const char *name, const char *text)
{
	static const struct {
		const char *name;
		uint16_t type;
	} settings[] = {
		{ "keep", L2PC_A_PORT_KEEP },
		{ "reset_interval", L2PC_A_PORT_RESET_INTERVAL },
		{ "hook", L2PC_A_PORT_HOOK_WANTED },
		{ "max_stations", L2PC_A_PORT_MAX_STATIONS },
		{ "station_timeout", L2PC_A_PORT_STATION_TIMEOUT },
	};
	uint32_t value = strtoul(text, NULL, 0);
	uint8_t byte = value;
	size_t i;

	if (!strcmp(name, "vlan"))
		put(request, L2PC_A_PORT_VLAN, &byte, sizeof(byte));
	if (!strcmp(name, "tx"))
		put(request, L2PC_A_PORT_TX, &byte, sizeof(byte));
	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		if (!strcmp(name, settings[i].name))
			put(request, settings[i].type, &value, sizeof(value));
}

/* An attribute's value in a series of attributes; NULL: there is none. */
static const void *find(const char *at, const char *end, uint16_t type)
{
	for (; at + NLA_HDRLEN <= end; at += NLA_ALIGN(((const struct nlattr *)at)->nla_len))
		if ((((const struct nlattr *)at)->nla_type & NLA_TYPE_MASK) == type)
			return at + NLA_HDRLEN;
	return NULL;
}

/* The size of a value that find() returned: the attribute's header is in front of it. */
static size_t value_size(const char *value)
{
	return ((const struct nlattr *)(value - NLA_HDRLEN))->nla_len - NLA_HDRLEN;
}

static uint64_t find_number(const char *at, const char *end, uint16_t type)
{
	const char *value = find(at, end, type);
	uint64_t number = 0;

	if (value)
		memcpy(&number, value, value_size(value));
	return number;
}

static const char *find_text(const char *at, const char *end, uint16_t type)
{
	const char *text = find(at, end, type);

	return text ? text : "-";
}

/* A number of a nest of totals. */
static uint64_t find_total(const char *at, const char *end, uint16_t nest, uint16_t type)
{
	const char *value = find(at, end, nest);

	return value ? find_number(value, value + value_size(value), type) : 0;
}

/* The text of an error; 0: it is none. */
static int report(const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *error = NLMSG_DATA(nlh);
	const char *text = NULL;

	if (!error->error)
		return 0;
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS)
		text = find((const char *)error + sizeof(*error) +
			    (nlh->nlmsg_flags & NLM_F_CAPPED ? 0 : error->msg.nlmsg_len - NLMSG_HDRLEN),
			    (const char *)nlh + nlh->nlmsg_len, NLMSGERR_ATTR_MSG);
	fprintf(stderr, "portctl: %s\n", text ? text : strerror(-error->error));
	return 1;
}

static int ask(struct request *request)
{
	request->nlh.nlmsg_flags |= NLM_F_ACK;
	if (send(genl_fd, request, request->nlh.nlmsg_len, 0) < 0 ||
	    recv(genl_fd, answer, sizeof(answer), 0) < 0)
		die("request");
	return report((const struct nlmsghdr *)answer);
}

static int change_ports(uint8_t command)
{
	struct timespec cpu;
	struct request request;
	char name[256];
	int failed = 0;

	while (fgets(name, sizeof(name), stdin)) {
		name[strcspn(name, "\n")] = '\0';
		request_init(&request, command, 0);
		put(&request, L2PC_A_PORT_IFNAME, name, strlen(name) + 1);
		failed |= ask(&request);
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
	printf("%ld\n", (long)cpu.tv_sec * 1000000 + cpu.tv_nsec / 1000);
	return failed;
}

/* @type is the attribute that has the name. */
static int change(uint8_t command, uint16_t type, int argc, char **argv)
{
	struct request request;
	int i;

	request_init(&request, command, 0);
	put(&request, type, argv[0], strlen(argv[0]) + 1);
	for (i = 1; i + 1 < argc; i += 2)
		put_setting(&request, argv[i], argv[i + 1]);
	return ask(&request);
}

static void show_pattern(const char *at, const char *end)
{
	printf("%s %llu %llu %llu %llu\n", find_text(at, end, L2PC_A_PORT_PATTERN),
	       (unsigned long long)find_number(at, end, L2PC_A_PORT_PORTS),
	       (unsigned long long)find_number(at, end, L2PC_A_PORT_MISSED),
	       (unsigned long long)find_number(at, end, L2PC_A_PORT_KEEP),
	       (unsigned long long)find_number(at, end, L2PC_A_PORT_RESET_INTERVAL));
}

static void show_port(const char *at, const char *end)
{
#define TOTAL(nest, type)	\
	((unsigned long long)find_total(at, end, L2PC_A_PORT_##nest, L2PC_A_TOTALS_##type))
	printf("%s %u %s %llu %llu %llu %llu %llu\n", find_text(at, end, L2PC_A_PORT_IFNAME),
	       (unsigned int)find_number(at, end, L2PC_A_PORT_IFINDEX),
	       find_text(at, end, L2PC_A_PORT_PATTERN), TOTAL(WINDOW, WINDOW_ID),
	       TOTAL(WINDOW, OPENED), TOTAL(WINDOW, PACKETS), TOTAL(PREVIOUS, PACKETS),
	       TOTAL(LIFETIME, PACKETS));
#undef TOTAL
}

static unsigned long long windows, packets;

static void add_closed(const char *at, const char *end)
{
	const char *nest = find(at, end, L2PC_A_RESET_CLOSED);
	const char *nest_end = nest + ((const struct nlattr *)(nest - NLA_HDRLEN))->nla_len -
			       NLA_HDRLEN;

	windows++;
	packets += find_total(nest, nest_end, L2PC_A_CLOSED_TOTALS, L2PC_A_TOTALS_PACKETS);
}

static int dump(uint8_t command, void (*show)(const char *at, const char *end))
{
	const struct nlmsghdr *nlh;
	int size;

	if (genl_dump(genl_fd, family, command))
		die("dump");
	for (;;) {
		size = recv(genl_fd, answer, sizeof(answer), 0);
		if (size < 0)
			die("dump");
		for (nlh = (const void *)answer; NLMSG_OK(nlh, size); nlh = NLMSG_NEXT(nlh, size)) {
			if (nlh->nlmsg_type == NLMSG_DONE)
				return 0;
			if (nlh->nlmsg_type == NLMSG_ERROR)
				return report(nlh);
			show((const char *)nlh + NLMSG_HDRLEN + GENL_HDRLEN,
			     (const char *)nlh + nlh->nlmsg_len);
		}
	}
}

static void listen_events(void)
{
	const struct nlmsghdr *nlh = (const void *)answer;
	uint32_t group = genl_group(genl_fd, L2PC_FAMILY_NAME);
	const char *at, *end;

	if (!group || setsockopt(genl_fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)))
		die("group events");
	fprintf(stderr, "listening\n");
	for (;;) {
		if (recv(genl_fd, answer, sizeof(answer), 0) < 0) {
			if (errno != ENOBUFS)
				die("event");
			printf("lost\n");
			continue;
		}
		at = answer + NLMSG_HDRLEN + GENL_HDRLEN;
		end = answer + nlh->nlmsg_len;
		printf("%u %s %s\n", ((const struct genlmsghdr *)NLMSG_DATA(nlh))->cmd,
		       find_text(at, end, L2PC_A_PORT_IFNAME),
		       find_text(at, end, L2PC_A_PORT_PATTERN));
		fflush(stdout);
	}
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";
	const int on = 1;
	int status;

	genl_fd = genl_socket();
	if (genl_fd < 0)
		die("socket");
	setsockopt(genl_fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(genl_fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	family = genl_family(genl_fd);
	if (!family) {
		errno = ENOENT;
		die("family l2pc");
	}
	if (!strcmp(verb, "add") || !strcmp(verb, "del")) {
		int add = *verb == 'a';

		if (argc > 2)
			return change(add ? L2PC_CMD_PATTERN_ADD : L2PC_CMD_PATTERN_DEL,
				      L2PC_A_PORT_PATTERN, argc - 2, argv + 2);
		return change_ports(add ? L2PC_CMD_PORT_ADD : L2PC_CMD_PORT_DEL);
	}
	if (!strcmp(verb, "set") && argc > 4)
		return change(L2PC_CMD_PORT_SET, L2PC_A_PORT_IFNAME, argc - 2, argv + 2);
	if (!strcmp(verb, "patterns"))
		return dump(L2PC_CMD_PATTERN_GET, show_pattern);
	if (!strcmp(verb, "ports"))
		return dump(L2PC_CMD_PORT_GET, show_port);
	if (!strcmp(verb, "reset")) {
		status = dump(L2PC_CMD_WINDOW_RESET, add_closed);
		printf("%llu %llu\n", windows, packets);
		return status;
	}
	if (!strcmp(verb, "listen"))
		listen_events();
	fprintf(stderr, "portctl: unknown command '%s'\n", verb);
	return 2;
}
