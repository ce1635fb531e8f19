// SPDX-License-Identifier: GPL-2.0
/*
 * Filters at a device's clsact qdisc, by rtnetlink.
 * Copyright (C) the l2packet_counter authors
 *
 * A filter of ours has the name of its program and one of two handles: the second says that
 * the qdisc was made by l2pc run as well. So the next run knows what a killed one left.
 */
#include <errno.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <libmnl/libmnl.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include "shared.h"
#include "run/clsact.h"
#include "source/netlink.h"

#define HANDLE		0x4c32U		/* "L2" */
#define HANDLE_CREATED	0x4c33U
#define PRIORITY	1U

/* What is at a device. */
struct scan {
	int ifindex;
	uint32_t parent;
	uint32_t handle;	/* our filter's; 0: there is none */
	uint32_t id;		/* its program's */
	unsigned int others;	/* filters that are not ours */
	char kind[16];		/* the qdisc's */
};

static uint32_t parent_of(bool tx)
{
	return TC_H_MAKE(TC_H_CLSACT, tx ? TC_H_MIN_EGRESS : TC_H_MIN_INGRESS);
}

static void scan_reset(void *data)
{
	struct scan *scan = data;

	scan->handle = scan->id = scan->others = 0;
	scan->kind[0] = '\0';
}

static bool is_text(const struct nlattr *attr)
{
	return attr && mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0;
}

/* Check whether a filter is ours, by its name, and get its program's id. */
static bool filter_is_ours(const struct nlmsghdr *nlh, uint32_t handle, uint32_t *id)
{
	const struct nlattr *options = nl_find(nlh, sizeof(struct tcmsg), TCA_OPTIONS);
	const struct nlattr *name = nl_find_nested(options, TCA_BPF_NAME);
	const struct nlattr *number = nl_find_nested(options, TCA_BPF_ID);

	if (handle != HANDLE && handle != HANDLE_CREATED)
		return false;
	if (!is_text(name) || !number || mnl_attr_validate(number, MNL_TYPE_U32) < 0)
		return false;
	*id = mnl_attr_get_u32(number);
	/* libbpf adds the id to the program's name. */
	return !strncmp(mnl_attr_get_str(name), L2PC_BPF_HOOK_PREFIX, strlen(L2PC_BPF_HOOK_PREFIX));
}

static void on_filter(const struct nlmsghdr *nlh, void *data)
{
	const struct tcmsg *message = mnl_nlmsg_get_payload(nlh);
	struct scan *scan = data;
	uint32_t id;

	if (nlh->nlmsg_type != RTM_NEWTFILTER || mnl_nlmsg_get_payload_len(nlh) < sizeof(*message) ||
	    message->tcm_ifindex != scan->ifindex || !message->tcm_handle)
		return;
	if (filter_is_ours(nlh, message->tcm_handle, &id)) {
		scan->handle = message->tcm_handle;
		scan->id = id;
	} else {
		scan->others++;
	}
}

/* Find the filters of a direction. */
static int filters_scan(struct scan *scan, int ifindex, bool tx)
{
	const struct tcmsg header = { .tcm_family = AF_UNSPEC, .tcm_ifindex = ifindex,
				      .tcm_parent = parent_of(tx) };

	*scan = (struct scan){ .ifindex = ifindex, .parent = parent_of(tx) };
	return nl_dump_other(NETLINK_ROUTE, RTM_GETTFILTER, &header, sizeof(header), on_filter,
			     scan_reset, scan);
}

static void on_qdisc(const struct nlmsghdr *nlh, void *data)
{
	const struct tcmsg *message = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *kind;
	struct scan *scan = data;

	if (nlh->nlmsg_type != RTM_NEWQDISC || mnl_nlmsg_get_payload_len(nlh) < sizeof(*message) ||
	    message->tcm_ifindex != scan->ifindex || message->tcm_parent != TC_H_CLSACT)
		return;
	kind = nl_find(nlh, sizeof(*message), TCA_KIND);
	if (is_text(kind))
		strncpy(scan->kind, mnl_attr_get_str(kind), sizeof(scan->kind) - 1);
}

/* Find the qdisc. */
static int qdisc_scan(struct scan *scan, int ifindex)
{
	const struct tcmsg header = { .tcm_family = AF_UNSPEC, .tcm_ifindex = ifindex };

	*scan = (struct scan){ .ifindex = ifindex };
	return nl_dump_other(NETLINK_ROUTE, RTM_GETQDISC, &header, sizeof(header), on_qdisc,
			     scan_reset, scan);
}

static struct bpf_tc_hook hook_of(int ifindex, enum bpf_tc_attach_point where)
{
	return (struct bpf_tc_hook){ .sz = sizeof(struct bpf_tc_hook), .ifindex = ifindex,
				     .attach_point = where };
}

static int filter_remove(int ifindex, bool tx, uint32_t handle)
{
	struct bpf_tc_hook hook = hook_of(ifindex, tx ? BPF_TC_EGRESS : BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, options, .handle = handle, .priority = PRIORITY);

	return bpf_tc_detach(&hook, &options);
}

int clsact_open(struct clsact *clsact, int ifindex)
{
	struct bpf_tc_hook hook = hook_of(ifindex, BPF_TC_INGRESS | BPF_TC_EGRESS);
	struct scan scan;
	int error, tx;

	*clsact = (struct clsact){ .ifindex = ifindex, .here = true };
	error = qdisc_scan(&scan, ifindex);
	if (error)
		return error;
	if (!scan.kind[0]) {
		error = bpf_tc_hook_create(&hook);
		clsact->created = !error;
		return error;
	}
	/* All filters of the qdisc `ingress` see received frames. */
	if (strcmp(scan.kind, "clsact") != 0)
		return -EBUSY;
	for (tx = 0; tx < 2; tx++) {
		error = filters_scan(&scan, ifindex, tx);
		if (error)
			return error;
		if (!scan.handle)
			continue;
		clsact->created |= scan.handle == HANDLE_CREATED;
		filter_remove(ifindex, tx, scan.handle);
	}
	return 0;
}

int clsact_add(struct clsact *clsact, bool tx, int program_fd)
{
	struct bpf_tc_hook hook = hook_of(clsact->ifindex, tx ? BPF_TC_EGRESS : BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, options, .prog_fd = program_fd, .priority = PRIORITY,
		    .handle = clsact->created ? HANDLE_CREATED : HANDLE);
	int error = bpf_tc_attach(&hook, &options);

	clsact->ids[tx] = error ? 0 : options.prog_id;
	return error;
}

void clsact_del(struct clsact *clsact, bool tx)
{
	struct scan scan;

	if (!clsact->ids[tx])
		return;
	/* The device may be in another namespace, and another one may have its index. */
	if (!filters_scan(&scan, clsact->ifindex, tx) && scan.handle &&
	    scan.id == clsact->ids[tx])
		filter_remove(clsact->ifindex, tx, scan.handle);
	else
		clsact->here = false;
	clsact->ids[tx] = 0;
}

bool clsact_lost(const struct clsact *clsact, bool tx)
{
	struct scan scan;

	return clsact->ids[tx] && !filters_scan(&scan, clsact->ifindex, tx) &&
	       scan.id != clsact->ids[tx];
}

void clsact_close(struct clsact *clsact)
{
	struct bpf_tc_hook hook = hook_of(clsact->ifindex, BPF_TC_INGRESS | BPF_TC_EGRESS);
	struct scan received, sent;

	if (clsact->created && clsact->here && !filters_scan(&received, clsact->ifindex, false) &&
	    !filters_scan(&sent, clsact->ifindex, true) && !received.others && !sent.others)
		bpf_tc_hook_destroy(&hook);
	clsact->created = false;
}

const char *clsact_refusal(int error)
{
	switch (error) {
	case -EBUSY:
		return "has the qdisc ingress (sudo tc qdisc del dev DEV ingress removes it, "
		       "with its filters)";
	case -ENOENT:
		return "needs the qdisc clsact and the classifier bpf (CONFIG_NET_SCH_INGRESS, "
		       "CONFIG_NET_CLS_BPF)";
	case -EINVAL:
	case -EEXIST:
		return "cannot be first at clsact (tc filter show dev DEV ingress: is priority 1 "
		       "in use?)";
	case -EOPNOTSUPP:
		return "shares its filter block with other devices, which cannot be told apart";
	default:
		return NULL;
	}
}
