// SPDX-License-Identifier: GPL-2.0
/*
 * nlfuzz SEED ROUNDS [nobody|anyhow] [run]: sends valid and defective requests to the
 * family l2pc, or with run to the socket of l2pc run. judge(), which follows the
 * specification and not the module's code, decides in advance which requests must fail and
 * which must succeed. A model has the ports, patterns and settings that result. Only the
 * interfaces fuzz0 and fuzz1 are used. With nobody, nlfuzz runs without
 * privileges, and no change may succeed. With anyhow, other processes may use the same
 * ports, and any result is accepted.
 *
 * Sends every command with every attribute and every defect, then ROUNDS random
 * requests. Prints a line on the requests. Exits with status 0 when all replies were as
 * expected.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "genl.h"
#include "nlfuzz.h"
#include "nlfuzz_model.h"
#include "nlfuzz_socket.h"

static uint64_t state;
static uint16_t family;
static bool nobody, anyhow, run;
#define CLOSED	2	/* in place of a reply */

static unsigned long sent, refused, accepted, silent, abandoned;

uint32_t below(uint32_t bound)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return bound ? (state >> 11) % bound : 0;
}

static void die(const struct message *message, const char *what, int number)
{
	size_t i;

	printf("nlfuzz: %s (%d); the request, %zu bytes:\n", what, number,
	       message->size);
	for (i = 0; i < message->size && i < 512; i++)
		printf("%02x%s", message->bytes[i], i % 32 == 31 ? "\n" : " ");
	printf("\n");
	exit(1);
}

/* --- the expected result of a request --------------------------------------- */

/* Check all attributes against the policies of the specification. */
static bool attributes_ok(const struct message *message, struct request *request)
{
	const struct allowed *allowed = &commands[request->command].attributes[0];
	const unsigned char *at = message->bytes + NLMSG_HDRLEN + GENL_HDRLEN;
	const struct nlmsghdr *header = (const void *)message->bytes;
	long left = (long)header->nlmsg_len - (NLMSG_HDRLEN + GENL_HDRLEN);
	const struct nlattr *attribute;
	uint32_t value;
	size_t size;
	int i, type;

	for (; left >= NLA_HDRLEN; at += NLA_ALIGN(attribute->nla_len),
				   left -= NLA_ALIGN(attribute->nla_len)) {
		attribute = (const void *)at;
		if (attribute->nla_len < NLA_HDRLEN || attribute->nla_len > left)
			return false;
		type = attribute->nla_type & NLA_TYPE_MASK;
		for (i = 0; i < ATTRIBUTES_MAX && allowed[i].type != type; i++)
			;
		if (!type || i == ATTRIBUTES_MAX ||
		    attribute->nla_type & NLA_F_NESTED)
			return false;
		size = attribute->nla_len - NLA_HDRLEN;
		if (!allowed[i].size) {	/* a text: 1 to @most bytes, and a 0 */
			value = allowed[i].most;
			if (!memchr(at + NLA_HDRLEN, 0, size <= value ? size : value + 1))
				return false;
			if (size - !at[NLA_HDRLEN + size - 1] > value)
				return false;
			if (type == L2PC_A_PORT_PATTERN)
				request->glob = (const char *)at + NLA_HDRLEN;
			else
				request->name = (const char *)at + NLA_HDRLEN;
			continue;
		}
		value = 0;
		if (size != allowed[i].size)
			return false;
		memcpy(&value, at + NLA_HDRLEN, size);
		if (value < allowed[i].least || value > allowed[i].most)
			return false;
		request->value[type] = value;
		request->given |= 1U << type;
	}
	return left <= 0;
}

static enum verdict judge(const struct message *message, struct request *request)
{
	const struct nlmsghdr *header = (const void *)message->bytes;
	const struct genlmsghdr *genl = (const void *)(message->bytes + NLMSG_HDRLEN);
	uint16_t flags = header->nlmsg_flags & ~(NLM_F_REQUEST | NLM_F_ACK | NLM_F_ECHO);
	const struct command *command;
	const struct port *port;

	memset(request, 0, sizeof(*request));
	if (header->nlmsg_len > message->size || header->nlmsg_len < NLMSG_HDRLEN)
		return SILENT;
	if (header->nlmsg_len < NLMSG_HDRLEN + GENL_HDRLEN)
		return FAILS;
	request->dump = (flags & NLM_F_DUMP) == NLM_F_DUMP;
	request->command = genl->cmd;
	if (request->dump)
		flags &= ~NLM_F_DUMP;
	if (genl->cmd >= COMMANDS_MAX)
		return FAILS;
	command = &commands[genl->cmd];
	if (request->dump ? !command->dump : !command->single)
		return FAILS;
	if (command->privileged && nobody)
		return FAILS;
	/* Linux does not look at the attributes of an operation that takes none. */
	if (!command->attributes[0].type && header->nlmsg_len > NLMSG_HDRLEN + GENL_HDRLEN)
		return EITHER;
	if (!attributes_ok(message, request))
		return FAILS;

	port = request->name ? port_of(request->name) : NULL;
	switch (genl->cmd) {
	case L2PC_CMD_PORT_GET:
		if (request->dump ? !!request->name : !port || !port->there)
			return FAILS;
		break;
	case L2PC_CMD_PORT_ADD:
		if (!port || port->there)
			return FAILS;
		break;
	case L2PC_CMD_PORT_SET:
		if (!request->given)
			return FAILS;
		/* fall through */
	case L2PC_CMD_PORT_DEL:
		if (!port || !port->there)
			return FAILS;
		break;
	case L2PC_CMD_PATTERN_ADD:
		if (!request->glob || !glob_ok(request->glob) || pattern_of(request->glob) ||
		    patterns_count == PATTERNS_MAX)
			return FAILS;
		break;
	case L2PC_CMD_PATTERN_DEL:
		if (!request->glob || !pattern_of(request->glob))
			return FAILS;
		break;
	case L2PC_CMD_WINDOW_RESET:
		if (request->dump && request->name)
			return FAILS;
		/* fall through */
	default:
		if (request->name && (!port || !port->there))
			return FAILS;
	}
	/* l2pc run has no RX handler. */
	if (run && request->value[L2PC_A_PORT_HOOK_WANTED] == L2PC_HOOK_WANTED_RX_HANDLER)
		return FAILS;
	/* Not all kernels have the hook for sent frames. */
	if (request->value[L2PC_A_PORT_TX])
		return EITHER;
	/* Linux 6.1 and newer refuse unknown flags and reserved bits, older kernels ignore them. */
	return flags || genl->reserved ? EITHER : SUCCEEDS;
}

/* --- replies ---------------------------------------------------------------- */

/* Check that attributes are well-formed. */
static void attributes_check(const struct message *message, const unsigned char *at, long left)
{
	const struct nlattr *attribute;

	for (; left > 0; at += NLA_ALIGN(attribute->nla_len),
			 left -= NLA_ALIGN(attribute->nla_len)) {
		attribute = (const void *)at;
		if (left < NLA_HDRLEN || attribute->nla_len < NLA_HDRLEN ||
		    attribute->nla_len > left)
			die(message, "malformed attributes in the reply", (int)left);
		if (attribute->nla_type & NLA_F_NESTED)
			attributes_check(message, at + NLA_HDRLEN,
					 attribute->nla_len - NLA_HDRLEN);
	}
}

/* Check that well-formed attributes of a port or of a pattern equal the model. */
static void settings_check(const struct message *message, const char *at, const char *end,
			   bool is_port)
{
	const struct nlattr *name = genl_find(at, end, L2PC_A_PORT_IFNAME);
	const struct nlattr *glob = genl_find(at, end, L2PC_A_PORT_PATTERN);
	const struct port *port = name ? port_of((const char *)(name + 1)) : NULL;
	const struct pattern *pattern = NULL;
	const struct settings *settings;
	const struct nlattr *attribute;
	uint32_t value;
	int type;

	if (is_port && !port)
		return;
	if (!is_port)
		pattern = glob ? pattern_of((const char *)(glob + 1)) : NULL;
	if (is_port ? !port->there : !pattern)
		die(message, "a port or pattern that was not added", is_port);
	if (is_port && strcmp(port->pattern, glob ? (const char *)(glob + 1) : ""))
		die(message, "a port of another pattern", 0);
	settings = is_port ? &port->settings : &pattern->settings;
	for (type = 0; type < ATTRIBUTE_TYPES; type++) {
		attribute = genl_find(at, end, type);
		value = 0;
		if (attribute && attribute->nla_len - NLA_HDRLEN <= 4)
			memcpy(&value, attribute + 1, attribute->nla_len - NLA_HDRLEN);
		if (settings->known & 1U << type && (!attribute || value != settings->value[type]))
			die(message, "a setting differs from the request", type);
		if (pattern && type == L2PC_A_PORT_PORTS && value != pattern_ports(pattern->glob))
			die(message, "another number of ports of a pattern", value);
	}
}

/* The last request to l2pc run before its replies are read: they end with its own. */
#define FENCE	0xfefefefe

static void fence_send(int fd)
{
	const struct nlmsghdr fence = {
		.nlmsg_len = sizeof(fence),
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		.nlmsg_seq = FENCE,
	};

	/* Closed: the replies end with that. */
	send(fd, &fence, sizeof(fence), MSG_NOSIGNAL);
}

/*
 * Read the pending replies. Return 0 or -errno of the final one, 1 if there is no final one.
 * The kernel has replied when send() returns; l2pc run replies to the fence, or closes the
 * connection.
 */
static int read_replies(int fd, const struct message *message)
{
	static unsigned char buffer[1 << 16] __attribute__((aligned(8)));
	const struct nlmsghdr *sent_header = (const void *)message->bytes;
	const struct genlmsghdr *genl;
	unsigned int listed = 0;
	struct nlmsghdr *header;
	int result = 1;
	ssize_t n;

	if (run)
		fence_send(fd);
	while ((n = recv(fd, buffer, sizeof(buffer), run ? 0 : MSG_DONTWAIT)) > 0) {
		for (header = (void *)buffer; NLMSG_OK(header, n);
		     header = NLMSG_NEXT(header, n)) {
			if (run && header->nlmsg_seq == FENCE)
				goto out;
			if (header->nlmsg_seq != sent_header->nlmsg_seq)
				die(message, "a reply to another request",
				    header->nlmsg_seq);
			if (header->nlmsg_type == NLMSG_ERROR ||
			    header->nlmsg_type == NLMSG_DONE) {
				result = *(int *)NLMSG_DATA(header);
				continue;
			}
			genl = NLMSG_DATA(header);
			if (header->nlmsg_type != family || result != 1)
				die(message, "a reply of an unknown type",
				    header->nlmsg_type);
			attributes_check(message, (const void *)(genl + 1),
					 (long)header->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN);
			if (anyhow || (genl->cmd != L2PC_CMD_PORT_GET &&
				       genl->cmd != L2PC_CMD_PATTERN_GET))
				continue;
			settings_check(message, (const char *)(genl + 1),
				       (const char *)header + header->nlmsg_len,
				       genl->cmd == L2PC_CMD_PORT_GET);
			listed += genl->cmd == L2PC_CMD_PATTERN_GET;
		}
	}
out:
	genl = NLMSG_DATA(sent_header);
	if (!result && !anyhow && genl->cmd == L2PC_CMD_PATTERN_GET && listed != patterns_count)
		die(message, "another number of patterns", listed);
	if (run && (!n || (n < 0 && errno == ECONNRESET)))
		return CLOSED;
	if (n < 0 && (run || errno != EAGAIN))
		die(message, "recv", errno);
	return result;
}

static void request(int *fd, struct message *message)
{
	struct nlmsghdr *header = (void *)message->bytes;
	static uint32_t sequence;
	enum verdict verdict;
	struct request asked;
	int result;

	header->nlmsg_seq = ++sequence;
	verdict = judge(message, &asked);
	if (send(*fd, message->bytes, message->size, 0) != (ssize_t)message->size)
		die(message, "send", errno);
	sent++;
	if (asked.dump && !below(16)) {
		/* Close the socket during the dump: the family has to clean up. */
		abandoned++;
		close(*fd);
		*fd = fd_open(run);
		return;
	}
	result = read_replies(*fd, message);
	if (result == CLOSED) {
		/* The connection of a client whose request is longer than any. */
		if (message->size <= 4096)
			die(message, "the connection was closed", 0);
		close(*fd);
		*fd = fd_open(run);
		result = -EMSGSIZE;
	}
	/* l2pc run replies to whatever has a header. */
	if (run && verdict == SILENT)
		verdict = FAILS;
	if (!anyhow && (verdict == SILENT ? result != 1 : result == 1))
		die(message, "an unexpected or missing reply", result);
	if (!anyhow && verdict == FAILS && result == 0)
		die(message, "an invalid request succeeded", 0);
	if (!anyhow && verdict == SUCCEEDS && result)
		die(message, "a valid request failed", result);
	if (result == -ENOMEM || result == -EFAULT || result < -1000)
		die(message, "unexpected error", result);
	if (!result && !anyhow)
		follow(&asked);
	accepted += !result;
	refused += result < 0;
	silent += result == 1;
}

/* Send a request with a name or a pattern. */
static void request_text(int *fd, uint8_t command, uint16_t type, const char *text)
{
	struct message message;

	message_begin(&message, family, command, 0);
	message_put(&message, type, text, strlen(text) + 1);
	message_end(&message);
	request(fd, &message);
}

/* Add or delete the port or pattern, so that an otherwise valid request can succeed. */
static void prepare(int *fd, const struct message *message)
{
	const struct nlmsghdr *header = (const void *)message->bytes;
	struct request asked;
	struct port *port;
	bool there;

	if (nobody || anyhow || header->nlmsg_len < NLMSG_HDRLEN + GENL_HDRLEN)
		return;
	judge(message, &asked);
	port = asked.name ? port_of(asked.name) : NULL;
	if (port && port->there == (asked.command == L2PC_CMD_PORT_ADD))
		request_text(fd, port->there ? L2PC_CMD_PORT_DEL : L2PC_CMD_PORT_ADD,
			     L2PC_A_PORT_IFNAME, port->name);
	there = asked.glob && pattern_of(asked.glob);
	if (asked.glob && glob_ok(asked.glob) && there == (asked.command == L2PC_CMD_PATTERN_ADD))
		request_text(fd, there ? L2PC_CMD_PATTERN_DEL : L2PC_CMD_PATTERN_ADD,
			     L2PC_A_PORT_PATTERN, asked.glob);
}

/* Compare ports and patterns with the model, then delete them. */
static void finish(int *fd)
{
	struct message message;
	unsigned int i;

	message_begin(&message, family, L2PC_CMD_PATTERN_GET, NLM_F_DUMP);
	message_end(&message);
	request(fd, &message);
	for (i = 0; i < PORTS; i++)
		request_text(fd, L2PC_CMD_PORT_GET, L2PC_A_PORT_IFNAME, ports[i].name);
	if (nobody)
		return;
	for (i = 0; i < GLOBS; i++)
		request_text(fd, L2PC_CMD_PATTERN_DEL, L2PC_A_PORT_PATTERN, globs[i]);
	for (i = 0; i < PORTS; i++)
		request_text(fd, L2PC_CMD_PORT_DEL, L2PC_A_PORT_IFNAME, ports[i].name);
}

/* --- the program ------------------------------------------------------------ */

int main(int argc, char **argv)
{
	struct message message;
	unsigned long round, rounds, systematic;
	int fd, i;

	if (argc < 3) {
		fprintf(stderr, "usage: nlfuzz SEED ROUNDS [nobody|anyhow] [run]\n");
		return 2;
	}
	state = 0x9e3779b97f4a7c15ULL * (strtoul(argv[1], NULL, 0) + 1) | 1;
	rounds = strtoul(argv[2], NULL, 0);
	for (i = 3; i < argc; i++) {
		nobody |= !strcmp(argv[i], "nobody");
		anyhow |= !strcmp(argv[i], "anyhow");
		run |= !strcmp(argv[i], "run");
	}
	fd = fd_open(run);
	family = genl_family(fd);
	close(fd);
	if (!family) {
		fprintf(stderr, "nlfuzz: the family l2pc does not exist\n");
		return 2;
	}
	if (nobody && (setgid(65534) || setuid(65534))) {
		perror("nlfuzz: nobody");
		return 2;
	}
	fd = fd_open(run);
	for (round = 0; message_systematic(&message, family, round); round++) {
		prepare(&fd, &message);
		request(&fd, &message);
	}
	systematic = round;
	for (round = 0; round < rounds; round++) {
		message_random(&message, family);
		if (below(2))
			prepare(&fd, &message);
		request(&fd, &message);
	}
	finish(&fd);
	printf("nlfuzz: seed %s: %lu requests, %lu of them systematic: %lu accepted, %lu refused, %lu without a reply, %lu dumps abandoned\n",
	       argv[1], sent, systematic, accepted, refused, silent, abandoned);
	return 0;
}
