// SPDX-License-Identifier: GPL-2.0
/*
 * Devices: which can be counted, and what to count instead of the others.
 * Copyright (C) the l2packet_counter authors
 *
 * Context of all functions: process, RTNL held.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/string.h>
#include <net/dsa.h>
#include <net/rtnetlink.h>

#include "device.h"
#include "refuse.h"

/* Reasons not to count a device. */
enum refusal {
	REFUSAL_NONE,
	REFUSAL_LOOPBACK,
	REFUSAL_TYPE,
	REFUSAL_HEADER,
	REFUSAL_VRF,
	REFUSAL_IFB,
	REFUSAL_SWITCH_TAG,
};

/*
 * Get the name of the DSA tagger of a conduit, the device through which a switch is
 * attached; an empty name for any other device.
 */
static const char *device_tagger(const struct net_device *dev)
{
#if IS_ENABLED(CONFIG_NET_DSA)
	if (netdev_uses_dsa(dev))
		return dev->dsa_ptr->tag_ops->name;
#endif
	return "";
}

/*
 * Check whether a switch's tag is in front of the addresses. Then the Ethernet header
 * that eth_type_trans() finds is a mix of tag and address. Listed are the taggers of
 * net/dsa/tag_*.c that read their tag at the MAC header when they receive.
 */
static bool tagger_hides_addresses(const char *tagger)
{
	static const char * const hiding[] = {
		"ar9331", "brcm-prepend", "gswip", "ocelot", "seville",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hiding); i++)
		if (!strcmp(tagger, hiding[i]))
			return true;
	return false;
}

static bool device_is_kind(const struct net_device *dev, const char *kind)
{
	return dev->rtnl_link_ops && !strcmp(dev->rtnl_link_ops->kind, kind);
}

static enum refusal device_refusal(const struct net_device *dev)
{
	if (dev->flags & IFF_LOOPBACK)
		return REFUSAL_LOOPBACK;
	if (dev->type != ARPHRD_ETHER || dev->addr_len != ETH_ALEN)
		return REFUSAL_TYPE;
	/* TUNSETLINK sets a tun's type to Ethernet. */
	if (dev->hard_header_len < ETH_HLEN)
		return REFUSAL_HEADER;
	if (netif_is_l3_master(dev))
		return REFUSAL_VRF;
	if (device_is_kind(dev, "ifb"))
		return REFUSAL_IFB;
	if (tagger_hides_addresses(device_tagger(dev)))
		return REFUSAL_SWITCH_TAG;
	return REFUSAL_NONE;
}

/* List the names of a switch's ports, separated by spaces. */
static void user_ports_list(const struct net_device *conduit, char *names, size_t size)
{
	struct net_device *dev;
	size_t len = 0;

	names[0] = '\0';
	for_each_netdev(dev_net(conduit), dev)
		if (dev->dev.type && dev->dev.type->name &&
		    !strcmp(dev->dev.type->name, "dsa") &&
		    dev_get_iflink(dev) == conduit->ifindex)
			len += scnprintf(names + len, size - len, "%s%s",
					 len ? " " : "", dev->name);
}

/**
 * l2pc_device_check() - check whether a device can be counted
 * @dev: the device
 *
 * Context: process, RTNL held.
 * Return: 0, or -EINVAL, which l2pc_device_refuse() explains.
 */
int l2pc_device_check(const struct net_device *dev)
{
	ASSERT_RTNL();
	return device_refusal(dev) ? -EINVAL : 0;
}

/**
 * l2pc_device_refuse() - report why a device cannot be counted
 * @dev: a device that l2pc_device_check() refuses
 * @extack: gets the report, or NULL: the kernel log does
 *
 * Context: process, RTNL held.
 */
void l2pc_device_refuse(const struct net_device *dev, struct netlink_ext_ack *extack)
{
	char ports[128];

	switch (device_refusal(dev)) {
	case REFUSAL_NONE:
		break;
	case REFUSAL_LOOPBACK:
		l2pc_refuse(extack, "a loopback device has no stations (name an Ethernet interface)",
			    "interface %s: a loopback device has no stations (name an Ethernet interface)\n",
			    dev->name);
		break;
	case REFUSAL_TYPE:
		l2pc_refuse(extack, "not an Ethernet device",
			    "interface %s: not an Ethernet device (its ARPHRD type is %u, Ethernet is %u)\n",
			    dev->name, dev->type, ARPHRD_ETHER);
		break;
	case REFUSAL_HEADER:
		l2pc_refuse(extack, "not an Ethernet device, its frames have no header",
			    "interface %s: not an Ethernet device, its frames have no header\n",
			    dev->name);
		break;
	case REFUSAL_VRF:
		l2pc_refuse(extack, "a VRF device sees what its ports have received; count its ports",
			    "interface %s: a VRF device sees what its ports have received; count its ports\n",
			    dev->name);
		break;
	case REFUSAL_IFB:
		l2pc_refuse(extack, "an ifb device gets frames that were counted where they came in; count that interface",
			    "interface %s: an ifb device gets frames that were counted where they came in; count that interface\n",
			    dev->name);
		break;
	case REFUSAL_SWITCH_TAG:
		user_ports_list(dev, ports, sizeof(ports));
		l2pc_refuse(extack, "its switch tag stands before the addresses; count the switch's ports",
			    "interface %s: its switch tag (%s) stands before the addresses; count the switch's ports: %s\n",
			    dev->name, device_tagger(dev), ports);
		break;
	}
}

/**
 * l2pc_device_note() - log what may be unexpected when a device is counted
 * @dev: a device that l2pc_device_check() accepts
 *
 * Context: process, RTNL held.
 */
void l2pc_device_note(const struct net_device *dev)
{
	const char *tagger = device_tagger(dev);
	char ports[128];

	if (!*tagger)
		return;
	user_ports_list(dev, ports, sizeof(ports));
	pr_info("interface %s: frames have the tags of a switch, %s (its ports can be counted, too: %s)\n",
		dev->name, tagger, ports);
}

static int device_adds_fcs(struct net_device *dev, struct netdev_nested_priv *priv)
{
	return !!(dev->features & NETIF_F_RXFCS);
}

/**
 * l2pc_device_has_fcs() - check whether frames may arrive with their FCS
 * @dev: the device
 *
 * True for a device with `rx-fcs on`, and for VLAN devices, macvlans, bonds and
 * others above it: the four bytes stay in the frame.
 *
 * Context: process, RTNL held.
 * Return: true when the FCS must be subtracted.
 */
bool l2pc_device_has_fcs(struct net_device *dev)
{
	struct netdev_nested_priv priv = {};

	ASSERT_RTNL();
	return device_adds_fcs(dev, &priv) ||
	       netdev_walk_all_lower_dev(dev, device_adds_fcs, &priv);
}
