// SPDX-License-Identifier: GPL-2.0
/*
 * The verb doctor: what keeps frames from an interface's counts.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
#include <string.h>

#include "doctor/doctor.h"
#include "source/devices.h"

struct conduit {
	char tagging[32];
	char ports[256];	/* "lan1 lan2" */
};

/* Return: it is a conduit. */
static bool read_conduit(const struct doctor *doctor, const char *ifname, struct conduit *conduit)
{
	const struct interfaces *all = &doctor->interfaces;
	char index[16], line[32];

	conduit->ports[0] = 0;
	if (!sysfs_line(ifname, "dsa/tagging", conduit->tagging, sizeof(conduit->tagging)))
		return false;
	if (!sysfs_line(ifname, "ifindex", index, sizeof(index)))
		return true;
	for (size_t i = 0; i < all->count; i++)
		/* Kernels before 6.0 have no link kind for user ports. */
		if (sysfs_line(all->name[i], "iflink", line, sizeof(line)) && !strcmp(line, index) &&
		    sysfs_line(all->name[i], "uevent", line, sizeof(line)) &&
		    !strcmp(line, "DEVTYPE=dsa"))
			text_add(conduit->ports, sizeof(conduit->ports), " ", all->name[i]);
	return true;
}

/* Taggers that put their tag in front of the addresses, as the module knows them. */
static bool is_before_addresses(const char *tagging)
{
	static const char *const taggers[] = { "brcm-prepend", "gswip", "ocelot", "seville", "ar9331" };

	for (size_t i = 0; i < ARRAY_SIZE(taggers); i++)
		if (!strcmp(taggers[i], tagging))
			return true;
	return false;
}

const char *doctor_refused(const struct doctor *doctor, const char *ifname)
{
	const struct device *device = devices_find(ifname);
	const char *kind = device ? device->kind : "";
	static char text[FINDING_TEXT];
	struct conduit conduit;

	if (!strcmp(kind, "vrf"))
		return "a VRF device sees what its ports have received; count its ports";
	if (!strcmp(kind, "ifb"))
		return "an ifb device gets frames that were counted where they came in; count that interface";
	if (!read_conduit(doctor, ifname, &conduit) || !is_before_addresses(conduit.tagging))
		return NULL;
	snprintf(text, sizeof(text),
		 "its switch tag (%s) stands before the addresses; count the switch's ports%s%s",
		 conduit.tagging, conduit.ports[0] ? ": " : "", conduit.ports);
	return text;
}

bool doctor_conduit(struct doctor *doctor, const char *ifname)
{
	struct conduit conduit;

	if (!read_conduit(doctor, ifname, &conduit))
		return false;
	doctor_find(doctor, HEALTH_NOTE, ifname, NULL,
		    "is the conduit of a switch: its frames carry the switch's tags (%s), and those that the switch forwards itself do not come here; count the switch's ports%s%s",
		    conduit.tagging, conduit.ports[0] ? ": " : "", conduit.ports);
	return true;
}

static void check_xdp(struct doctor *doctor, const struct device *device)
{
	static const char *const modes[XDP_MODES] = {
		[XDP_NATIVE] = "native",
		[XDP_GENERIC] = "generic",
		[XDP_OFFLOADED] = "offloaded to the card",
	};

	for (int i = 0; i < XDP_MODES; i++)
		if (device->xdp[i])
			doctor_find(doctor, HEALTH_NOTE, device->name,
				    doctor_mend("sudo bpftool prog show id %u", device->xdp[i]),
				    "XDP program %u (%s) comes before every counter of the kernel: what it drops, redirects or sends back is not counted",
				    device->xdp[i], modes[i]);
}

static void check_offload(struct doctor *doctor, const char *ifname)
{
	const char *flowtable = devices_flowtable(ifname);

	if (flowtable)
		doctor_find(doctor, HEALTH_NOTE, ifname, "sudo nft list flowtables",
			    "flowtable %s has flags offload: connections that the card forwards itself pass no counter of the kernel",
			    flowtable);
}

static void check_wireless(struct doctor *doctor, const char *ifname)
{
	if (sysfs_exists(ifname, "phy80211") || sysfs_exists(ifname, "wireless"))
		doctor_find(doctor, HEALTH_NOTE, ifname, NULL,
			    "WiFi: as an access point, frames between two of its stations are forwarded inside mac80211 and reach no interface, unless hostapd has ap_isolate=1; 4-address clients have interfaces of their own");
}

void doctor_device(struct doctor *doctor, const char *ifname)
{
	const struct device *device = devices_find(ifname);

	check_wireless(doctor, ifname);
	doctor_conduit(doctor, ifname);
	if (device)
		check_xdp(doctor, device);
	if (device && device->lro)
		doctor_find(doctor, HEALTH_NOTE, ifname,
			    doctor_mend("sudo ethtool -K %s lro off", text_shell(ifname)),
			    "LRO is on: some cards hand up many segments as one frame, and do not say how many");
	check_offload(doctor, ifname);
}
