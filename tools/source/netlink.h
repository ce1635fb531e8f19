/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Talking to the module: generic netlink, over libmnl.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_NETLINK_H
#define L2PC_TOOL_NETLINK_H

#include <stdbool.h>
#include <stdint.h>

#include <libmnl/libmnl.h>

/* A connection to the module. */
struct nl {
	struct mnl_socket *socket;
	uint16_t family;	/* id of the family l2pc, a new one when the module is loaded */
	uint32_t events;	/* id of its multicast group, 0 when the module has none */
	uint32_t seq;		/* of the last request */
	char message[256];	/* the kernel's about its error, or empty */
	char out[MNL_NLMSG_HDRLEN + 512]; /* the request being made */
};

/** typedef nl_on_message - receives one message of an answer; @data is the caller's */
typedef void (*nl_on_message)(const struct nlmsghdr *nlh, void *data);

/** typedef nl_reset - discards what was received: the dump starts again */
typedef void (*nl_reset)(void *data);

/**
 * nl_open() - connect, and find the family
 *
 * Return: 0, -ENOENT when there is no such family (the module is not loaded),
 * or another negative errno; then nl_close() need not be called.
 */
int nl_open(struct nl *nl);

/** nl_close() - disconnect */
void nl_close(struct nl *nl);

/**
 * nl_request() - begin the only request of a connection to the family l2pc
 * @cmd: L2PC_CMD_x
 * @ifname: put as attribute @attr when it is not NULL
 * @attr: L2PC_A_x_IFNAME of the request's attributes
 *
 * Return: the message, for more attributes.
 */
struct nlmsghdr *nl_request(struct nl *nl, uint8_t cmd, const char *ifname, uint16_t attr);

/**
 * nl_do() - send a request, wait until it is acknowledged
 * @on_message: called for the answer, may be NULL
 * @data: for @on_message
 *
 * Return: 0 or a negative errno
 */
int nl_do(struct nl *nl, struct nlmsghdr *nlh, nl_on_message on_message, void *data);

/**
 * nl_dump() - send a request for a dump, until one came uninterrupted
 * @on_message: called for each message
 * @reset: called before each new attempt
 * @data: for both
 *
 * Return: 0; -EINTR when ports came and went during all of the attempts, or
 * another negative errno
 */
int nl_dump(struct nl *nl, struct nlmsghdr *nlh, nl_on_message on_message, nl_reset reset,
	    void *data);

/** nl_dump_other() - nl_dump() of another bus, NETLINK_x; @header is that of its family */
int nl_dump_other(int bus, uint16_t type, const void *header, size_t size,
		  nl_on_message on_message, nl_reset reset, void *data);

/** nl_dump_generic() - nl_dump() of another family of generic netlink; -ENOENT without it */
int nl_dump_generic(const char *name, uint8_t cmd, uint8_t version, nl_on_message on_message,
		    nl_reset reset, void *data);

/** nl_find() - find an attribute of a message, behind a header of @size bytes, or return NULL */
const struct nlattr *nl_find(const struct nlmsghdr *nlh, size_t size, uint16_t type);

/** nl_find_nested() - find an attribute in another one, or return NULL, as for @nest NULL */
const struct nlattr *nl_find_nested(const struct nlattr *nest, uint16_t type);

/**
 * nl_explain() - print an error
 * @error: the negative errno
 * @verb: the verb that failed
 * @ifname: the interface it was about, or NULL
 *
 * Return: the exit status (enum status)
 */
int nl_explain(const struct nl *nl, int error, const char *verb, const char *ifname);

/* More than a dump's largest message: the kernel goes up to 32 KiB. */
#define NL_BUFFER	(64 * 1024)

/** nl_receive() - wait for messages. Return: bytes in @buffer, or a negative errno */
int nl_receive(struct nl *nl, char buffer[NL_BUFFER]);

/**
 * nl_ok() - is there a whole message in the @left bytes?
 *
 * mnl_nlmsg_ok() takes a size for a number with a sign: one of more than 2 GiB is
 * small for it, and it would go on behind the buffer.
 */
static inline bool nl_ok(const struct nlmsghdr *nlh, int left)
{
	return mnl_nlmsg_ok(nlh, left) && nlh->nlmsg_len <= (uint32_t)left;
}

#endif /* L2PC_TOOL_NETLINK_H */
