// SPDX-License-Identifier: GPL-2.0
/*
 * The verb doctor: what is special about an interface, and keeps frames from its counts.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor/doctor.h"
#include "util/files.h"
#include "util/text.h"

/* A file or folder of an interface in sysfs. */
static const char *sysfs_path(const char *ifname, const char *name, char path[FILE_PATH])
{
	snprintf(path, FILE_PATH, "/sys/class/net/%.32s/%s", ifname, name);
	return path;
}

static bool sysfs_exists(const char *ifname, const char *name)
{
	char path[FILE_PATH];

	return file_exists(sysfs_path(ifname, name, path));
}

static bool sysfs_line(const char *ifname, const char *name, char *line, size_t size)
{
	char path[FILE_PATH];

	return file_line(sysfs_path(ifname, name, path), line, size);
}

/* DSA's user ports say so in their uevent; kernels before 6.0 have no link kind for them. */
static bool is_user_port(const char *ifname)
{
	char path[FILE_PATH], line[128];
	FILE *file = file_open(sysfs_path(ifname, "uevent", path));
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file))
		found = !strcmp(line, "DEVTYPE=dsa\n");
	if (file)
		fclose(file);
	return found;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* The user ports of a conduit, as "lan1 lan2". */
static void list_user_ports(const char *conduit, char *list, size_t room)
{
	char index[16], link[16], (*names)[L2PC_NAME_MAX + 1] = NULL;
	size_t count = 0, names_room = 0, size = 0;
	const struct dirent *d;
	DIR *directory;

	list[0] = 0;
	if (!sysfs_line(conduit, "ifindex", index, sizeof(index)))
		return;
	directory = file_directory("/sys/class/net");
	while (directory && (d = readdir(directory))) {
		if (d->d_name[0] == '.' || strlen(d->d_name) > L2PC_NAME_MAX ||
		    !sysfs_line(d->d_name, "iflink", link, sizeof(link)) || strcmp(link, index) ||
		    !is_user_port(d->d_name))
			continue;
		names = array_grow(names, &names_room, count, sizeof(*names));
		strcpy(names[count++], d->d_name);
	}
	if (directory)
		closedir(directory);
	if (count)
		qsort(names, count, sizeof(*names), compare_names);
	for (size_t i = 0; i < count && size < room; i++)
		size += (size_t)snprintf(list + size, room - size, "%s%s", i ? " " : "", names[i]);
	free(names);
}

/* Taggers that put their tag in front of the addresses, as the module knows them. */
static bool is_before_addresses(const char *tagging)
{
	static const char *const names[] = { "brcm-prepend", "gswip", "ocelot", "seville", "ar9331" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(names[i], tagging))
			return true;
	return false;
}

/* Return: it is a conduit. */
static bool read_conduit(const char *ifname, char *tagging, size_t tagging_size, char *ports,
			 size_t ports_size)
{
	if (!sysfs_line(ifname, "dsa/tagging", tagging, tagging_size))
		return false;
	list_user_ports(ifname, ports, ports_size);
	return true;
}

const char *doctor_refused(const struct doctor *doctor, const char *ifname,
			   char text[FINDING_TEXT])
{
	const struct device *device = devices_find(&doctor->devices, ifname);
	const char *kind = device ? device->kind : "";
	char tagging[32], ports[256];

	if (!strcmp(kind, "vrf"))
		return "a VRF device sees what its ports have received; count its ports";
	if (!strcmp(kind, "ifb"))
		return "an ifb device gets frames that were counted where they came in; count that interface";
	if (read_conduit(ifname, tagging, sizeof(tagging), ports, sizeof(ports)) &&
	    is_before_addresses(tagging)) {
		snprintf(text, FINDING_TEXT,
			 "its switch tag (%s) stands before the addresses; count the switch's ports%s%s",
			 tagging, ports[0] ? ": " : "", ports);
		return text;
	}
	return NULL;
}

bool doctor_conduit(struct doctor *doctor, const char *ifname)
{
	char tagging[32], ports[256];

	if (!read_conduit(ifname, tagging, sizeof(tagging), ports, sizeof(ports)))
		return false;
	doctor_find(doctor, HEALTH_NOTE, ifname, NULL,
		    "is the conduit of a switch: its frames carry the switch's tags (%s), and those that the switch forwards itself do not come here; count the switch's ports%s%s",
		    tagging, ports[0] ? ": " : "", ports);
	return true;
}

static void check_xdp(struct doctor *doctor, const struct device *device)
{
	static const char *const modes[XDP_MODES] = {
		[XDP_NATIVE] = "native",
		[XDP_GENERIC] = "generic",
		[XDP_OFFLOADED] = "offloaded to the card",
	};
	char mend[FINDING_TEXT];

	for (int i = 0; i < XDP_MODES; i++) {
		if (!device->xdp[i])
			continue;
		snprintf(mend, sizeof(mend), "sudo bpftool prog show id %u", device->xdp[i]);
		doctor_find(doctor, HEALTH_NOTE, device->name, mend,
			    "XDP program %u (%s) comes before every counter of the kernel: what it drops, redirects or sends back is not counted",
			    device->xdp[i], modes[i]);
	}
}

static void check_lro(struct doctor *doctor, const struct device *device)
{
	char word[SHELL_SIZE], mend[FINDING_TEXT];

	if (!device->lro)
		return;
	snprintf(mend, sizeof(mend), "sudo ethtool -K %s lro off", text_shell(device->name, word));
	doctor_find(doctor, HEALTH_NOTE, device->name, mend,
		    "LRO is on: some cards hand up many segments as one frame, and do not say how many");
}

static void check_offload(struct doctor *doctor, const char *ifname)
{
	const char *flowtable = devices_offload(&doctor->devices, ifname);

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
	const struct device *device = devices_find(&doctor->devices, ifname);

	check_wireless(doctor, ifname);
	doctor_conduit(doctor, ifname);
	if (device) {
		check_xdp(doctor, device);
		check_lro(doctor, device);
	}
	check_offload(doctor, ifname);
}
