// SPDX-License-Identifier: GPL-2.0
/*
 * Interfaces, as the kernel's own netlink families show them.
 * Copyright (C) the l2packet_counter authors
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <linux/if_link.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/rtnetlink.h>

#include "source/devices.h"
#include "source/netlink.h"
#include "util/index.h"

/* NFTA_DEVICE_PREFIX of newer headers */
#define DEVICE_PREFIX	2

static struct {
	struct device *device;
	size_t count, room;
	struct index names;
} devices;

/* Interfaces of flowtables that have flags offload. */
static struct {
	struct offload {
		char device[L2PC_NAME_MAX + 1];
		bool is_prefix;			/* @device is the beginning of names */
		char flowtable[128];		/* "f of table inet fw" */
	} *offload;
	size_t count, room;
} offloads;

/* A text, with or without its final 0; cut where there is no room, empty where it is missing. */
static void get_text(const struct nlattr *attr, char *text, size_t size)
{
	snprintf(text, size, "%.*s", attr ? (int)mnl_attr_get_payload_len(attr) : 0,
		 attr ? (const char *)mnl_attr_get_payload(attr) : "");
}

static uint32_t get_u32(const struct nlattr *attr)
{
	return attr && mnl_attr_get_payload_len(attr) == sizeof(uint32_t) ?
	       mnl_attr_get_u32(attr) : 0;
}

/* A VLAN or a switch's port has the permanent address of the device below it. */
static void get_identity(const struct nlmsghdr *nlh, uint8_t identity[6])
{
	const struct ifinfomsg *header = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *address = nl_find(nlh, sizeof(*header), IFLA_PERM_ADDRESS);
	uint32_t below = get_u32(nl_find(nlh, sizeof(*header), IFLA_LINK));

	if (address && mnl_attr_get_payload_len(address) == 6 &&
	    (!below || below == (uint32_t)header->ifi_index))
		memcpy(identity, mnl_attr_get_payload(address), 6);
}

/*
 * The id of an XDP program's mode is there when several programs are attached and, from
 * 4.19 on, when one is. IFLA_XDP_PROG_ID has no mode but the one in IFLA_XDP_ATTACHED.
 */
static void on_link(const struct nlmsghdr *nlh, void *data)
{
	static const uint16_t modes[XDP_MODES] = {
		[XDP_NATIVE] = IFLA_XDP_DRV_PROG_ID,
		[XDP_GENERIC] = IFLA_XDP_SKB_PROG_ID,
		[XDP_OFFLOADED] = IFLA_XDP_HW_PROG_ID,
	};
	const size_t header = sizeof(struct ifinfomsg);
	const struct nlattr *info, *xdp;
	struct device *device;

	(void)data;
	if (nlh->nlmsg_type != RTM_NEWLINK)
		return;
	device = list_add(&devices, device);
	get_text(nl_find(nlh, header, IFLA_IFNAME), device->name, sizeof(device->name));
	info = nl_find(nlh, header, IFLA_LINKINFO);
	get_text(nl_find_nested(info, IFLA_INFO_KIND), device->kind, sizeof(device->kind));
	xdp = nl_find(nlh, header, IFLA_XDP);
	for (int i = 0; i < XDP_MODES; i++)
		device->xdp[i] = get_u32(nl_find_nested(xdp, modes[i]));
	get_identity(nlh, device->identity);
	if (device->name[0])
		index_add(&devices.names, index_text(device->name), devices.count - 1);
	else
		devices.count--;
}

static struct device *find_device(const char *name)
{
	uint32_t at = index_first(&devices.names, index_text(name));

	while (at && strcmp(devices.device[index_element(&devices.names, at)].name, name))
		at = index_next(&devices.names, at);
	return at ? &devices.device[index_element(&devices.names, at)] : NULL;
}

static void reset_links(void *data)
{
	(void)data;
	devices.count = 0;
	index_clear(&devices.names);
}

/* A list of the bits that are set, each with its name. */
static bool bitset_has(const struct nlattr *bitset, const char *name)
{
	const struct nlattr *bits = nl_find_nested(bitset, ETHTOOL_A_BITSET_BITS), *bit;
	char text[32];

	if (!bits)
		return false;
	mnl_attr_for_each_nested(bit, bits) {
		get_text(nl_find_nested(bit, ETHTOOL_A_BITSET_BIT_NAME), text, sizeof(text));
		if (!strcmp(text, name))
			return true;
	}
	return false;
}

static void on_features(const struct nlmsghdr *nlh, void *data)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *header = nl_find(nlh, sizeof(*genl), ETHTOOL_A_FEATURES_HEADER);
	const struct nlattr *active = nl_find(nlh, sizeof(*genl), ETHTOOL_A_FEATURES_ACTIVE);
	char name[L2PC_NAME_MAX + 1];
	struct device *device;

	(void)data;
	if (genl->cmd != ETHTOOL_MSG_FEATURES_GET_REPLY)
		return;
	get_text(nl_find_nested(header, ETHTOOL_A_HEADER_DEV_NAME), name, sizeof(name));
	device = find_device(name);
	if (device)
		device->lro = bitset_has(active, "rx-lro");
}

static void reset_features(void *data)
{
	(void)data;
	for (size_t i = 0; i < devices.count; i++)
		devices.device[i].lro = false;
}

static const char *family_name(uint8_t family)
{
	switch (family) {
	case NFPROTO_INET:
		return "inet";
	case NFPROTO_IPV4:
		return "ip";
	case NFPROTO_IPV6:
		return "ip6";
	default:
		return "?";
	}
}

static void on_flowtable(const struct nlmsghdr *nlh, void *data)
{
	const struct nfgenmsg *family = mnl_nlmsg_get_payload(nlh);
	const size_t header = sizeof(*family);
	const struct nlattr *attr, *list;
	char name[48], table[48];

	(void)data;
	if (nlh->nlmsg_type != (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWFLOWTABLE) ||
	    !(ntohl(get_u32(nl_find(nlh, header, NFTA_FLOWTABLE_FLAGS))) &
	      NFT_FLOWTABLE_HW_OFFLOAD))
		return;
	get_text(nl_find(nlh, header, NFTA_FLOWTABLE_NAME), name, sizeof(name));
	get_text(nl_find(nlh, header, NFTA_FLOWTABLE_TABLE), table, sizeof(table));
	list = nl_find_nested(nl_find(nlh, header, NFTA_FLOWTABLE_HOOK), NFTA_FLOWTABLE_HOOK_DEVS);
	if (!list)
		return;
	mnl_attr_for_each_nested(attr, list) {
		uint16_t type = mnl_attr_get_type(attr);
		struct offload *offload;

		if (type != NFTA_DEVICE_NAME && type != DEVICE_PREFIX)
			continue;
		offload = list_add(&offloads, offload);
		get_text(attr, offload->device, sizeof(offload->device));
		offload->is_prefix = type == DEVICE_PREFIX;
		snprintf(offload->flowtable, sizeof(offload->flowtable), "%s of table %s %s", name,
			 family_name(family->nfgen_family), table);
	}
}

static void reset_flowtables(void *data)
{
	(void)data;
	offloads.count = 0;
}

static int compare_identities(const void *a, const void *b)
{
	const struct device *const *x = a, *const *y = b;

	return memcmp((*x)->identity, (*y)->identity, 6);
}

/* What several devices have identifies none of them. */
static void clear_shared_identities(void)
{
	struct device **sorted = calloc(devices.count + 1, sizeof(struct device *));
	size_t end;

	if (!sorted)
		out_of_memory();
	for (size_t i = 0; i < devices.count; i++)
		sorted[i] = &devices.device[i];
	qsort(sorted, devices.count, sizeof(struct device *), compare_identities);
	for (size_t i = 0; i < devices.count; i = end) {
		for (end = i + 1; end < devices.count; end++)
			if (compare_identities(&sorted[i], &sorted[end]))
				break;
		for (size_t shared = i; shared < end && end - i > 1; shared++)
			memset(sorted[shared]->identity, 0, sizeof(sorted[shared]->identity));
	}
	free(sorted);
}

void devices_read_links(void)
{
	static const struct ifinfomsg links;

	reset_links(NULL);
	if (nl_dump_other(NETLINK_ROUTE, RTM_GETLINK, &links, sizeof(links), on_link, reset_links, NULL))
		reset_links(NULL);
	clear_shared_identities();
}

void devices_read(bool flowtables)
{
	static const struct nfgenmsg tables = {
		.nfgen_family = AF_UNSPEC, .version = NFNETLINK_V0,
	};

	devices_read_links();
	reset_flowtables(NULL);
	if (nl_dump_generic(ETHTOOL_GENL_NAME, ETHTOOL_MSG_FEATURES_GET, ETHTOOL_GENL_VERSION,
			    on_features, reset_features, NULL))
		reset_features(NULL);
	/* The kernel loads nf_tables for this where it is a module. */
	if (flowtables &&
	    nl_dump_other(NETLINK_NETFILTER, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETFLOWTABLE,
			  &tables, sizeof(tables), on_flowtable, reset_flowtables, NULL))
		reset_flowtables(NULL);
}

const struct device *devices_find(const char *name)
{
	return find_device(name);
}

const char *devices_flowtable(const char *name)
{
	for (size_t i = 0; i < offloads.count; i++) {
		const struct offload *offload = &offloads.offload[i];

		if (offload->is_prefix ? !strncmp(offload->device, name, strlen(offload->device)) :
					 !strcmp(offload->device, name))
			return offload->flowtable;
	}
	return NULL;
}
