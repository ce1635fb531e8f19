// SPDX-License-Identifier: GPL-2.0
/* Requests to the module: ports are added, deleted, and their counts are read. */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "genl.h"

#include "count.h"

static char buffer[65536] __attribute__((aligned(NLMSG_ALIGNTO)));

const void *attr_find(const void *at, int size, int type, int *length)
{
	const struct rtattr *attr;

	for (attr = at; RTA_OK(attr, size); attr = RTA_NEXT(attr, size)) {
		if ((attr->rta_type & NLA_TYPE_MASK) == type) {
			if (length)
				*length = RTA_PAYLOAD(attr);
			return RTA_DATA(attr);
		}
	}
	return NULL;
}

static uint64_t attr_u64(const void *at, int size, int type)
{
	const void *data = attr_find(at, size, type, NULL);
	uint64_t value = 0;

	if (data)
		memcpy(&value, data, sizeof(value));
	return value;
}

/* Send a command with an interface's name; return 0, or an errno and the module's message. */
int l2pc_request(int fd, int command, const char *ifname, char reason[256])
{
	struct {
		struct nlmsghdr nlh;
		struct genlmsghdr genl;
		struct nlattr name;
		char text[NLA_ALIGN(IFNAMSIZ)];
	} request = {
		.nlh = {
			.nlmsg_type = family,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		},
		.genl = { .cmd = command, .version = L2PC_FAMILY_VERSION },
		.name = { .nla_type = L2PC_A_PORT_IFNAME },
	};
	const struct nlmsghdr *nlh = (const void *)buffer;
	const struct nlmsgerr *answer;
	const char *words;
	int skip;

	request.name.nla_len = NLA_HDRLEN + strlen(ifname) + 1;
	request.nlh.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN + NLA_ALIGN(request.name.nla_len));
	snprintf(request.text, sizeof(request.text), "%s", ifname);
	if (send(fd, &request, request.nlh.nlmsg_len, 0) < 0 || recv(fd, buffer, sizeof(buffer), 0) < 0)
		die("request");
	if (nlh->nlmsg_type != NLMSG_ERROR) {
		errno = EPROTO;
		die("request");
	}
	answer = NLMSG_DATA(nlh);
	skip = NLMSG_LENGTH(sizeof(*answer));
	if (answer->error && !(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += answer->msg.nlmsg_len - NLMSG_HDRLEN;
	words = nlh->nlmsg_flags & NLM_F_ACK_TLVS ?
		attr_find(buffer + skip, nlh->nlmsg_len - skip, NLMSGERR_ATTR_MSG, NULL) : NULL;
	snprintf(reason, 256, "%s", words ? words : strerror(-answer->error));
	return -answer->error;
}

/*
 * Add up the counts of a namespace's ports; with @idle, collect the names of the ports
 * without a device, and return their number.
 */
int l2pc_sum(struct ns *ns, char (*idle)[IFNAMSIZ], uint64_t *idle_counted)
{
	uint64_t sums[2] = { 0 };
	int idle_count = 0;

	if (genl_dump(ns->l2pc_fd, family, L2PC_CMD_PORT_GET))
		die("dump");
	for (;;) {
		int size = recv(ns->l2pc_fd, buffer, sizeof(buffer), 0);
		const struct nlmsghdr *nlh;

		if (size < 0)
			die("dump");
		for (nlh = (const void *)buffer; NLMSG_OK(nlh, size); nlh = NLMSG_NEXT(nlh, size)) {
			const char *at = (const char *)nlh + NLMSG_HDRLEN + GENL_HDRLEN;
			int length = nlh->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN, totals_length = 0;
			const void *totals;
			const uint32_t *ifindex;
			const char *name;
			uint64_t packets, skipped;

			if (nlh->nlmsg_type == NLMSG_DONE || nlh->nlmsg_type == NLMSG_ERROR) {
				ns->now[0] = sums[0];
				ns->now[1] = sums[1];
				return idle_count;
			}
			totals = attr_find(at, length, L2PC_A_PORT_LIFETIME, &totals_length);
			packets = attr_u64(totals, totals_length, L2PC_A_TOTALS_PACKETS);
			skipped = attr_u64(totals, totals_length, L2PC_A_TOTALS_SKIPPED_MULTICAST) +
				attr_u64(totals, totals_length, L2PC_A_TOTALS_SKIPPED_BROADCAST) +
				attr_u64(totals, totals_length, L2PC_A_TOTALS_SKIPPED_INVALID);
			sums[0] += packets;
			sums[1] += skipped;
			ifindex = attr_find(at, length, L2PC_A_PORT_IFINDEX, NULL);
			name = attr_find(at, length, L2PC_A_PORT_IFNAME, NULL);
			if (idle && name && (!ifindex || !*ifindex)) {
				snprintf(idle[idle_count++], IFNAMSIZ, "%s", name);
				idle_counted[0] += packets;
				idle_counted[1] += skipped;
			}
		}
	}
}

/* Delete the ports without a device: a namespace has a limit of ports. */
void l2pc_prune(struct ns *ns)
{
	static char idle[NAMES_MAX][IFNAMSIZ];
	char reason[256];
	int count = l2pc_sum(ns, idle, ns->deleted), i;

	for (i = 0; i < count; i++)
		l2pc_request(ns->l2pc_fd, L2PC_CMD_PORT_DEL, idle[i], reason);
}
