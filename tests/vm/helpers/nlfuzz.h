/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nlfuzz's requests: the commands of the specification, and valid and defective messages.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef NLFUZZ_H
#define NLFUZZ_H

#include <linux/genetlink.h>
#include <linux/l2packet_counter.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ATTRIBUTES_MAX	8	/* of a command */
#define ATTRIBUTE_TYPES	(L2PC_A_PORT_MISSED + 2)
#define COMMANDS_MAX	(L2PC_CMD_PATTERN_DEL + 1)
#define NAME_MAX_LEN	15
#define GLOB_MAX	63

uint32_t below(uint32_t bound);

struct message {
	unsigned char bytes[8192] __attribute__((aligned(8)));
	size_t size;
};

enum verdict {
	FAILS,
	SUCCEEDS,
	EITHER,
	SILENT,		/* the kernel discards the request without a reply */
};

struct request {
	int command;
	bool dump;
	const char *name;
	const char *glob;
	uint32_t value[ATTRIBUTE_TYPES];
	uint32_t given;
};

/* An attribute that a command accepts; size 0 means a text of at most @most characters. */
struct allowed {
	uint16_t type;
	uint8_t size;
	uint32_t least;
	uint32_t most;
};

struct command {
	bool single;
	bool dump;
	bool privileged;
	struct allowed attributes[ATTRIBUTES_MAX];
};

#define NAME(type)	{ type, 0, 0, NAME_MAX_LEN }
#define PATTERN		{ L2PC_A_PORT_PATTERN, 0, 0, GLOB_MAX }
#define SETTINGS							\
	{ L2PC_A_PORT_HOOK_WANTED, 4, 0, L2PC_HOOK_WANTED_RX_HANDLER },	\
	{ L2PC_A_PORT_VLAN, 1, 0, 1 },					\
	{ L2PC_A_PORT_RESET_INTERVAL, 4, 0, L2PC_RESET_INTERVAL_MAX },	\
	{ L2PC_A_PORT_MAX_STATIONS, 4, 1, L2PC_MAX_STATIONS_MAX },	\
	{ L2PC_A_PORT_STATION_TIMEOUT, 4, 0, L2PC_STATION_TIMEOUT_MAX },	\
	{ L2PC_A_PORT_TX, 1, 0, 1 }

static const struct command commands[COMMANDS_MAX] = {
	[L2PC_CMD_PORT_GET] = { true, true, false, { NAME(L2PC_A_PORT_IFNAME) } },
	[L2PC_CMD_PORT_ADD] = { true, false, true, { NAME(L2PC_A_PORT_IFNAME), SETTINGS } },
	[L2PC_CMD_PORT_DEL] = { true, false, true, { NAME(L2PC_A_PORT_IFNAME) } },
	[L2PC_CMD_PORT_SET] = { true, false, true, { NAME(L2PC_A_PORT_IFNAME), SETTINGS } },
	[L2PC_CMD_STATION_GET] = { false, true, false, {
		NAME(L2PC_A_STATIONS_IFNAME),
		{ L2PC_A_STATIONS_VIEW, 4, 0, L2PC_VIEW_LIFETIME },
	} },
	[L2PC_CMD_WINDOW_RESET] = { true, true, true, { NAME(L2PC_A_RESET_IFNAME) } },
	[L2PC_CMD_PATTERN_GET] = { false, true, false },
	[L2PC_CMD_PATTERN_ADD] = { true, false, true, {
		PATTERN, SETTINGS, { L2PC_A_PORT_KEEP, 4, 0, L2PC_KEEP_MAX },
	} },
	[L2PC_CMD_PATTERN_DEL] = { true, false, true, { PATTERN } },
};

/* --- messages --------------------------------------------------------------- */

static inline void message_begin(struct message *message, uint16_t type,
				 uint8_t command, uint16_t flags)
{
	struct nlmsghdr *header = (void *)message->bytes;
	struct genlmsghdr *genl = (void *)(message->bytes + NLMSG_HDRLEN);

	memset(message, 0, sizeof(*message));
	header->nlmsg_type = type;
	header->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	genl->cmd = command;
	genl->version = L2PC_FAMILY_VERSION;
	message->size = NLMSG_HDRLEN + GENL_HDRLEN;
}

static inline void message_bytes(struct message *message, size_t size)
{
	while (size-- && message->size < sizeof(message->bytes) - 64)
		message->bytes[message->size++] = below(256);
}

/* Append an attribute whose header has the length @nla_len, which may be wrong. */
static inline void message_put_as(struct message *message, uint16_t type,
				  uint16_t nla_len, const void *value, size_t size)
{
	struct nlattr attribute = { .nla_len = nla_len, .nla_type = type };

	if (message->size + size > sizeof(message->bytes) - 64)
		return;
	memcpy(message->bytes + message->size, &attribute, sizeof(attribute));
	memcpy(message->bytes + message->size + NLA_HDRLEN, value, size);
	message->size += NLA_ALIGN(NLA_HDRLEN + size);
}

static inline void message_put(struct message *message, uint16_t type,
			       const void *value, size_t size)
{
	message_put_as(message, type, NLA_HDRLEN + size, value, size);
}

static inline void message_end(struct message *message)
{
	((struct nlmsghdr *)message->bytes)->nlmsg_len = message->size;
}

/* --- one attribute, valid or defective -------------------------------------- */

static const char *const names[] = {
	"fuzz0", "fuzz1", "nosuch0", "lo", "", "fuzz", "fuzz00", "a name with sp",
	"fifteen letters", "sixteen letters.", "%s%n%p", "../fuzz0", "\xff\xfe\x80",
};

/* The first ones match fuzz0, fuzz1, or both. */
static const char *const globs[] = {
	"fuzz*", "f?zz[01]", "fuzz0", "*1", "fuzz[!0]", "[e-g]uzz\\0", "nosuch*", "fuzz[]1]",
	"a glob of exactly 63 characters, which no interface's name is",
	"sixty-three-characters,-of-which-none-is-a-space-or-a-slash*123",
	"sixty-four-characters,-of-which-none-is-a-space-or-a-slash*12345",
	"", "fuzz[0", "fuzz[]", "[!]", "a b*", "fuzz/*", "fuzz\\", "\xff\xfe*", "%s%n%p",
};
#define GLOBS		(sizeof(globs) / sizeof(*globs))
#define GLOBS_MATCHING	6

enum defect {
	RIGHT, NESTED, BYTEORDER, ONE_LESS, ONE_MORE, EMPTY, TWICE_AS_LONG, LONG,
	BELOW, ABOVE, ALL_ONES, NO_END, END_WITHIN, NO_HEADER, HALF_HEADER, TOO_LONG,
	TRUNCATED, TWICE, TRAILING, FULL_OF_NESTS, DEFECTS,
};

/* Choose a text for an attribute: mostly a name that exists, or a pattern that matches. */
static inline const char *text_choose(uint16_t type)
{
	if (type == L2PC_A_PORT_PATTERN)
		return globs[below(below(3) ? GLOBS_MATCHING : GLOBS)];
	return names[below(3) ? below(2) : below(sizeof(names) / sizeof(*names))];
}

static inline void put_defective(struct message *message, const struct allowed *to,
				 enum defect defect)
{
	static const unsigned char zeros[4096];
	unsigned char value[256] = {};
	size_t size = to->size;
	uint32_t number;
	unsigned int i;

	if (!size) {
		strcpy((char *)value, text_choose(to->type));
		size = strlen((char *)value) + 1;
	} else {
		number = to->least + below(below(2) ? 4 : to->most - to->least + 1);
		if (number > to->most)
			number = to->most;
		if (defect == BELOW)
			number = to->least - 1;
		if (defect == ABOVE)
			number = to->most + 1 + below(3);
		memcpy(value, &number, sizeof(number));
	}
	switch (defect) {
	case NESTED:
		message_put(message, to->type | NLA_F_NESTED, value, size);
		return;
	case BYTEORDER:
		message_put(message, to->type | NLA_F_NET_BYTEORDER, value, size);
		return;
	case ONE_LESS:
		message_put(message, to->type, value, size - 1);
		return;
	case ONE_MORE:
		message_put(message, to->type, value, size + 1);
		return;
	case EMPTY:
		message_put(message, to->type, value, 0);
		return;
	case TWICE_AS_LONG:
		message_put(message, to->type, value, size * 2);
		return;
	case LONG:
		message_put(message, to->type, zeros, 16 + below(sizeof(zeros) - 16));
		return;
	case ALL_ONES:
		memset(value, 0xff, sizeof(value));
		message_put(message, to->type, value, size);
		return;
	case NO_END:
		memset(value, 'x', sizeof(value));
		message_put(message, to->type, value, 1 + below(80));
		return;
	case END_WITHIN:
		message_put(message, to->type, value, size + below(24));
		return;
	case NO_HEADER:
		message_put_as(message, to->type, 0, value, size);
		return;
	case HALF_HEADER:
		message_put_as(message, to->type, 1 + below(3), value, size);
		return;
	case TOO_LONG:
		message_put_as(message, to->type, NLA_HDRLEN + size + 1 + below(65000),
			       value, size);
		return;
	case TWICE:
		message_put(message, to->type, value, size);
		message_put(message, to->type, value, size);
		return;
	case TRAILING:
		message_put(message, to->type, value, size);
		message_bytes(message, 1 + below(3));
		return;
	case FULL_OF_NESTS:
		/* Each nest is within the previous one. */
		for (i = 60; i >= NLA_HDRLEN; i -= NLA_HDRLEN)
			message_put_as(message, to->type | NLA_F_NESTED, i, value, 0);
		return;
	default:
		message_put(message, to->type, value, size);
		if (defect == TRUNCATED)
			message->size -= 1 + below(NLA_ALIGN(size) + 3);
	}
}

/* --- whole requests --------------------------------------------------------- */

/*
 * Build request number @n of all requests with one defective attribute and, where
 * the command takes a name or a pattern, a valid one. Return false when there are no more.
 */
static inline bool message_systematic(struct message *message, uint16_t family,
				      unsigned long n)
{
	static const uint8_t sizes[] = { 0, 1, 2, 4, 8 };
	unsigned int defect = n % DEFECTS, type = n / DEFECTS % ATTRIBUTE_TYPES;
	unsigned int dump = n / DEFECTS / ATTRIBUTE_TYPES % 2, i;
	unsigned int command = n / DEFECTS / ATTRIBUTE_TYPES / 2;
	struct allowed to = { .type = type };
	const struct allowed *known;

	if (command > L2PC_CMD_MAX + 1)
		return false;
	message_begin(message, family, command, dump ? NLM_F_DUMP : 0);
	/* An attribute that the command does not accept may be of any size. */
	to.size = sizes[below(sizeof(sizes))];
	if (command < COMMANDS_MAX) {
		known = commands[command].attributes;
		for (i = 0; i < ATTRIBUTES_MAX; i++)
			if (known[i].type == type)
				to = known[i];
		if (to.size && known[0].type == L2PC_A_PORT_PATTERN)
			message_put(message, known[0].type, globs[0], sizeof("fuzz*"));
		else if (to.size && known[0].type)
			message_put(message, known[0].type, names[below(2)], 6);
	}
	if (to.size > 4)
		to.size = 4;
	put_defective(message, &to, defect);
	message_end(message);
	return true;
}

static inline void message_random(struct message *message, uint16_t family)
{
	struct nlmsghdr *header = (void *)message->bytes;
	struct genlmsghdr *genl = (void *)(message->bytes + NLMSG_HDRLEN);
	static const uint8_t real[] = {
		L2PC_CMD_PORT_GET, L2PC_CMD_PORT_ADD, L2PC_CMD_PORT_DEL, L2PC_CMD_PORT_SET,
		L2PC_CMD_STATION_GET, L2PC_CMD_WINDOW_RESET, L2PC_CMD_PATTERN_GET,
		L2PC_CMD_PATTERN_ADD, L2PC_CMD_PATTERN_DEL,
	};
	unsigned int command = below(8) ? real[below(sizeof(real))] : below(256);
	const struct command *known;
	struct allowed to;
	unsigned int i, count;
	bool dump = !below(3);

	known = &commands[command < COMMANDS_MAX ? command : L2PC_CMD_PORT_SET];
	if (command < COMMANDS_MAX && !known->single)
		dump = below(16);
	message_begin(message, family, command, dump ? NLM_F_DUMP : 0);
	count = below(4) ? below(ATTRIBUTES_MAX + 1) : 0;
	for (i = 0; i < count; i++) {
		to = known->attributes[i && below(8) ? below(ATTRIBUTES_MAX) : 0];
		if (!to.type || !below(16))
			to.type = below(below(2) ? ATTRIBUTE_TYPES : NLA_TYPE_MASK);
		put_defective(message, &to, below(3) ? RIGHT : below(DEFECTS));
	}
	if (!below(20))
		message_bytes(message, below(below(2) ? 16 : 4096));
	message_end(message);

	/* Sometimes the headers are changed, too. */
	if (!below(30))
		genl->reserved = below(65536);
	if (!below(30))
		genl->version = below(256);
	if (!below(30))
		header->nlmsg_flags |= below(256) << 8 | below(16) << 4;
	if (!below(30)) {
		message->size = NLMSG_HDRLEN + below(message->size - NLMSG_HDRLEN + 1);
		message_end(message);
	}
	if (!below(50))
		header->nlmsg_len += 1 + below(5000);
	if (!below(100))
		header->nlmsg_len = below(NLMSG_HDRLEN);
}

#endif
