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

/**
 * struct nl - a connection to the module
 * @socket: libmnl's
 * @family: id of the family l2pc, another one each time the module is loaded
 * @events: id of its multicast group, 0 when the module has none
 * @seq: number of the last request
 * @message: what the kernel said about the last request that failed, or empty
 * @out: the request being made
 */
struct nl {
	struct mnl_socket *socket;
	uint16_t family;
	uint32_t events;
	uint32_t seq;
	char message[256];
	char out[MNL_NLMSG_HDRLEN + 512];
};

/** typedef nl_on_message - takes one message of an answer; @data is the caller's */
typedef void (*nl_on_message)(const struct nlmsghdr *nlh, void *data);

/** typedef nl_reset - forgets what was taken: the dump begins anew */
typedef void (*nl_reset)(void *data);

/**
 * nl_open() - connect, and find the family
 * @nl: to be filled
 *
 * Return: 0, -ENOENT when there is no such family (the module is not loaded),
 * or another negative errno; then nl_close() need not be called.
 */
int nl_open(struct nl *nl);

/**
 * nl_close() - disconnect
 * @nl: the connection
 */
void nl_close(struct nl *nl);

/**
 * nl_request() - begin a request of the family l2pc
 * @nl: the connection, which has room for one
 * @cmd: L2PC_CMD_x
 * @ifname: put as attribute @attr when it is not NULL
 * @attr: L2PC_A_x_IFNAME of the request's attributes
 *
 * Return: the message, for more attributes.
 */
struct nlmsghdr *nl_request(struct nl *nl, uint8_t cmd, const char *ifname, uint16_t attr);

/**
 * nl_do() - send a request, wait until it is acknowledged
 * @nl: the connection
 * @nlh: the request
 * @on_message: called for the answer, may be NULL
 * @data: for @on_message
 *
 * Return: 0 or a negative errno
 */
int nl_do(struct nl *nl, struct nlmsghdr *nlh, nl_on_message on_message, void *data);

/**
 * nl_dump() - send a request for a dump, until one came uninterrupted
 * @nl: the connection
 * @nlh: the request
 * @on_message: called for each message
 * @reset: called before each new attempt
 * @data: for both
 *
 * Return: 0; -EINTR when ports came and went during all of the attempts, or
 * another negative errno
 */
int nl_dump(struct nl *nl, struct nlmsghdr *nlh, nl_on_message on_message, nl_reset reset,
	    void *data);

/**
 * nl_dump_other() - send a request for a dump to another part of the kernel
 * @bus: NETLINK_x
 * @type: of the request
 * @header: of the family, with attributes behind it
 * @size: bytes at @header
 * @on_message: called for each message
 * @reset: called before each new attempt
 * @data: for both
 *
 * Return: as nl_dump()
 */
int nl_dump_other(int bus, uint16_t type, const void *header, size_t size,
		  nl_on_message on_message, nl_reset reset, void *data);

/**
 * nl_dump_generic() - send a request for a dump to another family of generic netlink
 * @name: of the family
 * @cmd: of the request
 * @version: of the family
 * @on_message: called for each message
 * @reset: called before each new attempt
 * @data: for both
 *
 * Return: as nl_dump(); -ENOENT where the kernel has no such family
 */
int nl_dump_generic(const char *name, uint8_t cmd, uint8_t version, nl_on_message on_message,
		    nl_reset reset, void *data);

/**
 * nl_explain() - one line on stderr about what failed
 * @nl: the connection
 * @error: the negative errno
 * @verb: the verb
 * @ifname: the interface it was about, or NULL
 *
 * Return: the exit status (enum status)
 */
int nl_explain(const struct nl *nl, int error, const char *verb, const char *ifname);

/**
 * nl_receive() - wait for messages
 * @nl: the connection
 * @buffer: for them, of NL_BUFFER bytes
 *
 * Return: how many bytes, or a negative errno
 */
int nl_receive(struct nl *nl, char *buffer);

/**
 * nl_ok() - is there a whole message?
 * @nlh: where it begins
 * @left: bytes from there on
 *
 * mnl_nlmsg_ok() takes a size for a number with a sign: one of more than 2 GiB is
 * small for it, and it would go on behind the buffer.
 */
static inline bool nl_ok(const struct nlmsghdr *nlh, int left)
{
	return mnl_nlmsg_ok(nlh, left) && nlh->nlmsg_len <= (uint32_t)left;
}

/* More than a dump's largest message: the kernel goes up to 32 KiB. */
#define NL_BUFFER	(64 * 1024)

#endif /* L2PC_TOOL_NETLINK_H */
