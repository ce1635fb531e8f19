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
#include "source/model.h"
#include "source/netlink.h"

/* NFTA_DEVICE_PREFIX of newer headers */
#define DEVICE_PREFIX	2

/* A text, with or without its final 0; cut where there is no room. */
static void get_text(const struct nlattr *attr, char *text, size_t size)
{
	snprintf(text, size, "%.*s", (int)mnl_attr_get_payload_len(attr),
		 (const char *)mnl_attr_get_payload(attr));
}

static uint32_t get_u32(const struct nlattr *attr)
{
	return mnl_attr_get_payload_len(attr) == sizeof(uint32_t) ? mnl_attr_get_u32(attr) : 0;
}

/* --- links ------------------------------------------------------------------- */

static void parse_info(const struct nlattr *nest, struct device *device)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest)
		if (mnl_attr_get_type(attr) == IFLA_INFO_KIND)
			get_text(attr, device->kind, sizeof(device->kind));
}

/*
 * The id of a mode is there when several programs are attached and, from 4.19 on, when
 * one is. IFLA_XDP_PROG_ID has no mode but the one in IFLA_XDP_ATTACHED.
 */
static void parse_xdp(const struct nlattr *nest, struct device *device)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case IFLA_XDP_DRV_PROG_ID:
			device->xdp[XDP_NATIVE] = get_u32(attr);
			break;
		case IFLA_XDP_SKB_PROG_ID:
			device->xdp[XDP_GENERIC] = get_u32(attr);
			break;
		case IFLA_XDP_HW_PROG_ID:
			device->xdp[XDP_OFFLOADED] = get_u32(attr);
			break;
		}
	}
}

static void on_link(const struct nlmsghdr *nlh, void *data)
{
	struct devices *devices = data;
	struct device device = { 0 };
	const struct nlattr *attr;

	if (nlh->nlmsg_type != RTM_NEWLINK)
		return;
	mnl_attr_for_each(attr, nlh, sizeof(struct ifinfomsg)) {
		switch (mnl_attr_get_type(attr)) {
		case IFLA_IFNAME:
			get_text(attr, device.name, sizeof(device.name));
			break;
		case IFLA_LINKINFO:
			parse_info(attr, &device);
			break;
		case IFLA_XDP:
			parse_xdp(attr, &device);
			break;
		}
	}
	if (!device.name[0])
		return;
	devices->device = array_grow(devices->device, &devices->room, devices->count,
				     sizeof(*devices->device));
	devices->device[devices->count++] = device;
}

static void reset_links(void *data)
{
	struct devices *devices = data;

	devices->count = 0;
}

/* --- features ---------------------------------------------------------------- */

/* A list of the bits that are set, each with its name. */
static bool bitset_has(const struct nlattr *bitset, const char *name)
{
	const struct nlattr *bits, *bit, *attr;
	char text[32];

	mnl_attr_for_each_nested(bits, bitset) {
		if (mnl_attr_get_type(bits) != ETHTOOL_A_BITSET_BITS)
			continue;
		mnl_attr_for_each_nested(bit, bits) {
			mnl_attr_for_each_nested(attr, bit) {
				if (mnl_attr_get_type(attr) != ETHTOOL_A_BITSET_BIT_NAME)
					continue;
				get_text(attr, text, sizeof(text));
				if (!strcmp(text, name))
					return true;
			}
		}
	}
	return false;
}

static void on_features(const struct nlmsghdr *nlh, void *data)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	char name[L2PC_NAME_MAX + 1] = "";
	struct devices *devices = data;
	const struct nlattr *attr, *in;
	bool lro = false;

	if (genl->cmd != ETHTOOL_MSG_FEATURES_GET_REPLY)
		return;
	mnl_attr_for_each(attr, nlh, sizeof(*genl)) {
		if (mnl_attr_get_type(attr) == ETHTOOL_A_FEATURES_HEADER) {
			mnl_attr_for_each_nested(in, attr)
				if (mnl_attr_get_type(in) == ETHTOOL_A_HEADER_DEV_NAME)
					get_text(in, name, sizeof(name));
		} else if (mnl_attr_get_type(attr) == ETHTOOL_A_FEATURES_ACTIVE) {
			lro = bitset_has(attr, "rx-lro");
		}
	}
	for (size_t i = 0; i < devices->count; i++)
		if (!strcmp(devices->device[i].name, name))
			devices->device[i].lro = lro;
}

static void reset_features(void *data)
{
	struct devices *devices = data;

	for (size_t i = 0; i < devices->count; i++)
		devices->device[i].lro = false;
}

/* --- flowtables -------------------------------------------------------------- */

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

static void parse_hook(const struct nlattr *hook, struct devices *devices, const char *flowtable)
{
	const struct nlattr *list, *attr;

	mnl_attr_for_each_nested(list, hook) {
		if (mnl_attr_get_type(list) != NFTA_FLOWTABLE_HOOK_DEVS)
			continue;
		mnl_attr_for_each_nested(attr, list) {
			uint16_t type = mnl_attr_get_type(attr);
			struct offload *offload;

			if (type != NFTA_DEVICE_NAME && type != DEVICE_PREFIX)
				continue;
			devices->offload = array_grow(devices->offload, &devices->offload_room,
						      devices->offloads, sizeof(*offload));
			offload = &devices->offload[devices->offloads++];
			get_text(attr, offload->device, sizeof(offload->device));
			offload->is_prefix = type == DEVICE_PREFIX;
			snprintf(offload->flowtable, sizeof(offload->flowtable), "%s", flowtable);
		}
	}
}

static void on_flowtable(const struct nlmsghdr *nlh, void *data)
{
	const struct nfgenmsg *family = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr, *hook = NULL;
	char name[48] = "", table[48] = "", flowtable[128];
	uint32_t flags = 0;

	if (nlh->nlmsg_type != (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWFLOWTABLE))
		return;
	mnl_attr_for_each(attr, nlh, sizeof(*family)) {
		switch (mnl_attr_get_type(attr)) {
		case NFTA_FLOWTABLE_NAME:
			get_text(attr, name, sizeof(name));
			break;
		case NFTA_FLOWTABLE_TABLE:
			get_text(attr, table, sizeof(table));
			break;
		case NFTA_FLOWTABLE_HOOK:
			hook = attr;
			break;
		case NFTA_FLOWTABLE_FLAGS:
			flags = ntohl(get_u32(attr));
			break;
		}
	}
	if (!hook || !(flags & NFT_FLOWTABLE_HW_OFFLOAD))
		return;
	snprintf(flowtable, sizeof(flowtable), "%s of table %s %s", name,
		 family_name(family->nfgen_family), table);
	parse_hook(hook, data, flowtable);
}

static void reset_flowtables(void *data)
{
	struct devices *devices = data;

	devices->offloads = 0;
}

/* ----------------------------------------------------------------------------- */

void devices_read(struct devices *devices, bool flowtables)
{
	*devices = (struct devices){ 0 };
	if (nl_links(on_link, reset_links, devices))
		reset_links(devices);
	if (nl_features(on_features, reset_features, devices))
		reset_features(devices);
	if (flowtables && nl_flowtables(on_flowtable, reset_flowtables, devices))
		reset_flowtables(devices);
}

const struct device *devices_find(const struct devices *devices, const char *name)
{
	for (size_t i = 0; i < devices->count; i++)
		if (!strcmp(devices->device[i].name, name))
			return &devices->device[i];
	return NULL;
}

const char *devices_offload(const struct devices *devices, const char *name)
{
	for (size_t i = 0; i < devices->offloads; i++) {
		const struct offload *offload = &devices->offload[i];

		if (offload->is_prefix ? !strncmp(offload->device, name, strlen(offload->device)) :
					 !strcmp(offload->device, name))
			return offload->flowtable;
	}
	return NULL;
}

void devices_free(struct devices *devices)
{
	free(devices->device);
	free(devices->offload);
	*devices = (struct devices){ 0 };
}
