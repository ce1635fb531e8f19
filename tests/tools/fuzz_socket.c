// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer on all parsers of l2pc: the input in place of libmnl's sockets. Sequence
 * numbers are inserted, because the fuzzer would not guess them, and a request for the
 * family's number gets its reply.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "fuzz.h"
#include "source/netlink.h"

struct mnl_socket {
	uint32_t seq;
	bool asked_family;
};

bool family_in_input;

struct mnl_socket *mnl_socket_open2(int bus, int flags)
{
	(void)bus, (void)flags;
	return calloc(1, sizeof(struct mnl_socket));
}

int mnl_socket_bind(struct mnl_socket *s, unsigned int groups, pid_t pid)
{
	(void)s, (void)groups, (void)pid;
	return 0;
}

int mnl_socket_close(struct mnl_socket *s)
{
	free(s);
	return 0;
}

int mnl_socket_get_fd(const struct mnl_socket *s)
{
	(void)s;
	return -1;
}

int mnl_socket_setsockopt(const struct mnl_socket *s, int type, void *value, socklen_t size)
{
	(void)s, (void)type, (void)value, (void)size;
	return 0;
}

ssize_t mnl_socket_sendto(const struct mnl_socket *s, const void *request, size_t size)
{
	const struct nlmsghdr *nlh = request;
	struct mnl_socket *socket = (struct mnl_socket *)s;

	socket->seq = nlh->nlmsg_seq;
	socket->asked_family = nlh->nlmsg_type == GENL_ID_CTRL && !family_in_input;
	return (ssize_t)size;
}

/* Reply with the family's number, and an acknowledgement. */
static ssize_t tell_family(struct mnl_socket *s, void *buffer)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer), *end;

	nlh->nlmsg_type = GENL_ID_CTRL;
	nlh->nlmsg_seq = s->seq;
	((struct genlmsghdr *)mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr)))->cmd = CTRL_CMD_NEWFAMILY;
	mnl_attr_put_u16(nlh, CTRL_ATTR_FAMILY_ID, FAMILY);
	end = mnl_nlmsg_put_header((char *)buffer + nlh->nlmsg_len);
	end->nlmsg_type = NLMSG_ERROR;
	end->nlmsg_seq = s->seq;
	mnl_nlmsg_put_extra_header(end, sizeof(struct nlmsgerr));
	s->asked_family = false;
	return (ssize_t)(nlh->nlmsg_len + end->nlmsg_len);
}

/* Return a piece of the input, and after the last piece the end of a dump. */
ssize_t mnl_socket_recvfrom(const struct mnl_socket *s, void *buffer, size_t room)
{
	size_t size = left < 2 ? 0 : (size_t)(input[0] | input[1] << 8);
	struct nlmsghdr *nlh = buffer;
	int rest;

	if (s->asked_family)
		return tell_family((struct mnl_socket *)s, buffer);
	if (left < 2) {
		nlh = mnl_nlmsg_put_header(buffer);
		nlh->nlmsg_type = NLMSG_DONE;
		nlh->nlmsg_seq = s->seq;
		*(int *)mnl_nlmsg_put_extra_header(nlh, sizeof(int)) = 0;
		return nlh->nlmsg_len;
	}
	input += 2;
	left -= 2;
	size = size > left ? left : size;
	size = size > room ? room : size;
	if (size)
		memcpy(buffer, input, size);
	input += size;
	left -= size;
	for (rest = (int)size; nl_ok(nlh, rest); nlh = mnl_nlmsg_next(nlh, &rest))
		nlh->nlmsg_seq = s->seq;
	return (ssize_t)size;
}
