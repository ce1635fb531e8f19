// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel for tests: interfaces, their features, and nftables' flowtables, as rtnetlink,
 * ethtool and nf_tables dump them.
 * Copyright (C) the l2packet_counter authors
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <linux/if_link.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/rtnetlink.h>

#include "fake.h"

static struct nlmsghdr *begin(char *buffer, const struct mnl_socket *s, uint16_t type)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_MULTI;
	nlh->nlmsg_seq = s->seq;
	return nlh;
}

/* As rtnl_xdp_fill(): the mode, its program, and the same once more by mode. */
static void put_xdp(struct nlmsghdr *nlh, const struct fake_link *link)
{
	const struct {
		uint32_t id;
		uint8_t mode;
		uint16_t attr;
	} programs[] = {
		{ link->generic, XDP_ATTACHED_SKB, IFLA_XDP_SKB_PROG_ID },
		{ link->native, XDP_ATTACHED_DRV, IFLA_XDP_DRV_PROG_ID },
		{ link->offloaded, XDP_ATTACHED_HW, IFLA_XDP_HW_PROG_ID },
	};
	struct nlattr *nest = mnl_attr_nest_start(nlh, IFLA_XDP);
	uint8_t mode = XDP_ATTACHED_NONE;
	uint32_t id = 0;

	for (size_t i = 0; i < 3; i++) {
		if (!programs[i].id)
			continue;
		mnl_attr_put_u32(nlh, programs[i].attr, programs[i].id);
		mode = mode ? XDP_ATTACHED_MULTI : programs[i].mode;
		id = programs[i].id;
	}
	mnl_attr_put_u8(nlh, IFLA_XDP_ATTACHED, mode);
	if (mode && mode != XDP_ATTACHED_MULTI)
		mnl_attr_put_u32(nlh, IFLA_XDP_PROG_ID, id);
	mnl_attr_nest_end(nlh, nest);
}

/* Number 52 has a list of number 53, since Linux 5.5. */
static void put_altnames(struct nlmsghdr *nlh, const struct fake_link *link)
{
	char names[sizeof(link->altnames)], *save, *word;
	struct nlattr *nest;

	strcpy(names, link->altnames);
	word = strtok_r(names, " ", &save);
	if (!word)
		return;
	nest = mnl_attr_nest_start(nlh, 52);
	for (; word; word = strtok_r(NULL, " ", &save))
		mnl_attr_put_strz(nlh, 53, word);
	mnl_attr_nest_end(nlh, nest);
}

static int put_link(struct mnl_socket *s, char *buffer, const struct fake_link *link)
{
	struct nlmsghdr *nlh = begin(buffer, s, RTM_NEWLINK);
	struct ifinfomsg *header = mnl_nlmsg_put_extra_header(nlh, sizeof(*header));
	static const uint8_t none[6];
	struct nlattr *nest;

	header->ifi_index = (int)link->index;
	mnl_attr_put_strz(nlh, IFLA_IFNAME, link->name);
	if (memcmp(link->permanent, none, 6))
		mnl_attr_put(nlh, IFLA_PERM_ADDRESS, 6, link->permanent);
	if (link->below)
		mnl_attr_put_u32(nlh, IFLA_LINK, link->below);
	put_xdp(nlh, link);
	put_altnames(nlh, link);
	if (link->kind[0]) {
		nest = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
		mnl_attr_put_str(nlh, IFLA_INFO_KIND, link->kind);
		mnl_attr_nest_end(nlh, nest);
	}
	return (int)nlh->nlmsg_len;
}

static void put_bits(struct nlmsghdr *nlh, uint16_t attr, const char *const *names, size_t count)
{
	struct nlattr *set = mnl_attr_nest_start(nlh, attr), *bits, *bit;

	mnl_attr_put(nlh, ETHTOOL_A_BITSET_NOMASK, 0, NULL);
	mnl_attr_put_u32(nlh, ETHTOOL_A_BITSET_SIZE, 64);
	bits = mnl_attr_nest_start(nlh, ETHTOOL_A_BITSET_BITS);
	for (uint32_t i = 0; i < count; i++) {
		bit = mnl_attr_nest_start(nlh, ETHTOOL_A_BITSET_BITS_BIT);
		mnl_attr_put_u32(nlh, ETHTOOL_A_BITSET_BIT_INDEX, i);
		mnl_attr_put_strz(nlh, ETHTOOL_A_BITSET_BIT_NAME, names[i]);
		mnl_attr_nest_end(nlh, bit);
	}
	mnl_attr_nest_end(nlh, bits);
	mnl_attr_nest_end(nlh, set);
}

/* Each interface could have LRO, and wants it: only those that have it are active. */
static int put_features(struct mnl_socket *s, char *buffer, const struct fake_link *link)
{
	static const char *const names[] = { "rx-gro", "rx-lro" };
	struct nlmsghdr *nlh = begin(buffer, s, ETHTOOL);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	struct nlattr *nest;

	genl->cmd = ETHTOOL_MSG_FEATURES_GET_REPLY;
	genl->version = ETHTOOL_GENL_VERSION;
	nest = mnl_attr_nest_start(nlh, ETHTOOL_A_FEATURES_HEADER);
	mnl_attr_put_u32(nlh, ETHTOOL_A_HEADER_DEV_INDEX, 1);
	mnl_attr_put_strz(nlh, ETHTOOL_A_HEADER_DEV_NAME, link->name);
	mnl_attr_nest_end(nlh, nest);
	put_bits(nlh, ETHTOOL_A_FEATURES_HW, names, 2);
	put_bits(nlh, ETHTOOL_A_FEATURES_WANTED, names, 2);
	put_bits(nlh, ETHTOOL_A_FEATURES_ACTIVE, names, link->lro ? 2 : 1);
	put_bits(nlh, ETHTOOL_A_FEATURES_NOCHANGE, names, 0);
	return (int)nlh->nlmsg_len;
}

static int put_flowtable(struct mnl_socket *s, char *buffer, const struct fake_flowtable *f)
{
	struct nlmsghdr *nlh = begin(buffer, s, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWFLOWTABLE);
	struct nfgenmsg *family = mnl_nlmsg_put_extra_header(nlh, sizeof(*family));
	char devices[sizeof(f->devices)], *save, *word;
	struct nlattr *hook, *list;

	family->nfgen_family = (uint8_t)f->family;
	mnl_attr_put_strz(nlh, NFTA_FLOWTABLE_TABLE, f->table);
	mnl_attr_put_strz(nlh, NFTA_FLOWTABLE_NAME, f->name);
	mnl_attr_put_u32(nlh, NFTA_FLOWTABLE_FLAGS, htonl(f->flags));
	hook = mnl_attr_nest_start(nlh, NFTA_FLOWTABLE_HOOK);
	mnl_attr_put_u32(nlh, NFTA_FLOWTABLE_HOOK_NUM, htonl(0));
	list = mnl_attr_nest_start(nlh, NFTA_FLOWTABLE_HOOK_DEVS);
	strcpy(devices, f->devices);
	for (word = strtok_r(devices, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		char *star = strchr(word, '*');

		if (star)
			*star = 0;
		/* NFTA_DEVICE_PREFIX has no final 0. */
		if (star)
			mnl_attr_put_str(nlh, NFTA_DEVICE_NAME + 1, word);
		else
			mnl_attr_put_strz(nlh, NFTA_DEVICE_NAME, word);
	}
	mnl_attr_nest_end(nlh, list);
	mnl_attr_nest_end(nlh, hook);
	return (int)nlh->nlmsg_len;
}

ssize_t fake_system(struct mnl_socket *s, char *buffer)
{
	size_t i = s->station++;

	switch (s->system) {
	case SYSTEM_LINKS:
		return i < world.link_count ? put_link(s, buffer, &world.links[i]) :
					      fake_done(s, buffer);
	case SYSTEM_FEATURES:
		return i < world.link_count ? put_features(s, buffer, &world.links[i]) :
					      fake_done(s, buffer);
	default:
		if (world.flowtables_denied)
			return fake_error(s, buffer, EPERM, NULL);
		return i < world.flowtable_count ?
		       put_flowtable(s, buffer, &world.flowtables[i]) : fake_done(s, buffer);
	}
}
