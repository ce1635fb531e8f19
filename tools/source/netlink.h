/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Netlink connections, over libmnl. Functions return 0 or a negative errno.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_NETLINK_H
#define L2PC_TOOL_NETLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libmnl/libmnl.h>

/* Room for messages. The kernel sends up to 32 KiB of a dump at once. */
#define NL_BUFFER	(64 * 1024)

/* A connection to the module, or to l2pc run. */
struct nl {
	struct mnl_socket *socket;	/* NULL: to l2pc run, or to nothing */
	int run;		/* the socket of l2pc run; 0: none */
	uint16_t family;	/* id of the family l2pc; it changes when the module is loaded */
	uint32_t events;	/* id of its multicast group, 0 without one */
	uint32_t seq;		/* of the last request */
	char message[256];	/* extended ack of the last request, or empty */
	char out[MNL_NLMSG_HDRLEN + 512];	/* the request */
};

/* Receives a message of an answer. */
typedef void (*nl_on_message)(const struct nlmsghdr *nlh, void *data);

/* Discards the messages that were received: the dump starts again. */
typedef void (*nl_reset)(void *data);

/*
 * nl_open() - connect, and find a family of generic netlink
 * @name: L2PC_FAMILY_NAME, or another one
 *
 * The family l2pc is the module's; without it that of l2pc run in this network namespace,
 * see engine.h.
 *
 * Return: -ENOENT when there is no such family: the module is not loaded. After an error
 * nl_close() need not be called.
 */
int nl_open(struct nl *nl, const char *name);

void nl_close(struct nl *nl);

/*
 * nl_request() - start a request of the family l2pc
 * @cmd: L2PC_CMD_x
 * @ifname: interface or pattern, put as attribute @attr unless it is NULL
 *
 * Return: the message, in @nl, for more attributes
 */
struct nlmsghdr *nl_request(struct nl *nl, uint8_t cmd, const char *ifname, uint16_t attr);

/* nl_do() - send a request and wait for its acknowledgment; @on_message may be NULL */
int nl_do(struct nl *nl, struct nlmsghdr *nlh, nl_on_message on_message, void *data);

/* nl_dump() - dump until an attempt is not interrupted. Return: -EINTR when all were */
int nl_dump(struct nl *nl, struct nlmsghdr *nlh, nl_on_message on_message, nl_reset reset,
	    void *data);

/*
 * nl_dump_once() - dump once, and keep what was received when the dump was interrupted
 *
 * For a dump that changes something.
 */
int nl_dump_once(struct nl *nl, struct nlmsghdr *nlh, nl_on_message on_message, void *data);

/* nl_dump_other() - nl_dump() of another bus, NETLINK_x; @header is that of its family */
int nl_dump_other(int bus, uint16_t type, const void *header, size_t size,
		  nl_on_message on_message, nl_reset reset, void *data);

/* nl_dump_generic() - nl_dump() of another family of generic netlink; -ENOENT without it */
int nl_dump_generic(const char *name, uint8_t cmd, uint8_t version, nl_on_message on_message,
		    nl_reset reset, void *data);

/* nl_find() - find an attribute of a message, behind a header of @size bytes, or NULL */
const struct nlattr *nl_find(const struct nlmsghdr *nlh, size_t size, uint16_t type);

/* nl_find_nested() - find an attribute in another one, or NULL; @nest may be NULL */
const struct nlattr *nl_find_nested(const struct nlattr *nest, uint16_t type);

/*
 * nl_explain() - print an error
 * @verb: verb that failed
 * @ifname: its interface, or NULL
 *
 * Return: the exit status
 */
int nl_explain(const struct nl *nl, int error, const char *verb, const char *ifname);

/* nl_fd() - what becomes readable when there is a message */
int nl_fd(const struct nl *nl);

/* nl_subscribe() - receive the events of the family, and its end */
int nl_subscribe(struct nl *nl);

/* nl_receive() - wait for messages. Return: bytes in @buffer, or a negative errno */
int nl_receive(struct nl *nl, char buffer[NL_BUFFER]);

/*
 * nl_ok() - check for a whole message in the @left bytes
 *
 * mnl_nlmsg_ok() compares a signed size: a message of more than 2 GiB would pass.
 */
static inline bool nl_ok(const struct nlmsghdr *nlh, int left)
{
	return mnl_nlmsg_ok(nlh, left) && nlh->nlmsg_len <= (uint32_t)left;
}

#endif /* L2PC_TOOL_NETLINK_H */
